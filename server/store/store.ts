import type { BudgetTake } from '../core/offers.ts';
import type { Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import type { LogRecord } from './log-record.ts';
import type { Registers } from './registers.ts';

export interface ShopperKey {
  readonly site: SiteId;
  readonly shopper: ShopperId;
}

/** A shopper as stored. `version` is 0 and `document` null for one the store does not know. */
export interface Stored {
  readonly document: Shopper | null;
  readonly version: number;
  /** Which commit made it, where a version may be made twice, by a server that takes over and knows less; empty elsewhere. */
  readonly madeBy: string;
  /** Those of the asked event ids that an earlier commit for this shopper has counted. */
  readonly counted: ReadonlySet<string>;
  /** The store's clock, milliseconds since 1970. All decisions are made by it. */
  readonly now: number;
  /** Whether this is what is stored now. Otherwise it is what this process remembers: good for a commit, which finds out. */
  readonly isFresh: boolean;
  /** Nothing is known of them, and nothing may be: they were erased. */
  readonly isErased: boolean;
}

export interface Commit {
  readonly key: ShopperKey;
  /** The version that was loaded. */
  readonly version: number;
  /** As the load told it. */
  readonly madeBy: string;
  /** The time that the load told. */
  readonly at: number;
  readonly document: Shopper;
  /** Ids of the events that this commit counts. */
  readonly counts: readonly string[];
  readonly records: readonly LogRecord[];
  /** Digests of codes that become findable. */
  readonly coupons: readonly string[];
  /** What is taken from each; none of the commit happens when there is less left in one. */
  readonly budgets: readonly BudgetTake[];
}

export type CommitResult =
  | {
      readonly ok: true;
      /** The nodes on which the shopper has a page open, as far as they have said so; empty where there is one node only. */
      readonly nodes: readonly string[];
    }
  /** Somebody else committed for this shopper since the load, or it was not fresh: load what is stored and decide again. */
  | { readonly ok: false; readonly why: 'conflict' }
  /** The shopper was erased: nothing is kept of them any more. */
  | { readonly ok: false; readonly why: 'erased' }
  | { readonly ok: false; readonly why: 'budget_spent'; readonly name: string };

/** A place in the log, to be handed back as it was given. Two are equal or they are not; which comes first only the store knows. */
export type LogPlace = string;

/** Before all that the log has. */
export const LOG_START: LogPlace = '';

export interface LogPage {
  readonly records: readonly LogRecord[];
  /** Where to go on. Equal to the asked place when nothing new is there. */
  readonly next: LogPlace;
  /** Whether there was more to read than was asked for. */
  readonly isFull: boolean;
}

export interface ShopperLog {
  readonly records: readonly LogRecord[];
  readonly next: LogPlace | null;
}

/** How much of the log comes after a place. */
export interface LogLag {
  /** Exact up to some thousands, about right beyond. */
  readonly records: number;
  /** For how long the oldest of them has been there. */
  readonly ms: number;
}

/** What a fold of the log has summed up: each key's total, and the place up to which the log is in it. */
export interface FoldSums {
  readonly place: LogPlace;
  readonly sums: ReadonlyMap<string, number>;
}

/** What was added to a fold's sums after a place, and the place up to which the log is in them now. */
export interface FoldSteps {
  readonly place: LogPlace;
  readonly changes: readonly (readonly [key: string, change: number])[];
}

/** What an owner has said about a site, as JSON, with the version that decisions name. */
export interface StoredSite {
  readonly id: SiteId;
  readonly version: number;
  readonly definition: string;
  readonly products: string;
  /** Fingerprint of the site file that was imported last; null: none was. */
  readonly importedFrom: string | null;
}

/** When a site was changed, and by whom. */
export interface SiteChange {
  readonly at: number;
  readonly by: string;
}

export interface SiteVersion extends SiteChange {
  readonly version: number;
  readonly definition: string;
}

/**
 * Durable truth. What every implementation guarantees:
 *
 * - `commit` is atomic and durable: when it resolves ok, document, log records, counted ids, coupons and budgets are
 *   all there after any process is killed; otherwise none of them is. It is refused when the version has moved on, so
 *   two that loaded the same version never both succeed: neither an event nor a cap is counted twice.
 * - `load` is one consistent reading, at or after the last commit that resolved.
 * - A shopper whose document has a `wakeAt` in the past is handed out by `claimDue` until a commit changes it, to one
 *   caller at a time: again only after the lease is over. Whoever held an older lease can change nothing by it: a commit
 *   upon a version that has moved on is refused.
 * - Log order is commit order per shopper; a record is read from the log only once it is durable.
 * - From the moment when `erase` resolves nothing is there of the shopper, in no list, no row and no record of the log, and what
 *   was loaded before can't be committed; what remains is a mark that can't be turned back into the id. Records of the log are
 *   sealed with a key of each shopper that goes with them; whoever reads the log gets no record of those who were erased.
 * - Every method rejects with `StoreUnavailable` when the truth can't be reached or written; nothing is half done.
 */
export interface Store {
  /** Differs from the one before when earlier truth may have been lost. */
  readonly epoch: string;
  readonly registers: Registers;
  /** Of several processes over one store: this one. */
  readonly node: string;
  /** Calls that have no answer yet. */
  readonly underWay: number;
  /** `remembered`: what this process knows will do, if it knows anything; it may have no word on the event ids then. */
  load(key: ShopperKey, eventIds: readonly string[], how?: 'stored' | 'remembered'): Promise<Stored>;
  commit(commit: Commit): Promise<CommitResult>;
  /**
   * Resolves once all that this process has committed is as safe as money has to be: also where the server that keeps it is
   * lost with its disk, as far as the deployment provides for that. Rejects when it is not known to be.
   */
  confirm(): Promise<void>;
  claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]>;
  /** Resolves with the nodes on which the shopper has a page open. Erasing again changes nothing. */
  erase(key: ShopperKey): Promise<readonly string[]>;
  /** From now on commits tell that the shopper has a page open on this node. Forgotten after a day. */
  enterPages(key: ShopperKey): Promise<void>;
  leavePages(key: ShopperKey, node: string): Promise<void>;
  /** For each shopper how many messages were meant for their pages so far. */
  readSeqs(keys: readonly ShopperKey[]): Promise<readonly number[]>;
  /** The store's clock, milliseconds since 1970. */
  time(): Promise<number>;
  /** Shoppers of a site in the order of their ids, those after `after`. */
  readShoppers(site: SiteId, after: string, limit: number): Promise<readonly ShopperId[]>;
  /** By the digest of its code. */
  findCoupon(site: SiteId, digest: string): Promise<ShopperId | null>;
  readLog(after: LogPlace, limit: number): Promise<LogPage>;
  /**
   * What the log has of one shopper, newest first, in the stretch that ends before `before` (null: at the end of the log).
   * A stretch has a bounded length, so it may hold nothing; `next` is where the one before it ends, null at the beginning.
   */
  readLogOf(key: ShopperKey, before: LogPlace | null): Promise<ShopperLog>;
  /** As `readLog`, as JSON lines: for readers in other threads. */
  readLogLines(after: LogPlace, limit: number): Promise<{ readonly lines: string; readonly next: LogPlace }>;
  /** After all that the log has. */
  readLogEnd(): Promise<LogPlace>;
  readLogLag(after: LogPlace): Promise<LogLag>;
  readFold(name: string): Promise<FoldSums>;
  readFoldPlace(name: string): Promise<LogPlace>;
  /** What others have added since: for those who keep along with them. Null when that is no longer known; the sums are. */
  readFoldSteps(name: string, after: LogPlace): Promise<FoldSteps | null>;
  /**
   * Adds to a fold's sums and moves its place in one step; false when it has moved on from `from` meanwhile.
   * `isFollowed`: others will ask for the step.
   */
  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
    isFollowed?: boolean,
  ): Promise<boolean>;
  /** Drops a fold's sums whose keys come before this one as text. Its place stays, and so does what others were told. */
  forgetSums(name: string, before: string): Promise<void>;
  readSites(): Promise<readonly StoredSite[]>;
  /** Which version of each site is in force. */
  readVersions(): Promise<ReadonlyMap<SiteId, number>>;
  /** False when the stored version is no longer `version - 1`. */
  writeSite(site: StoredSite, change: SiteChange): Promise<boolean>;
  /** What a site was before that version, newest first. */
  readSiteVersions(id: SiteId, before: number, limit: number): Promise<readonly SiteVersion[]>;
  /** A secret of this installation, made on first use; signs the tokens of anonymous shoppers. */
  readSecret(): Promise<Uint8Array>;
  /** Resolves after a real round trip. */
  ping(): Promise<void>;
  /** Resolves once something was made durable by the way that commits go; nobody's log, list or sums have anything of it. */
  tryCommit(): Promise<void>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
