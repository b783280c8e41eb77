import type { SqliteFile } from './sqlite-file.ts';

/** What may be asked of the thread that owns the file. */
type CallName = Exclude<keyof SqliteFile, 'epoch'>;

export type FileArgs = { readonly [N in CallName]: Parameters<SqliteFile[N]> };
export type FileAnswers = { readonly [N in CallName]: ReturnType<SqliteFile[N]> };

/** Mapped and then indexed, so that the compiler keeps each name together with its arguments. */
export type FileCall<N extends CallName = CallName> = {
  [M in N]: { readonly name: M; readonly args: FileArgs[M] };
}[N];

export interface FileRequest<N extends CallName = CallName> {
  readonly id: number;
  readonly call: FileCall<N>;
}

export type FileReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };
