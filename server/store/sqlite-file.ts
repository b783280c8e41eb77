import type Database from 'libsql';
import { randomBytes } from 'node:crypto';
import { type LogKey, readLogKey } from './log-key.ts';
import { GroupSealer, markOf, openGroup } from './sealed-group.ts';
import { eraseRows } from './sqlite-erasure.ts';
import { housekeep } from './sqlite-housekeeping.ts';
import { openDatabase } from './sqlite-open.ts';
import { recoveredRows } from './sqlite-recovery.ts';
import type { RegisterChange, RegisterEntry } from './registers.ts';
import { statements } from './sqlite-statements.ts';
import type { SiteChange, SiteVersion, StoredSite } from './store.ts';

/** A group commit. `entries` are JSON, a list of `Entry`. */
export interface Group {
  /** Its place in the log: the one after the last. */
  readonly place: number;
  readonly at: number;
  /** Of `records`. */
  readonly count: number;
  /** Of each commit, as `blockOf` makes them; both are empty in a group that only settles. */
  readonly records: string;
  readonly entries: string;
  /** Of shoppers that had none before. */
  readonly logKeys: readonly (readonly [site: string, shopper: string, key: string])[];
  readonly coupons: readonly (readonly [site: string, code: string, shopper: string])[];
  readonly budgets: readonly (readonly [site: string, name: string, take: number])[];
  /** Shoppers whose rows are brought up to date, this group included. */
  readonly settled: readonly ShopperRow[];
  /** The first place of the redo log that is needed from then on. */
  readonly redoFrom: number;
}

/** A shopper up to the latest commit. `document` is JSON; `counts` are the ids counted since the row was last written. */
export interface ShopperRow {
  readonly site: string;
  readonly shopper: string;
  readonly version: number;
  readonly wakeAt: number | null;
  readonly document: string;
  readonly counts: readonly string[];
}

/** As many of a shopper's counted ids travel with a load. */
const IDS_WITH_LOAD = 256;
/** Groups of the log that are looked through in one call: a few milliseconds in which nothing is written. */
const GROUPS_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 256;
/** Keys of the shoppers whose records were read last. */
const MOST_KNOWN_KEYS = 10_000;

/**
 * The one owner of the database file. Synchronous, and so run in a thread of its own: a sync of the disk takes
 * milliseconds. Another process that opens the same folder is refused by SQLite's exclusive lock, which the system
 * releases when the owner dies, however it dies.
 */
export class SqliteFile {
  readonly epoch: string;
  readonly #db: Database.Database;
  readonly #sql: ReturnType<typeof statements>;
  readonly #knownKeys = new Map<string, LogKey>();
  readonly #sealer = new GroupSealer();

  constructor(dir: string, now: number) {
    this.#db = openDatabase(dir);
    this.#sql = statements(this.#db);
    this.epoch = this.#fact('epoch', () => randomBytes(9).toString('base64url'));
    this.#transact(() => {
      for (const row of recoveredRows(this.#sql)) this.#settle(row, now);
      this.#sql.dropRedo.run(this.lastPlace() + 1);
    });
  }

  /** Of the newest group; 0 before the first. */
  lastPlace(): number {
    return (this.#sql.lastPlace.get() as { place: number }).place;
  }

  /** When the log was last written to, milliseconds since 1970; 0 before that. */
  lastTime(): number {
    return (this.#sql.lastTime.get() as { at: number }).at;
  }

  append({ place, at, count, records, entries, logKeys, coupons, budgets, settled, redoFrom }: Group): void {
    this.#transact(() => {
      for (const [site, shopper, key] of logKeys)
        this.#sql.saveLogKey.run(site, shopper, readLogKey(key).id, key);
      if (entries !== '') {
        this.#sql.insertLog.run(place, at, count, this.#sealer.seal(records));
        this.#sql.insertRedo.run(place, entries);
      }
      for (const [site, code, shopper] of coupons) this.#sql.insertCoupon.run(site, code, shopper);
      for (const [site, name, take] of budgets) this.#sql.takeBudget.run(site, name, take);
      if (settled.length === 0) return;
      for (const row of settled) this.#settle(row, at);
      this.#sql.dropRedo.run(redoFrom);
    });
  }

  /** A shopper by their row, which may be older than what the log has. */
  load(
    site: string,
    shopper: string,
  ): { version: number; document: string; logKey: string | null; counted: string[]; all: boolean } | null {
    const row = this.#sql.load.get(site, shopper) as
      | { version: number; document: string; key: string | null }
      | undefined;
    if (!row) return null;
    const ids = this.#sql.countedIds.all(site, shopper, IDS_WITH_LOAD + 1) as { event: string }[];
    const counted = ids.slice(0, IDS_WITH_LOAD).map(({ event }) => event);
    const { version, document, key: logKey } = row;
    return { version, document, logKey, counted, all: ids.length <= IDS_WITH_LOAD };
  }

  isCounted(site: string, shopper: string, events: readonly string[]): string[] {
    return events.filter((event) => this.#sql.isCounted.get(site, shopper, event) !== undefined);
  }

  /** Shoppers whose deadline has come, by their rows. */
  readDue(now: number, limit: number): { site: string; shopper: string }[] {
    return this.#sql.due.all(now, limit) as { site: string; shopper: string }[];
  }

  readShoppers(site: string, after: string, limit: number): string[] {
    const rows = this.#sql.shoppersAfter.all(site, after, limit) as { shopper: string }[];
    return rows.map(({ shopper }) => shopper);
  }

  findCoupon(site: string, code: string): string | null {
    const row = this.#sql.coupon.get(site, code) as { shopper: string } | undefined;
    return row?.shopper ?? null;
  }

  budgets(): { site: string; rule: string; taken: number }[] {
    return this.#sql.budgets.all() as { site: string; rule: string; taken: number }[];
  }

  readLog(after: number, limit: number): { places: number[]; records: string[] } {
    const places: number[] = [];
    const records: string[] = [];
    let lines = 0;
    // Some rows at a time: a statement that is left half read would lock the file against its closing.
    while (lines < limit) {
      const rows = this.#sql.log.all(places.at(-1) ?? after, ROWS_AT_ONCE) as {
        place: number;
        count: number;
        records: LogRow;
      }[];
      for (const row of rows) {
        if (lines >= limit) break;
        places.push(row.place);
        records.push(linesIn(row.records, (id) => this.#logKey(id)));
        lines += row.count;
      }
      if (rows.length < ROWS_AT_ONCE) break;
    }
    return { places, records };
  }

  /** Counted up to a bound; what is beyond is taken to hold as many records a row. */
  logLag(after: number): { records: number; since: number | null } {
    const { groups, records, since } = this.#sql.logLag.get(after, GROUPS_AT_ONCE) as {
      groups: number;
      records: number | null;
      since: number | null;
    };
    if (groups === 0 || records === null) return { records: 0, since: null };
    return { records: Math.round((records * Math.max(groups, this.lastPlace() - after)) / groups), since };
  }

  readLogOf(
    site: string,
    shopper: string,
    before: number | null,
  ): { records: string[]; next: number | null } {
    const end = before ?? this.lastPlace() + 1;
    const start = Math.max(0, end - GROUPS_AT_ONCE);
    const { key } = (this.#sql.logKeyOf.get(site, shopper) as { key: string } | undefined) ?? {};
    const own = key === undefined ? null : readLogKey(key);
    const rows = this.#sql.logOf.all(start, end, shopper, own ? markOf(own) : shopper) as {
      records: LogRow;
    }[];
    const lines = rows.flatMap(({ records }) =>
      linesIn(records, (id) => (own?.id === id ? own : undefined))
        .split('\n')
        .filter((line) => line.includes(shopper))
        .toReversed(),
    );
    return { records: lines, next: start <= this.#firstPlace() ? null : start };
  }

  isErased(mark: string): boolean {
    return this.#sql.isErased.get(mark) !== undefined;
  }

  /** Wipes a shopper, also from what the disk has of earlier times. `mark` stays. */
  erase(site: string, shopper: string, mark: string, now: number): void {
    this.#transact(() => eraseRows(this.#sql, { site, shopper }, mark, now));
    this.#forgetKeys();
    // Until then the write-ahead log has pages as they were.
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Those that were destroyed must not live on in memory. */
  #forgetKeys(): void {
    this.#knownKeys.clear();
    this.#sealer.clear();
  }

  #logKey(id: string): LogKey | undefined {
    const known = this.#knownKeys.get(id);
    if (known) return known;
    const row = this.#sql.logKey.get(id) as { key: string } | undefined;
    if (!row) return undefined;
    if (this.#knownKeys.size >= MOST_KNOWN_KEYS) this.#knownKeys.clear();
    const key = readLogKey(row.key);
    this.#knownKeys.set(id, key);
    return key;
  }

  #firstPlace(): number {
    return (this.#sql.firstPlace.get() as { place: number }).place;
  }

  readFold(name: string): { place: number; sums: [string, number][] } {
    const sums = this.#sql.sums.all(name) as { key: string; total: number }[];
    return { place: this.readFoldPlace(name), sums: sums.map(({ key, total }) => [key, total]) };
  }

  readFoldPlace(name: string): number {
    const row = this.#sql.fold.get(name) as { place: number } | undefined;
    return row?.place ?? 0;
  }

  /** `changes` are JSON, a list of `[key, change]`. */
  advanceFold(name: string, from: number, to: number, changes: string): boolean {
    let moved = false;
    this.#transact(() => {
      if (this.readFoldPlace(name) !== from) return;
      this.#sql.addSums.run(name, changes);
      this.#sql.moveFold.run(name, to);
      moved = true;
    });
    return moved;
  }

  forgetSums(name: string, before: string): void {
    this.#transact(() => {
      this.#sql.forgetSums.run(name, before);
    });
  }

  readSites(): StoredSite[] {
    return this.#sql.sites.all() as StoredSite[];
  }

  writeSite(site: StoredSite, { at, by }: SiteChange): boolean {
    let written = false;
    this.#transact(() => {
      const row = this.#sql.siteVersion.get(site.id) as { version: number; definition: string } | undefined;
      if ((row?.version ?? 0) !== site.version - 1) return;
      this.#sql.writeSite.run(site.id, site.version, site.definition, site.products, site.importedFrom);
      // A new catalogue changes no definition, and makes no version of it.
      if (row?.definition === site.definition) {
        written = true;
        return;
      }
      this.#sql.keepSiteVersion.run(site.id, site.version, site.definition, at, by);
      written = true;
    });
    return written;
  }

  readSiteVersions(id: string, before: number, limit: number): SiteVersion[] {
    return this.#sql.siteVersions.all(id, before, limit) as SiteVersion[];
  }

  readEntry(register: string, id: string, now: number): RegisterEntry | null {
    const [entry] = this.#sql.entry.all(register, id, now) as RegisterEntry[];
    return entry ?? null;
  }

  readEntries(register: string, after: string, now: number, limit: number): RegisterEntry[] {
    return this.#sql.entries.all(register, after, now, limit) as RegisterEntry[];
  }

  writeEntry(register: string, { id, version, text, expiresAt }: RegisterChange, now: number): boolean {
    if ((this.readEntry(register, id, now)?.version ?? 0) !== version - 1) return false;
    this.#transact(() => {
      if (text === null) this.#sql.removeEntry.run(register, id);
      else this.#sql.writeEntry.run(register, id, version, text, expiresAt);
    });
    return true;
  }

  readSecret(): Uint8Array {
    return Buffer.from(
      this.#fact('secret', () => randomBytes(32).toString('base64url')),
      'base64url',
    );
  }

  /** Answers as long as whoever owns the file answers at all. */
  ping(): boolean {
    return true;
  }

  tryCommit(now: number): void {
    this.#transact(() => {
      this.#sql.writeFact.run('tried', String(now));
    });
  }

  /** Every shopper's row has to be up to date by then. */
  housekeep(now: number): void {
    this.#transact(() => housekeep(this.#db, now));
    this.#forgetKeys();
  }

  close(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  #transact(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #settle({ site, shopper, version, wakeAt, document, counts }: ShopperRow, now: number): void {
    this.#sql.saveShopper.run(site, shopper, version, wakeAt, document);
    if (counts.length > 0) this.#sql.saveCounted.run(site, shopper, now, JSON.stringify(counts));
  }

  #fact(name: string, make: () => string): string {
    this.#sql.insertFact.run(name, make());
    return (this.#sql.fact.get(name) as { value: string }).value;
  }
}

/** Sealed; hubs that sealed nothing wrote lines. */
type LogRow = string | ArrayBuffer;

function linesIn(row: LogRow, keyOf: (id: string) => LogKey | undefined): string {
  return typeof row === 'string' ? row : openGroup(Buffer.from(row), keyOf);
}
