/**
 * Something that conditions may test, read from `From`: the facts of a decision, or one record of a list.
 * `age` fields read a moment (milliseconds since 1970) and are compared as the time that has passed since then.
 */
export type Field<From> =
  | { readonly type: 'number' | 'age'; read(from: From): number | undefined }
  | { readonly type: 'string'; read(from: From): string | undefined }
  | { readonly type: 'boolean'; read(from: From): boolean | undefined }
  | { readonly type: 'list'; read(from: From): readonly string[] }
  | RecordsField<From>;

/** A list of records, each with fields of its own. */
export interface RecordsField<From> {
  readonly type: 'records';
  /** One record's fields, already bound to how they are read. */
  readonly fields: Fields<never>;
  read(from: From): readonly unknown[];
}

export type Fields<From> = Readonly<Record<string, Field<From>>>;

/** A list of records whose members are of one type, which `Field` can't name. */
export function recordsOf<From, Member>(
  read: (from: From) => readonly Member[],
  fields: Fields<Member>,
): RecordsField<From> {
  return { type: 'records', fields, read };
}
