import { mkdirSync } from 'node:fs';
import type { BudgetTake } from '../core/offers.ts';
import type { Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { totalTakes } from './budget-takes.ts';
import { type Hot, HotShoppers } from './hot-shoppers.ts';
import type { LogRecord } from './log-record.ts';
import { LogTail } from './log-tail.ts';
import { encodeEntry } from './sqlite-file.ts';
import { SqliteLink } from './sqlite-link.ts';
import {
  type Commit,
  type CommitResult,
  type FoldSums,
  LOG_START,
  type LogLag,
  type LogPage,
  type LogPlace,
  type ShopperKey,
  type ShopperLog,
  type Store,
  type Stored,
  type SiteChange,
  type SiteVersion,
  type StoredSite,
  StoreUnavailable,
} from './store.ts';

interface Member {
  readonly key: string;
  /** Budgets that it took from. */
  readonly site: string;
  readonly budgets: readonly BudgetTake[];
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

interface Group {
  readonly records: LogRecord[];
  readonly entries: string[];
  readonly members: Member[];
}

/** One with more counted ids in memory is loaded anew, which leaves most of them on disk. */
const MOST_IDS = 1_024;

/** Under load, so long is gathered for a group: fewer, larger writes. */
const GATHER_MS = 2;

/**
 * The embedded store: one SQLite file, one process. The newest documents are held in memory, and a commit is decided
 * there; it resolves once its group is on disk. While one group is being written the next one gathers, so groups grow
 * with the load and a lone event waits for nothing.
 */
export class SqliteStore implements Store {
  readonly node = 'embedded';
  readonly #link: SqliteLink;
  readonly #clock: () => number;
  readonly #hot = new HotShoppers();
  readonly #tail = new LogTail();
  readonly #budgets = new Map<string, number>();
  #gathering = newGroup();
  #writing: Promise<void> | null = null;
  #lastNow = 0;

  private constructor(link: SqliteLink, clock: () => number) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Opens, or creates, the store in `dir`. Rejects with one clear line when another hub owns it or it is not writable. */
  static async open(dir: string, clock: () => number = Date.now): Promise<SqliteStore> {
    mkdirSync(dir, { recursive: true });
    const store = new SqliteStore(await SqliteLink.open(dir), clock);
    store.#lastNow = await store.#link.call('lastTime');
    await store.#readBudgets();
    return store;
  }

  get epoch(): string {
    return this.#link.epoch;
  }

  get underWay(): number {
    return this.#link.underWay;
  }

  async load({ site, shopper }: ShopperKey, eventIds: readonly string[]): Promise<Stored> {
    const hot = await this.#heat(site, shopper);
    let counted = eventIds.filter((id) => hot.counted.has(id));
    if (!hot.all && counted.length < eventIds.length) {
      const stored = await this.#link.call('isCounted', site, shopper, eventIds);
      counted = eventIds.filter((id) => hot.counted.has(id) || stored.includes(id));
    }
    return {
      document: hot.document,
      version: hot.version,
      counted: new Set(counted),
      now: this.#now(),
      isFresh: true,
    };
  }

  commit(commit: Commit): Promise<CommitResult> {
    const key = keyOf(commit.key.site, commit.key.shopper);
    const hot = this.#hot.peek(key);
    if (!hot || hot.version !== commit.version) return Promise.resolve({ ok: false, why: 'conflict' });
    const taken = totalTakes(commit.budgets);
    const spent = taken.find(({ name, take, most }) => this.#taken(commit.key.site, name) + take > most);
    if (spent) return Promise.resolve({ ok: false, why: 'budget_spent', name: spent.name });
    for (const { name, take } of taken) this.#take(commit.key.site, name, take);
    hot.document = commit.document;
    hot.version += 1;
    hot.pending += 1;
    for (const id of commit.counts) hot.counted.add(id);
    return this.#gather(key, commit, hot);
  }

  async claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]> {
    const due = await this.#link.call('claimDue', this.#now(), limit, leaseMs);
    return due as unknown as ShopperKey[];
  }

  /** What is on the one disk there is, is as safe as it gets. */
  confirm(): Promise<void> {
    return Promise.resolve();
  }

  /** There are no other nodes that would ask. */
  enterPages(): Promise<void> {
    return Promise.resolve();
  }

  leavePages(): Promise<void> {
    return Promise.resolve();
  }

  readSeqs(keys: readonly ShopperKey[]): Promise<readonly number[]> {
    return Promise.all(
      keys.map(async ({ site, shopper }) => (await this.#heat(site, shopper)).document?.seq ?? 0),
    );
  }

  time(): Promise<number> {
    return Promise.resolve(this.#now());
  }

  async readShoppers(site: SiteId, after: string, limit: number): Promise<readonly ShopperId[]> {
    return (await this.#link.call('readShoppers', site, after, limit)) as ShopperId[];
  }

  async findCoupon(site: SiteId, code: string): Promise<ShopperId | null> {
    return (await this.#link.call('findCoupon', site, code)) as ShopperId | null;
  }

  async readLog(after: LogPlace, limit: number): Promise<LogPage> {
    const tail = this.#tail.read(Number(after), limit);
    if (tail)
      return { records: tail.records, next: placeOf(tail.next), isFull: tail.records.length >= limit };
    const { lines, next } = await this.readLogLines(after, limit);
    const records = lines.split('\n').filter((line) => line !== '');
    return {
      records: records.map((line) => JSON.parse(line) as LogRecord),
      next,
      isFull: records.length >= limit,
    };
  }

  async readLogLines(after: LogPlace, limit: number): Promise<{ lines: string; next: LogPlace }> {
    const { places, records } = await this.#link.call('readLog', Number(after), limit);
    return { lines: records.join(''), next: placeOf(places.at(-1) ?? Number(after)) };
  }

  async readLogOf({ site, shopper }: ShopperKey, before: LogPlace | null): Promise<ShopperLog> {
    const { records, next } = await this.#link.call(
      'readLogOf',
      shopper,
      before === null ? null : Number(before),
    );
    const own = records
      .map((line) => JSON.parse(line) as LogRecord)
      .filter((record) => record.site === site && record.shopper === shopper);
    return { records: own, next: next === null ? null : placeOf(next) };
  }

  async readLogLag(after: LogPlace): Promise<LogLag> {
    const { records, since } = await this.#link.call('logLag', Number(after));
    return { records, ms: since === null ? 0 : Math.max(0, this.#now() - since) };
  }

  async readFold(name: string): Promise<FoldSums> {
    const { place, sums } = await this.#link.call('readFold', name);
    return { place: placeOf(place), sums: new Map(sums) };
  }

  async readFoldPlace(name: string): Promise<LogPlace> {
    return placeOf(await this.#link.call('readFoldPlace', name));
  }

  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
  ): Promise<boolean> {
    return this.#link.call('advanceFold', name, Number(from), Number(to), [...changes]);
  }

  readSites(): Promise<readonly StoredSite[]> {
    return this.#link.call('readSites');
  }

  async readVersions(): Promise<ReadonlyMap<SiteId, number>> {
    const sites = await this.#link.call('readSites');
    return new Map(sites.map(({ id, version }) => [id, version]));
  }

  writeSite(site: StoredSite, change: SiteChange): Promise<boolean> {
    return this.#link.call('writeSite', site, change);
  }

  readSiteVersions(id: SiteId, before: number, limit: number): Promise<readonly SiteVersion[]> {
    return this.#link.call('readSiteVersions', id, before, limit);
  }

  readSecret(): Promise<Uint8Array> {
    return this.#link.call('readSecret');
  }

  async ping(): Promise<void> {
    await this.#link.call('ping');
  }

  /** By the same thread, to the same file, synced as commits are: a full disk shows here too. */
  async tryCommit(): Promise<void> {
    await this.#link.call('tryCommit', this.#now());
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#link.call('close', this.#now());
  }

  /** Steps of the system's clock backwards are ridden out: time never goes back here, over restarts either. */
  #now(): number {
    this.#lastNow = Math.max(this.#lastNow, this.#clock());
    return this.#lastNow;
  }

  #taken(site: string, budget: string): number {
    return this.#budgets.get(keyOf(site, budget)) ?? 0;
  }

  #take(site: string, budget: string, take: number): void {
    this.#budgets.set(keyOf(site, budget), this.#taken(site, budget) + take);
  }

  async #readBudgets(): Promise<void> {
    const budgets = await this.#link.call('budgets');
    this.#budgets.clear();
    for (const { site, rule, taken } of budgets) this.#budgets.set(keyOf(site, rule), taken);
  }

  async #heat(site: string, shopper: string): Promise<Hot> {
    const key = keyOf(site, shopper);
    const known = this.#hot.use(key);
    if (known) return known;
    const row = await this.#link.call('load', site, shopper);
    // Another load of the same shopper may have come first; what it found may have been committed upon since.
    const meanwhile = this.#hot.use(key);
    if (meanwhile) return meanwhile;
    const hot: Hot = {
      document: row ? (JSON.parse(row.document) as Shopper) : null,
      version: row?.version ?? 0,
      counted: new Set(row?.counted),
      all: row?.all ?? true,
      pending: 0,
      size: row?.document.length ?? 0,
    };
    this.#hot.add(key, hot);
    return hot;
  }

  #gather(key: string, commit: Commit, hot: Hot): Promise<CommitResult> {
    const group = this.#gathering;
    const document = JSON.stringify(commit.document);
    this.#hot.resize(hot, document.length);
    group.records.push(...commit.records);
    group.entries.push(
      encodeEntry({
        site: commit.key.site,
        shopper: commit.key.shopper,
        version: hot.version,
        wakeAt: commit.document.wakeAt,
        counts: commit.counts,
        coupons: commit.coupons,
        budgets: commit.budgets.map(({ name, take }) => [name, take] as const),
        document,
      }),
    );
    this.#writing ??= this.#write();
    const { site } = commit.key;
    const { budgets } = commit;
    return new Promise((resolve, reject) => group.members.push({ key, site, budgets, resolve, reject }));
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
      const place = await this.#link.call('append', { at: this.#now(), records, entries });
      this.#tail.add(place, group.records, records.length);
    } catch (error) {
      this.#undo(group, error instanceof Error ? error : new StoreUnavailable(String(error)));
      return;
    }
    for (const { key, resolve } of group.members) {
      const hot = this.#hot.peek(key);
      if (hot) hot.pending -= 1;
      if (hot?.pending === 0 && hot.counted.size > MOST_IDS) this.#hot.forget(key);
      resolve({ ok: true, nodes: [] });
    }
  }

  /** What was not written never was: memory forgets it, together with all that gathered on top of it. */
  #undo(group: Group, error: Error): void {
    const members = [...group.members, ...this.#gathering.members];
    this.#gathering = newGroup();
    for (const { key, site, budgets, reject } of members) {
      this.#hot.forget(key);
      for (const { name, take } of budgets) this.#take(site, name, -take);
      reject(error);
    }
  }
}

/** Rows of the log are numbered from 1; nothing is before the first. */
function placeOf(row: number): LogPlace {
  return row === 0 ? LOG_START : String(row);
}

function newGroup(): Group {
  return { records: [], entries: [], members: [] };
}

function keyOf(site: string, name: string): string {
  return `${site}/${name}`;
}
