import type { Registers } from '../../../server/store/registers.ts';
import { memoryRegisters } from './memory-registers.ts';
import type { ShopperId, SiteId } from '../../../shared/ids.ts';
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
  type SiteChange,
  type SiteVersion,
  type StoredSite,
  StoreUnavailable,
} from '../../../server/store/store.ts';
import { type Disk, nameOf, type Row } from './disk.ts';

/** What becomes of one call: how long until it is carried out and until its answer is there, and whether it fails. */
export interface Fate {
  readonly untilDoneMs: number;
  readonly untilToldMs: number;
  /** `undone`: nothing happened. `untold`: it happened, and nobody learns that it did. */
  readonly fails: 'not' | 'undone' | 'untold';
}

export interface StoreLink {
  fateOf(call: string): Fate;
  /** Never resolves when the process that waits dies first. */
  wait(ms: number): Promise<void>;
}

const plain: Fate = { untilDoneMs: 0, untilToldMs: 0, fails: 'not' };

export const directLink: StoreLink = { fateOf: () => plain, wait: () => Promise.resolve() };

/**
 * One process's way to a disk in memory. What was carried out is durable at once; what was not is lost with the
 * process. Several may be open on one disk.
 */
export class MemoryStore implements Store {
  readonly node = 'memory';
  readonly epoch = 'memory';
  readonly underWay = 0;
  readonly registers: Registers;
  readonly #disk: Disk;
  readonly #link: StoreLink;
  readonly #memory = new Map<string, Pick<Row, 'document' | 'version'>>();

  constructor(disk: Disk, link: StoreLink = directLink) {
    this.#disk = disk;
    this.#link = link;
    this.registers = memoryRegisters(disk.registers, () => disk.now());
  }

  load(
    key: ShopperKey,
    eventIds: readonly string[],
    how: 'stored' | 'remembered' = 'stored',
  ): Promise<Stored> {
    const known = how === 'remembered' ? this.#memory.get(nameOf(key)) : undefined;
    if (known) {
      const { document, version } = known;
      return Promise.resolve({
        document,
        version,
        counted: new Set(),
        now: this.#disk.now(),
        madeBy: '',
        isFresh: false,
        isErased: false,
      });
    }
    return this.#call('load', () => {
      const row = this.#disk.row(key);
      const counted = new Set(eventIds.filter((id) => row?.counted.has(id)));
      return {
        document: row?.document ?? null,
        version: row?.version ?? 0,
        counted,
        now: this.#disk.now(),
        madeBy: '',
        isFresh: true,
        isErased: this.#disk.erased.has(nameOf(key)),
      };
    });
  }

  /** Remembers what it committed, as a process does that shares a store with others; what it doubts it forgets. */
  async commit(commit: Commit): Promise<CommitResult> {
    const name = nameOf(commit.key);
    const { document, version } = commit;
    this.#memory.delete(name);
    const result = await this.#call('commit', () => this.#disk.commit(commit));
    if (result.ok) this.#memory.set(name, { document, version: version + 1 });
    return result;
  }

  erase(key: ShopperKey): Promise<readonly string[]> {
    this.#memory.delete(nameOf(key));
    return this.#call('erase', () => {
      this.#disk.erase(key);
      return [];
    });
  }

  claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]> {
    return this.#call('claimDue', () => this.#disk.claimDue(limit, leaseMs));
  }

  confirm(): Promise<void> {
    return Promise.resolve();
  }

  enterPages(): Promise<void> {
    return Promise.resolve();
  }

  leavePages(): Promise<void> {
    return Promise.resolve();
  }

  readSeqs(keys: readonly ShopperKey[]): Promise<readonly number[]> {
    return this.#call('readSeqs', () => keys.map((key) => this.#disk.row(key)?.document.seq ?? 0));
  }

  findCoupon(site: SiteId, code: string): Promise<ShopperId | null> {
    return this.#call('findCoupon', () => this.#disk.coupons.get(`${site}/${code}`)?.shopper ?? null);
  }

  readLog(after: LogPlace, limit: number): Promise<LogPage> {
    return this.#call('readLog', () => {
      const start = Number(after);
      const records = this.#disk.log.slice(start, start + limit);
      return { records, next: String(start + records.length), isFull: records.length >= limit };
    });
  }

  async readLogLines(after: LogPlace, limit: number): Promise<{ lines: string; next: LogPlace }> {
    const { records, next } = await this.readLog(after, limit);
    return { lines: records.map((record) => `${JSON.stringify(record)}\n`).join(''), next };
  }

  readLogOf({ site, shopper }: ShopperKey): Promise<ShopperLog> {
    return this.#call('readLogOf', () => {
      const own = this.#disk.log.filter((record) => record.site === site && record.shopper === shopper);
      return { records: own.toReversed(), next: null };
    });
  }

  readLogEnd(): Promise<LogPlace> {
    return this.#call('readLogEnd', () =>
      this.#disk.log.length === 0 ? LOG_START : String(this.#disk.log.length),
    );
  }

  readLogLag(after: LogPlace): Promise<LogLag> {
    return this.#call('readLogLag', () => {
      const behind = this.#disk.log.slice(Number(after));
      return { records: behind.length, ms: this.#disk.now() - (behind[0]?.at ?? this.#disk.now()) };
    });
  }

  readFold(name: string): Promise<FoldSums> {
    return this.#call('readFold', () => this.#disk.folds.get(name) ?? { place: LOG_START, sums: new Map() });
  }

  readFoldPlace(name: string): Promise<LogPlace> {
    return this.#call('readFoldPlace', () => this.#disk.folds.get(name)?.place ?? LOG_START);
  }

  readFoldSteps(name: string, after: LogPlace): Promise<FoldSteps | null> {
    return this.#call('readFoldSteps', () => {
      const place = this.#disk.folds.get(name)?.place ?? LOG_START;
      return place === after ? { place, changes: [] } : null;
    });
  }

  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
  ): Promise<boolean> {
    return this.#call('advanceFold', () => {
      const { place, sums } = this.#disk.folds.get(name) ?? { place: LOG_START, sums: new Map() };
      if (place !== from) return false;
      const next = new Map(sums);
      for (const [key, change] of changes) next.set(key, (next.get(key) ?? 0) + change);
      this.#disk.folds.set(name, { place: to, sums: next });
      return true;
    });
  }

  forgetSums(name: string, before: string): Promise<void> {
    return this.#call('forgetSums', () => {
      const { place, sums } = this.#disk.folds.get(name) ?? { place: LOG_START, sums: new Map() };
      const kept = [...sums].filter(([key]) => key >= before);
      this.#disk.folds.set(name, { place, sums: new Map(kept) });
    });
  }

  time(): Promise<number> {
    return this.#call('time', () => this.#disk.now());
  }

  readShoppers(site: SiteId, after: string, limit: number): Promise<readonly ShopperId[]> {
    return this.#call('readShoppers', () => {
      const own = [...this.#disk.rows.values()].filter(({ key }) => key.site === site && key.shopper > after);
      return own
        .map(({ key }) => key.shopper)
        .sort()
        .slice(0, limit);
    });
  }

  readSites(): Promise<readonly StoredSite[]> {
    return this.#call('readSites', () => [...this.#disk.sites.values()]);
  }

  readVersions(): Promise<ReadonlyMap<SiteId, number>> {
    return this.#call(
      'readVersions',
      () => new Map([...this.#disk.sites.values()].map(({ id, version }) => [id, version])),
    );
  }

  readSiteVersions(id: SiteId, before: number, limit: number): Promise<readonly SiteVersion[]> {
    return this.#call('readSiteVersions', () =>
      this.#disk.siteVersions
        .filter((entry) => entry.id === id && entry.version < before)
        .map(({ version, definition, at, by }) => ({ version, definition, at, by }))
        .toReversed()
        .slice(0, limit),
    );
  }

  writeSite(site: StoredSite, { at, by }: SiteChange): Promise<boolean> {
    return this.#call('writeSite', () => {
      if ((this.#disk.sites.get(site.id)?.version ?? 0) !== site.version - 1) return false;
      this.#disk.sites.set(site.id, site);
      const { id, version, definition } = site;
      if (this.#disk.siteVersions.findLast((entry) => entry.id === id)?.definition === definition)
        return true;
      this.#disk.siteVersions.push({ id, version, definition, at, by });
      return true;
    });
  }

  readSecret(): Promise<Uint8Array> {
    return this.#call('readSecret', () => this.#disk.secret);
  }

  ping(): Promise<void> {
    return this.#call('ping', () => undefined);
  }

  tryCommit(): Promise<void> {
    return this.#call('tryCommit', () => undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #call<T>(name: string, work: () => T): Promise<T> {
    const { untilDoneMs, untilToldMs, fails } = this.#link.fateOf(name);
    if (untilDoneMs > 0) await this.#link.wait(untilDoneMs);
    if (fails === 'undone') throw new StoreUnavailable('The store is away.');
    const result = work();
    if (untilToldMs > 0) await this.#link.wait(untilToldMs);
    if (fails === 'untold') throw new StoreUnavailable('The store did not answer.');
    return result;
  }
}
