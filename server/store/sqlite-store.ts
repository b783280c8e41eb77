import { mkdirSync } from 'node:fs';
import type { Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import type { LogRecord } from './log-record.ts';
import { encodeEntry } from './sqlite-file.ts';
import { SqliteLink } from './sqlite-link.ts';
import {
  type Commit,
  type CommitResult,
  type FoldSums,
  type LogPage,
  type LogPlace,
  type ShopperKey,
  type Store,
  type Stored,
  type StoredSite,
  StoreUnavailable,
} from './store.ts';

interface Hot {
  document: Shopper | null;
  version: number;
  /** Ids counted lately; `all`: there are no others. */
  readonly counted: Set<string>;
  readonly all: boolean;
  /** Commits not durable yet. */
  pending: number;
}

interface Group {
  readonly records: LogRecord[];
  readonly entries: string[];
  readonly members: {
    readonly key: string;
    resolve(result: CommitResult): void;
    reject(error: Error): void;
  }[];
}

const MOST_HOT = 20_000;
/** One with more counted ids in memory is loaded anew, which leaves most of them on disk. */
const MOST_IDS = 1_024;

/** The log's end is held in memory, for those who read along; as many records. */
const LONGEST_TAIL = 10_000;
/** Under load, so long is gathered for a group: fewer, larger writes. */
const GATHER_MS = 2;

/**
 * The embedded store: one SQLite file, one process. The newest documents are held in memory, and a commit is decided
 * there; it resolves once its group is on disk. While one group is being written the next one gathers, so groups grow
 * with the load and a lone event waits for nothing.
 */
export class SqliteStore implements Store {
  readonly #link: SqliteLink;
  readonly #clock: () => number;
  readonly #hot = new Map<string, Hot>();
  readonly #budgets = new Map<string, number>();
  #gathering = newGroup();
  #writing: Promise<void> | null = null;
  #lastNow = 0;
  /** The groups written last, oldest first. */
  #tail: { readonly place: LogPlace; readonly records: readonly LogRecord[] }[] = [];
  #tailLength = 0;

  private constructor(link: SqliteLink, clock: () => number) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Opens, or creates, the store in `dir`. Rejects with one clear line when another hub owns it or it is not writable. */
  static async open(dir: string, clock: () => number = Date.now): Promise<SqliteStore> {
    mkdirSync(dir, { recursive: true });
    const store = new SqliteStore(await SqliteLink.open(dir), clock);
    await store.#readBudgets();
    return store;
  }

  get epoch(): string {
    return this.#link.epoch;
  }

  async load({ site, shopper }: ShopperKey, eventIds: readonly string[]): Promise<Stored> {
    const hot = await this.#heat(site, shopper);
    let counted = eventIds.filter((id) => hot.counted.has(id));
    if (!hot.all && counted.length < eventIds.length) {
      const stored = await this.#link.call({ name: 'isCounted', site, shopper, events: eventIds });
      counted = eventIds.filter((id) => hot.counted.has(id) || stored.includes(id));
    }
    return { document: hot.document, version: hot.version, counted: new Set(counted), now: this.#now() };
  }

  commit(commit: Commit): Promise<CommitResult> {
    const key = keyOf(commit.key.site, commit.key.shopper);
    const hot = this.#hot.get(key);
    if (!hot || hot.version !== commit.version) return Promise.resolve({ ok: false, why: 'conflict' });
    const spent = commit.budgets.find(({ rule, count }) => this.#taken(commit.key.site, rule) >= count);
    if (spent) return Promise.resolve({ ok: false, why: 'budget_spent', rule: spent.rule });
    for (const { rule } of commit.budgets) {
      this.#budgets.set(keyOf(commit.key.site, rule), this.#taken(commit.key.site, rule) + 1);
    }
    hot.document = commit.document;
    hot.version += 1;
    hot.pending += 1;
    for (const id of commit.counts) hot.counted.add(id);
    return this.#gather(key, commit, hot.version);
  }

  async claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]> {
    const due = await this.#link.call({ name: 'claimDue', now: this.#now(), limit, leaseMs });
    return due as unknown as ShopperKey[];
  }

  async findCoupon(site: SiteId, code: string): Promise<ShopperId | null> {
    return (await this.#link.call({ name: 'findCoupon', site, code })) as ShopperId | null;
  }

  async readLog(after: LogPlace, limit: number): Promise<LogPage> {
    const [oldest] = this.#tail;
    if (oldest && after >= oldest.place - 1) return this.#readTail(after, limit);
    const { places, records } = await this.#link.call({ name: 'readLog', after, limit });
    const lines = records.flatMap((text) => text.split('\n').filter((line) => line !== ''));
    return { records: lines.map((line) => JSON.parse(line) as LogRecord), next: places.at(-1) ?? after };
  }

  async readFold(name: string): Promise<FoldSums> {
    const { place, sums } = await this.#link.call({ name: 'readFold', fold: name });
    return { place, sums: new Map(sums) };
  }

  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
  ): Promise<boolean> {
    return this.#link.call({ name: 'advanceFold', fold: name, from, to, changes: [...changes] });
  }

  readSites(): Promise<readonly StoredSite[]> {
    return this.#link.call({ name: 'readSites' });
  }

  writeSite(site: StoredSite): Promise<boolean> {
    return this.#link.call({ name: 'writeSite', site });
  }

  readSecret(): Promise<Uint8Array> {
    return this.#link.call({ name: 'readSecret' });
  }

  async ping(): Promise<void> {
    await this.#link.call({ name: 'ping' });
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#link.call({ name: 'close' });
  }

  /** Steps of the system's clock backwards are ridden out: time never goes back here. */
  #now(): number {
    this.#lastNow = Math.max(this.#lastNow, this.#clock());
    return this.#lastNow;
  }

  #taken(site: string, rule: string): number {
    return this.#budgets.get(keyOf(site, rule)) ?? 0;
  }

  async #readBudgets(): Promise<void> {
    const budgets = await this.#link.call({ name: 'budgets' });
    this.#budgets.clear();
    for (const { site, rule, taken } of budgets) this.#budgets.set(keyOf(site, rule), taken);
  }

  async #heat(site: string, shopper: string): Promise<Hot> {
    const key = keyOf(site, shopper);
    const known = this.#hot.get(key);
    if (known) {
      this.#hot.delete(key);
      this.#hot.set(key, known);
      return known;
    }
    const row = await this.#link.call({ name: 'load', site, shopper });
    // Another load of the same shopper may have come first; what it found may have been committed upon since.
    const meanwhile = this.#hot.get(key);
    if (meanwhile) return meanwhile;
    const hot: Hot = {
      document: row ? (JSON.parse(row.document) as Shopper) : null,
      version: row?.version ?? 0,
      counted: new Set(row?.counted),
      all: row?.all ?? true,
      pending: 0,
    };
    this.#hot.set(key, hot);
    this.#cool();
    return hot;
  }

  /** Forgets those not used for the longest time. What is not durable yet stays. */
  #cool(): void {
    if (this.#hot.size <= MOST_HOT) return;
    for (const [key, { pending }] of this.#hot) {
      if (pending > 0) continue;
      this.#hot.delete(key);
      if (this.#hot.size <= MOST_HOT) return;
    }
  }

  #gather(key: string, commit: Commit, version: number): Promise<CommitResult> {
    const group = this.#gathering;
    group.records.push(...commit.records);
    group.entries.push(
      encodeEntry({
        site: commit.key.site,
        shopper: commit.key.shopper,
        version,
        wakeAt: commit.document.wakeAt,
        counts: commit.counts,
        coupons: commit.coupons,
        budgets: commit.budgets.map(({ rule }) => rule),
        document: JSON.stringify(commit.document),
      }),
    );
    this.#writing ??= this.#write();
    return new Promise((resolve, reject) => group.members.push({ key, resolve, reject }));
  }

  async #write(): Promise<void> {
    // Everything that this turn of the event loop brings goes into the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#gathering.members.length > 0) {
      const group = this.#gathering;
      this.#gathering = newGroup();
      await this.#writeGroup(group);
      // Whoever comes while others are at it waits a moment for more; a lone event waits for nothing.
      if (this.#gathering.members.length > 0) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    this.#writing = null;
  }

  async #writeGroup(group: Group): Promise<void> {
    let records = '';
    for (const record of group.records) records += `${JSON.stringify(record)}\n`;
    try {
      const entries = group.entries.join('');
      const place = await this.#link.call({ name: 'append', group: { at: this.#now(), records, entries } });
      this.#lengthenTail(place, group.records);
    } catch (error) {
      await this.#undo(group, error instanceof Error ? error : new StoreUnavailable(String(error)));
      return;
    }
    for (const { key, resolve } of group.members) {
      const hot = this.#hot.get(key);
      if (hot) hot.pending -= 1;
      if (hot?.pending === 0 && hot.counted.size > MOST_IDS) this.#hot.delete(key);
      resolve({ ok: true });
    }
  }

  #lengthenTail(place: LogPlace, records: readonly LogRecord[]): void {
    this.#tail.push({ place, records });
    this.#tailLength += records.length;
    while (this.#tailLength > LONGEST_TAIL && this.#tail.length > 1)
      this.#tailLength -= this.#tail.shift()?.records.length ?? 0;
  }

  /** Every group gets the next place, so the tail has no gaps. */
  #readTail(after: LogPlace, limit: number): LogPage {
    const records: LogRecord[] = [];
    let next = after;
    for (const group of this.#tail) {
      if (group.place <= after) continue;
      for (const record of group.records) records.push(record);
      next = group.place;
      if (records.length >= limit) break;
    }
    return { records, next };
  }

  /** What was not written never was: memory forgets it, together with all that gathered on top of it. */
  async #undo(group: Group, error: Error): Promise<void> {
    const members = [...group.members, ...this.#gathering.members];
    this.#gathering = newGroup();
    for (const { key } of members) this.#hot.delete(key);
    await this.#readBudgets().catch(() => undefined);
    for (const { reject } of members) reject(error);
  }
}

function newGroup(): Group {
  return { records: [], entries: [], members: [] };
}

function keyOf(site: string, name: string): string {
  return `${site}/${name}`;
}
