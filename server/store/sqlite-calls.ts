import type { SqliteFile } from './sqlite-file.ts';
import type { StoredSite } from './store.ts';

/** What may be asked of the thread that owns the file, and what each call answers. */
export type FileCall =
  | { readonly name: 'append'; readonly group: Parameters<SqliteFile['append']>[0] }
  | { readonly name: 'load'; readonly site: string; readonly shopper: string }
  | {
      readonly name: 'isCounted';
      readonly site: string;
      readonly shopper: string;
      readonly events: readonly string[];
    }
  | { readonly name: 'claimDue'; readonly now: number; readonly limit: number; readonly leaseMs: number }
  | { readonly name: 'findCoupon'; readonly site: string; readonly code: string }
  | { readonly name: 'budgets' }
  | { readonly name: 'readLog'; readonly after: number; readonly limit: number }
  | { readonly name: 'readFold'; readonly fold: string }
  | {
      readonly name: 'advanceFold';
      readonly fold: string;
      readonly from: number;
      readonly to: number;
      readonly changes: [string, number][];
    }
  | { readonly name: 'readSites' }
  | { readonly name: 'writeSite'; readonly site: StoredSite }
  | { readonly name: 'readSecret' }
  | { readonly name: 'ping' }
  | { readonly name: 'close' };

export interface FileRequest {
  readonly id: number;
  readonly call: FileCall;
}

export type FileReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** The answer to each call. */
export interface FileAnswers {
  append: number;
  load: ReturnType<SqliteFile['load']>;
  isCounted: string[];
  claimDue: { site: string; shopper: string }[];
  findCoupon: string | null;
  budgets: ReturnType<SqliteFile['budgets']>;
  readLog: ReturnType<SqliteFile['readLog']>;
  readFold: ReturnType<SqliteFile['readFold']>;
  advanceFold: boolean;
  readSites: StoredSite[];
  writeSite: boolean;
  readSecret: Uint8Array;
  ping: boolean;
  close: void;
}
