import type { LogRecord } from '../store/log-record.ts';

/** A sum over the log. What it keeps is exact and can be rebuilt: its place in the log moves together with its sums. */
export interface Fold {
  readonly name: string;
  /** What one record adds, by key. Depends on the record alone. */
  changesOf(record: LogRecord): Iterable<readonly [key: string, change: number]>;
  /** Where its keys begin with a time: the first key that is still of use when a record of this time has come. */
  firstKept?(at: number): string;
}

/** One whose sums every hub also has in its memory. */
export interface RememberedFold extends Fold {
  /** All of them at first, then each change. */
  absorb(changes: Iterable<readonly [key: string, change: number]>): void;
  /** All of them will be told anew. */
  forget(): void;
}

export function remembersSums(fold: Fold): fold is RememberedFold {
  return 'absorb' in fold;
}
