import { mkdirSync } from 'node:fs';
import type { Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { totalTakes } from './budget-takes.ts';
import { GroupWriter } from './group-writer.ts';
import { type Hot, HotShoppers } from './hot-shoppers.ts';
import type { LogRecord } from './log-record.ts';
import { LogTail } from './log-tail.ts';
import type { Registers } from './registers.ts';
import { erasureMark, nameOfShopper, type ShopperName } from './shopper-name.ts';
import { SqliteLink } from './sqlite-link.ts';
import {
  type Commit,
  type CommitResult,
  type FoldSteps,
  type FoldSums,
  LOG_START,
  type LogLag,
  type LogPage,
  type LogPlace,
  type ShopperKey,
  type ShopperLog,
  type Store,
  type Stored,
  StoreUnavailable,
  type SiteChange,
  type SiteVersion,
  type StoredSite,
} from './store.ts';
import { UnsettledShoppers } from './unsettled-shoppers.ts';

/** In quiet times, so often is looked for rows that are to be brought up to date. */
const SETTLE_EVERY_MS = 500;
const HOUSEKEEP_EVERY_MS = 3_600_000;
/** What the document of a new shopper is taken to weigh until it is first written to its row. */
const NEW_SIZE = 1_000;
const none: ReadonlySet<string> = new Set();

/**
 * The embedded store: one SQLite file, one process. The newest documents are held in memory, and a commit is decided
 * there; it resolves once its group is on disk.
 */
export class SqliteStore implements Store {
  readonly node = 'embedded';
  readonly registers: Registers;
  readonly #link: SqliteLink;
  readonly #clock: () => number;
  readonly #hot = new HotShoppers();
  readonly #tail = new LogTail();
  readonly #budgets = new Map<string, number>();
  readonly #unsettled = new UnsettledShoppers();
  /** Until when a due shopper is left to whoever claimed it. */
  readonly #leases = new Map<ShopperName, number>();
  readonly #writer: GroupWriter;
  readonly #timers: NodeJS.Timeout[];
  #lastNow: number;

  private constructor(link: SqliteLink, clock: () => number, lastTime: number, lastPlace: number) {
    this.#link = link;
    this.#clock = clock;
    this.#lastNow = lastTime;
    const memory = {
      hot: this.#hot,
      unsettled: this.#unsettled,
      tail: this.#tail,
      now: () => this.#now(),
      written: (key: ShopperName) => void this.#leases.delete(key),
      undone: ({ key, budgets }: Commit) => {
        for (const { name, take } of budgets) this.#take(key.site, name, -take);
      },
    };
    this.#writer = new GroupWriter(link, memory, lastPlace);
    this.registers = {
      read: (register, id) => link.call('readEntry', register, id, this.#now()),
      list: (register, after, limit) => link.call('readEntries', register, after, this.#now(), limit),
      write: (register, change) => link.call('writeEntry', register, change, this.#now()),
    };
    this.#timers = [
      setInterval(() => this.#writer.settleIdle(), SETTLE_EVERY_MS),
      setInterval(() => void this.#housekeep(), HOUSEKEEP_EVERY_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Opens, or creates, the store in `dir`. Rejects with one clear line when another hub owns it or it is not writable. */
  static async open(dir: string, clock: () => number = Date.now): Promise<SqliteStore> {
    mkdirSync(dir, { recursive: true });
    const link = await SqliteLink.open(dir);
    const store = new SqliteStore(link, clock, await link.call('lastTime'), await link.call('lastPlace'));
    await store.#readBudgets();
    return store;
  }

  get epoch(): string {
    return this.#link.epoch;
  }

  get underWay(): number {
    return this.#link.underWay;
  }

  load(key: ShopperKey, eventIds: readonly string[]): Promise<Stored> {
    const hot = this.#hot.use(nameOfShopper(key));
    // Nearly always all is in memory, and a promise less for each event is worth a few lines.
    return hot?.all
      ? Promise.resolve(this.#stored(hot, countedIn(hot, eventIds)))
      : this.#loadCold(key, eventIds);
  }

  async #loadCold(key: ShopperKey, eventIds: readonly string[]): Promise<Stored> {
    const hot = await this.#heat(key);
    const counted = countedIn(hot, eventIds);
    if (hot.all || counted.size === eventIds.length) return this.#stored(hot, counted);
    const onDisk = await this.#link.call('isCounted', key.site, key.shopper, eventIds);
    // Others may have been counted meanwhile.
    return this.#stored(hot, new Set([...onDisk, ...countedIn(hot, eventIds)]));
  }

  #stored({ document, version, isErased }: Hot, counted: ReadonlySet<string>): Stored {
    return { document, version, counted, now: this.#now(), madeBy: '', isFresh: true, isErased };
  }

  commit(commit: Commit): Promise<CommitResult> {
    const key = nameOfShopper(commit.key);
    const hot = this.#hot.peek(key);
    if (!hot || hot.version !== commit.version) return Promise.resolve({ ok: false, why: 'conflict' });
    if (hot.isErased) return Promise.resolve({ ok: false, why: 'erased' });
    const taken = totalTakes(commit.budgets);
    const spent = taken.find(({ name, take, most }) => this.#taken(commit.key.site, name) + take > most);
    if (spent) return Promise.resolve({ ok: false, why: 'budget_spent', name: spent.name });
    for (const { name, take } of taken) this.#take(commit.key.site, name, take);
    return this.#writer.gather(key, commit, hot);
  }

  async erase(key: ShopperKey): Promise<readonly string[]> {
    const { site, shopper } = key;
    const name = nameOfShopper(key);
    // Nothing is on its way to the disk then, and what they are is in their row: where it fails, all is as it was.
    await this.#writer.onceSettled(async (isSettled) => {
      if (!isSettled) throw new StoreUnavailable('Rows can’t be brought up to date.');
      const known = this.#hot.peek(name);
      if (known) known.isErased = true;
      try {
        await this.#link.call('erase', site, shopper, erasureMark(name), this.#now());
      } catch (error) {
        if (known) known.isErased = false;
        throw error;
      }
      // What has gathered meanwhile never gets there.
      this.#writer.drop(name);
      this.#tail.forget(name);
      this.#unsettled.delete(name);
      this.#hot.forget(name);
      this.#hot.add(name, erased(site, shopper));
    });
    return [];
  }

  async claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]> {
    const now = this.#now();
    for (const [key, until] of this.#leases) if (until <= now) this.#leases.delete(key);
    // Rows may be older than what memory has, or leased; asking for that many more leaves room for the others.
    const most = limit + this.#leases.size + this.#unsettled.size;
    const rows = await this.#link.call('readDue', now, most);
    const due: ShopperKey[] = [];
    // What the store has of ids was parsed when it came.
    for (const { site, shopper } of [...this.#unsettled.values(), ...(rows as ShopperKey[])]) {
      if (due.length >= limit) break;
      const name = nameOfShopper({ site, shopper });
      const hot = this.#hot.peek(name);
      const isDue = !hot || (hot.document?.wakeAt ?? Number.POSITIVE_INFINITY) <= now;
      if (!isDue || (this.#leases.get(name) ?? 0) > now) continue;
      this.#leases.set(name, now + leaseMs);
      due.push({ site, shopper });
    }
    return due;
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
    return Promise.all(keys.map(async (key) => (await this.#heat(key)).document?.seq ?? 0));
  }

  time(): Promise<number> {
    return Promise.resolve(this.#now());
  }

  async readShoppers(site: SiteId, after: string, limit: number): Promise<readonly ShopperId[]> {
    const ids = new Set(await this.#link.call('readShoppers', site, after, limit));
    for (const hot of this.#unsettled.values())
      if (hot.site === site && hot.shopper > after) ids.add(hot.shopper);
    return [...ids].sort().slice(0, limit) as ShopperId[];
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
      site,
      shopper,
      before === null ? null : Number(before),
    );
    const own = records
      .map((line) => JSON.parse(line) as LogRecord)
      .filter((record) => record.site === site && record.shopper === shopper);
    return { records: own, next: next === null ? null : placeOf(next) };
  }

  async readLogEnd(): Promise<LogPlace> {
    return placeOf(await this.#link.call('lastPlace'));
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

  /** Nobody else adds to them: one process has the file. */
  async readFoldSteps(name: string, after: LogPlace): Promise<FoldSteps | null> {
    const isAllKnown = (await this.readFoldPlace(name)) === after;
    return isAllKnown ? { place: after, changes: [] } : null;
  }

  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
  ): Promise<boolean> {
    return this.#link.call('advanceFold', name, Number(from), Number(to), JSON.stringify([...changes]));
  }

  async forgetSums(name: string, before: string): Promise<void> {
    await this.#link.call('forgetSums', name, before);
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
    for (const timer of this.#timers) clearInterval(timer);
    await this.#writer.onceSettled(() => this.#link.call('close'));
  }

  /** Upkeep that fails (a full disk, say) is tried again at the next turn. */
  async #housekeep(): Promise<void> {
    const work = async (isSettled: boolean) => {
      if (isSettled) await this.#link.call('housekeep', this.#now());
    };
    await this.#writer.onceSettled(work).catch(() => undefined);
  }

  /** Steps of the system's clock backwards are ridden out: time never goes back here, over restarts either. */
  #now(): number {
    this.#lastNow = Math.max(this.#lastNow, this.#clock());
    return this.#lastNow;
  }

  #taken(site: string, budget: string): number {
    return this.#budgets.get(budgetName(site, budget)) ?? 0;
  }

  #take(site: string, budget: string, take: number): void {
    this.#budgets.set(budgetName(site, budget), this.#taken(site, budget) + take);
  }

  async #readBudgets(): Promise<void> {
    const budgets = await this.#link.call('budgets');
    this.#budgets.clear();
    for (const { site, rule, taken } of budgets) this.#budgets.set(budgetName(site, rule), taken);
  }

  async #heat(key: ShopperKey): Promise<Hot> {
    const { site, shopper } = key;
    const name = nameOfShopper(key);
    const known = this.#hot.use(name);
    if (known) return known;
    const row = await this.#link.call('load', site, shopper);
    const isErased = row === null && (await this.#link.call('isErased', erasureMark(name)));
    // Another load of the same shopper may have come first; what it found may have been committed upon since.
    const meanwhile = this.#hot.use(name);
    if (meanwhile) return meanwhile;
    const hot: Hot = {
      site,
      shopper,
      document: row ? (JSON.parse(row.document) as Shopper) : null,
      logKey: row?.logKey ?? null,
      isKeySaved: row !== null && row.logKey !== null,
      isErased,
      version: row?.version ?? 0,
      counted: new Set(row?.counted),
      all: row?.all ?? true,
      pending: 0,
      unsettled: null,
      unsaved: [],
      size: row?.document.length ?? NEW_SIZE,
    };
    this.#hot.add(name, hot);
    return hot;
  }
}

function erased(site: SiteId, shopper: ShopperId): Hot {
  return {
    site,
    shopper,
    document: null,
    logKey: null,
    isKeySaved: false,
    isErased: true,
    version: 0,
    counted: new Set(),
    all: true,
    pending: 0,
    unsettled: null,
    unsaved: [],
    size: 0,
  };
}

/** Rows of the log are numbered from 1; nothing is before the first. */
function placeOf(row: number): LogPlace {
  return row === 0 ? LOG_START : String(row);
}

function budgetName(site: string, name: string): string {
  return `${site}/${name}`;
}

/** Nearly always none: then no set is made for it. */
function countedIn({ counted }: Hot, ids: readonly string[]): ReadonlySet<string> {
  let found: Set<string> | null = null;
  for (const id of ids) if (counted.has(id)) (found ??= new Set()).add(id);
  return found ?? none;
}
