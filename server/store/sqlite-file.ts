import type Database from 'libsql';
import { randomBytes } from 'node:crypto';
import { housekeep } from './sqlite-housekeeping.ts';
import { openDatabase } from './sqlite-open.ts';
import { statements } from './sqlite-statements.ts';
import type { SiteChange, SiteVersion, StoredSite } from './store.ts';

/** One shopper's newest state in a group commit, as it travels to the file. `document` is JSON. */
export interface Entry {
  readonly site: string;
  readonly shopper: string;
  readonly version: number;
  readonly wakeAt: number | null;
  readonly counts: readonly string[];
  readonly coupons: readonly string[];
  /** What is taken from each budget, by its name. */
  readonly budgets: readonly (readonly [name: string, take: number])[];
  readonly document: string;
}

/** A group commit. `records` are JSON lines; `entries` are `encodeEntry` lines. */
export interface Group {
  readonly at: number;
  readonly records: string;
  readonly entries: string;
}

interface Unsettled {
  readonly site: string;
  readonly shopper: string;
  version: number;
  wakeAt: number | null;
  document: string;
  readonly counts: string[];
  /** The first group that is not in `shoppers` yet. */
  readonly firstPlace: number;
  readonly since: number;
}

/** A document waits so long for further changes before it is written to its row. */
const SETTLE_AFTER_MS = 2_000;
/** As many rows ride along in one group's transaction; it costs about a millisecond. */
const SETTLE_WITH_GROUP = 64;
/** Past so many waiting documents every group settles more, whatever their age. */
const MOST_UNSETTLED = 20_000;
/** As many of a shopper's counted ids travel with a load. */
/** Groups of the log that are looked through in one call: a few milliseconds in which nothing is written. */
const GROUPS_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 256;
const IDS_WITH_LOAD = 256;

/** Header and document each on a line of their own: JSON holds no raw line breaks. */
export function encodeEntry({ document, ...header }: Entry): string {
  return `${JSON.stringify(header)}\n${document}\n`;
}

/**
 * The one owner of the database file. Synchronous, and so run in a thread of its own: a sync of the disk takes
 * milliseconds. Another process that opens the same folder is refused by SQLite's exclusive lock, which the system
 * releases when the owner dies, however it dies.
 */
export class SqliteFile {
  readonly epoch: string;
  readonly #db: Database.Database;
  readonly #sql: ReturnType<typeof statements>;
  readonly #unsettled = new Map<string, Unsettled>();
  readonly #leases = new Map<string, number>();
  #place: number;

  constructor(dir: string, now: number) {
    this.#db = openDatabase(dir);
    this.#sql = statements(this.#db);
    this.epoch = this.#fact('epoch', () => randomBytes(9).toString('base64url'));
    const last = this.#sql.lastPlace.get() as { place: number };
    this.#place = last.place;
    for (const row of this.#sql.redo.all() as { place: number; entries: string }[]) {
      this.#remember(row.place, decodeEntries(row.entries), now);
    }
    this.settleAll(now);
  }

  /** When the log was last written to, milliseconds since 1970; 0 before that. */
  lastTime(): number {
    return (this.#sql.lastTime.get() as { at: number }).at;
  }

  append({ at, records, entries }: Group): number {
    const place = this.#place + 1;
    const decoded = [...decodeEntries(entries)];
    this.#transact(() => {
      this.#sql.insertLog.run(place, at, records);
      this.#sql.insertRedo.run(place, entries);
      for (const entry of decoded) this.#index(entry);
      return this.#settleSome(at);
    });
    this.#place = place;
    this.#remember(place, decoded, at);
    return place;
  }

  load(
    site: string,
    shopper: string,
  ): { version: number; document: string; counted: string[]; all: boolean } | null {
    const waiting = this.#unsettled.get(keyOf(site, shopper));
    const row =
      waiting ?? (this.#sql.load.get(site, shopper) as { version: number; document: string } | undefined);
    if (!row) return null;
    const stored = (this.#sql.countedIds.all(site, shopper, IDS_WITH_LOAD + 1) as { event: string }[]).map(
      ({ event }) => event,
    );
    const counted = [...stored.slice(0, IDS_WITH_LOAD), ...(waiting?.counts ?? [])];
    return { version: row.version, document: row.document, counted, all: stored.length <= IDS_WITH_LOAD };
  }

  isCounted(site: string, shopper: string, events: readonly string[]): string[] {
    const waiting = new Set(this.#unsettled.get(keyOf(site, shopper))?.counts);
    return events.filter(
      (event) => waiting.has(event) || this.#sql.isCounted.get(site, shopper, event) !== undefined,
    );
  }

  claimDue(now: number, limit: number, leaseMs: number): { site: string; shopper: string }[] {
    const due: { site: string; shopper: string }[] = [];
    const claim = (site: string, shopper: string) => {
      const key = keyOf(site, shopper);
      if (due.length >= limit || (this.#leases.get(key) ?? 0) > now) return;
      this.#leases.set(key, now + leaseMs);
      due.push({ site, shopper });
    };
    for (const { site, shopper, wakeAt } of this.#unsettled.values()) {
      if (wakeAt !== null && wakeAt <= now) claim(site, shopper);
    }
    // Leased rows are still due by their row; asking for that many more leaves room for the others.
    const rows = this.#sql.due.all(now, limit + this.#leases.size) as { site: string; shopper: string }[];
    for (const { site, shopper } of rows)
      if (!this.#unsettled.has(keyOf(site, shopper))) claim(site, shopper);
    return due;
  }

  readShoppers(site: string, after: string, limit: number): string[] {
    const rows = this.#sql.shoppersAfter.all(site, after, limit) as { shopper: string }[];
    const waiting = [...this.#unsettled.values()].filter(
      (entry) => entry.site === site && entry.shopper > after,
    );
    const ids = new Set([...rows, ...waiting].map(({ shopper }) => shopper));
    return [...ids].sort().slice(0, limit);
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
        records: string;
      }[];
      for (const row of rows) {
        if (lines >= limit) break;
        places.push(row.place);
        records.push(row.records);
        lines += row.records.split('\n').length - 1;
      }
      if (rows.length < ROWS_AT_ONCE) break;
    }
    return { places, records };
  }

  /** Counted row by row up to a bound; what is beyond is taken to hold as many records a row. */
  logLag(after: number): { records: number; since: number | null } {
    const { groups, records, since } = this.#sql.logLag.get(after, GROUPS_AT_ONCE) as {
      groups: number;
      records: number | null;
      since: number | null;
    };
    if (groups === 0 || records === null) return { records: 0, since: null };
    return { records: Math.round((records * Math.max(groups, this.#place - after)) / groups), since };
  }

  readLogOf(shopper: string, before: number | null): { records: string[]; next: number | null } {
    const end = before ?? this.#place + 1;
    const start = Math.max(0, end - GROUPS_AT_ONCE);
    const rows = this.#sql.logOf.all(start, end, shopper) as { records: string }[];
    const lines = rows.flatMap(({ records }) =>
      records
        .split('\n')
        .filter((line) => line.includes(shopper))
        .toReversed(),
    );
    return { records: lines, next: start <= this.#firstPlace() ? null : start };
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

  advanceFold(name: string, from: number, to: number, changes: [string, number][]): boolean {
    let moved = false;
    this.#transact(() => {
      if (this.readFoldPlace(name) !== from) return;
      this.#sql.addSums.run(name, JSON.stringify(changes));
      this.#sql.moveFold.run(name, to);
      moved = true;
    });
    return moved;
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
    this.#transact(() => void this.#sql.writeFact.run('tried', String(now)));
  }

  /** Writes every waiting document to its row. */
  settleAll(now: number): void {
    if (this.#unsettled.size > 0) this.#transact(() => this.#settle([...this.#unsettled.keys()]));
    this.#dropOldLeases(now);
  }

  /** For quiet times: what has waited long enough is settled even when no group comes by. */
  settleIdle(now: number): void {
    const [oldest] = this.#unsettled.values();
    if (oldest && oldest.since + SETTLE_AFTER_MS <= now) this.#transact(() => this.#settleSome(now));
    this.#dropOldLeases(now);
  }

  housekeep(now: number): void {
    this.settleAll(now);
    this.#transact(() => housekeep(this.#db, now));
  }

  close(now: number): void {
    this.settleAll(now);
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  /** Documents that `work` settles are forgotten once it is committed, and not before: a full disk shows at the commit. */
  #transact(work: () => readonly string[] | void): void {
    let settled: readonly string[] = [];
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      settled = work() ?? [];
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    for (const key of settled) this.#unsettled.delete(key);
  }

  #index(entry: Entry): void {
    for (const code of entry.coupons) this.#sql.insertCoupon.run(entry.site, code, entry.shopper);
    for (const [name, take] of entry.budgets) this.#sql.takeBudget.run(entry.site, name, take);
  }

  #settleSome(now: number): readonly string[] {
    const isCrowded = this.#unsettled.size > MOST_UNSETTLED;
    const keys: string[] = [];
    for (const [key, { since }] of this.#unsettled) {
      if (keys.length >= SETTLE_WITH_GROUP * (isCrowded ? 8 : 1)) break;
      if (!isCrowded && since + SETTLE_AFTER_MS > now) break;
      keys.push(key);
    }
    return this.#settle(keys);
  }

  #settle(keys: readonly string[]): readonly string[] {
    if (keys.length === 0) return keys;
    const settling = new Set(keys);
    const ids: unknown[] = [];
    for (const key of keys) {
      const entry = this.#unsettled.get(key);
      if (!entry) continue;
      const { site, shopper, version, wakeAt, document, counts, since } = entry;
      this.#sql.saveShopper.run(site, shopper, version, wakeAt, document);
      for (const event of counts) ids.push([site, shopper, event, since]);
    }
    if (ids.length > 0) this.#sql.saveCounted.run(JSON.stringify(ids));
    let oldest = this.#place + 1;
    for (const [key, { firstPlace }] of this.#unsettled) {
      if (settling.has(key)) continue;
      oldest = firstPlace;
      break;
    }
    this.#sql.dropRedo.run(Math.min(oldest, this.#place + 1));
    return keys;
  }

  #remember(place: number, entries: Iterable<Entry>, at: number): void {
    for (const { site, shopper, version, wakeAt, counts, document } of entries) {
      const key = keyOf(site, shopper);
      const waiting = this.#unsettled.get(key);
      if (!waiting) {
        this.#unsettled.set(key, {
          site,
          shopper,
          version,
          wakeAt,
          counts: [...counts],
          document,
          firstPlace: place,
          since: at,
        });
      } else {
        // In place, so that those that wait longest stay first.
        waiting.version = version;
        waiting.wakeAt = wakeAt;
        waiting.document = document;
        for (const id of counts) waiting.counts.push(id);
      }
      if (this.#leases.size > 0) this.#leases.delete(key);
    }
  }

  #dropOldLeases(now: number): void {
    for (const [key, until] of this.#leases) if (until <= now) this.#leases.delete(key);
  }

  #fact(name: string, make: () => string): string {
    this.#sql.insertFact.run(name, make());
    return (this.#sql.fact.get(name) as { value: string }).value;
  }
}

function* decodeEntries(entries: string): Iterable<Entry> {
  const lines = entries.split('\n');
  for (let line = 0; line + 1 < lines.length; line += 2) {
    const [header, document] = [lines[line], lines[line + 1]];
    if (header !== undefined && document !== undefined)
      yield { ...(JSON.parse(header) as Omit<Entry, 'document'>), document };
  }
}

function keyOf(site: string, shopper: string): string {
  return `${site}/${shopper}`;
}
