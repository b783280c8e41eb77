/**
 * Something that conditions may test, read from `From`: the facts of a decision, or one record of a list.
 * `age` fields read a moment (milliseconds since 1970) and are compared as the time that has passed since then.
 */
export type Field<From> =
  | { readonly type: 'number' | 'age'; read(from: From): number | undefined }
  | {
      readonly type: 'string';
      /** All that it may be, where that is known. */
      readonly values?: readonly string[];
      read(from: From): string | undefined;
    }
  | { readonly type: 'boolean'; read(from: From): boolean | undefined }
  | { readonly type: 'list'; readonly values?: readonly string[]; read(from: From): readonly string[] }
  | RecordsField<From>;

/** A list of records, each with fields of its own. */
export interface RecordsField<From> {
  readonly type: 'records';
  /** One record's fields, already bound to how they are read. */
  readonly fields: Fields<never>;
  read(from: From): readonly unknown[];
}

export type Fields<From> = Readonly<Record<string, Field<From>>>;

/**
 * Reads once for all rules that ask about the same facts: a list is made anew each time it is read, and rules on one
 * trigger tend to ask for the same. Nothing is carried from one decision to the next, since each has facts of its own.
 */
export function listOnce<From extends object>(read: (from: From) => readonly string[]): Field<From> {
  let last: From | null = null;
  let list: readonly string[] = [];
  return {
    type: 'list',
    read: (from) => {
      if (from !== last) {
        list = read(from);
        last = from;
      }
      return list;
    },
  };
}

/** A list of records whose members are of one type, which `Field` can't name. */
export function recordsOf<From, Member>(
  read: (from: From) => readonly Member[],
  fields: Fields<Member>,
): RecordsField<From> {
  return { type: 'records', fields, read };
}
