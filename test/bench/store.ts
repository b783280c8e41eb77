import Database from 'libsql';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newShopper, type Shopper } from '../../server/core/shopper.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Commit, ShopperKey } from '../../server/store/store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { answer } from './answer.ts';
import { median } from './percentiles.ts';

export interface StoreFigure {
  readonly way: string;
  readonly commitsPerSecond: number;
  /** Of the whole process, all its threads. */
  readonly cpuMicrosPerCommit: number;
}

type Way = (forMs: number) => Promise<number>;

const ROUNDS = 3;
const ROUND_MS = 1_000;
/** Past the five seconds after which the store begins to write documents to their rows: that is part of its cost. */
const WARM_UP_MS = 5_600;
const BARE_WARM_UP_MS = 200;
const SHOPPERS = 4_096;
const PER_GROUP = 100;
const NOW = 1_795_000_000_000;
const site = SiteId.parse('bench');

async function measureStore(): Promise<StoreFigure[]> {
  const home =
    process.env['BENCH_DIR'] ?? fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
  const dir = mkdtempSync(join(home, 'store-'));
  try {
    const figures = [await embedded(join(dir, 'lanes-64'), 64), await embedded(join(dir, 'lanes-512'), 512)];
    for (const { way, open } of bareWays) figures.push(await bare(way, open(dir)));
    return figures;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function embedded(dir: string, lanes: number): Promise<StoreFigure> {
  const store = await SqliteStore.open(dir);
  let event = 0;
  const commitAll: Way = async (forMs) => {
    const until = performance.now() + forMs;
    let count = 0;
    const lane = async (number: number) => {
      for (let index = number; performance.now() < until; index = (index + lanes) % SHOPPERS) {
        const key = keys[index] ?? { site, shopper: shopperId(0) };
        const id = eventId(++event);
        const { version } = await store.load(key, [id]);
        const { ok } = await store.commit(commitOf(key, version, id));
        if (!ok) throw new Error('A commit was refused.');
        count++;
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
    return count;
  };
  const figure = await measure(`embedded store, ${lanes} shoppers under way`, commitAll, WARM_UP_MS);
  await store.close();
  return figure;
}

async function bare(way: string, { commitGroup, close }: ReturnType<Bare>): Promise<StoreFigure> {
  const commitAll: Way = async (forMs) => {
    const until = performance.now() + forMs;
    let count = 0;
    for (; performance.now() < until; count += PER_GROUP) commitGroup();
    return count;
  };
  const figure = await measure(way, commitAll, BARE_WARM_UP_MS);
  close();
  return figure;
}

async function measure(way: string, commitAll: Way, warmUpMs: number): Promise<StoreFigure> {
  await commitAll(warmUpMs);
  const rounds: { perSecond: number; micros: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const count = await commitAll(ROUND_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(before);
    rounds.push({ perSecond: count / seconds, micros: (user + system) / count });
  }
  return {
    way,
    commitsPerSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMicrosPerCommit: median(rounds.map(({ micros }) => micros)),
  };
}

type Bare = (dir: string) => { commitGroup(): void; close(): void };

/** The same bytes, ready made, put on disk by the bare parts: what the store has to be compared with. */
const bareWays: readonly { way: string; open: Bare }[] = [
  { way: `append and fdatasync per ${PER_GROUP}`, open: appended },
  { way: `libsql, row upsert and log row per event, ${PER_GROUP} a transaction`, open: rowPerEvent },
  { way: `libsql, one row of each per ${PER_GROUP}`, open: rowPerGroup },
];

function appended(dir: string): ReturnType<Bare> {
  const file = openSync(join(dir, 'appended'), 'w');
  const group = (sampleRecord + sampleEntry).repeat(PER_GROUP);
  return {
    commitGroup() {
      writeSync(file, group);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

function rowPerEvent(dir: string): ReturnType<Bare> {
  const db = database(join(dir, 'row-per-event.db'));
  db.exec('CREATE TABLE log (place INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT');
  db.exec(
    'CREATE TABLE shoppers (shopper TEXT PRIMARY KEY, version INTEGER NOT NULL, document TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
  const insert = db.prepare('INSERT INTO log (record) VALUES (?)');
  const upsert = db.prepare(
    `INSERT INTO shoppers (shopper, version, document) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, document = excluded.document`,
  );
  let place = 0;
  return {
    commitGroup() {
      db.exec('BEGIN IMMEDIATE');
      for (let count = 0; count < PER_GROUP; count++) {
        upsert.run(keys[++place % SHOPPERS]?.shopper, place, sampleDocument);
        insert.run(sampleRecord);
      }
      db.exec('COMMIT');
    },
    close: () => void db.close(),
  };
}

function rowPerGroup(dir: string): ReturnType<Bare> {
  const db = database(join(dir, 'row-per-group.db'));
  db.exec(
    'CREATE TABLE log (place INTEGER PRIMARY KEY, records TEXT NOT NULL, entries TEXT NOT NULL) STRICT',
  );
  const insert = db.prepare('INSERT INTO log (records, entries) VALUES (?, ?)');
  const [records, entries] = [sampleRecord.repeat(PER_GROUP), sampleEntry.repeat(PER_GROUP)];
  return {
    commitGroup() {
      db.exec('BEGIN IMMEDIATE');
      insert.run(records, entries);
      db.exec('COMMIT');
    },
    close: () => void db.close(),
  };
}

function database(path: string): Database.Database {
  const db = new Database(path);
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return db;
}

function shopperId(index: number): ShopperId {
  return ShopperId.parse(`bench${String(index).padStart(17, '0')}`);
}

function eventId(number: number): string {
  return `01BENCH${String(number).padStart(19, '0')}`;
}

function commitOf(key: ShopperKey, version: number, id: string): Commit {
  const input = { kind: 'event', source: 'page', event: { ...sampleEvent, id } } as const;
  return {
    key,
    version,
    madeBy: '',
    at: NOW,
    document: { ...document, id: key.shopper, rev: version },
    counts: [id],
    records: [{ at: NOW, site, shopper: key.shopper, version: 1, seed: [1, 2, 3, 4], input }],
    coupons: [],
    budgets: [],
  };
}

const keys = Array.from({ length: SHOPPERS }, (_, index) => ({ site, shopper: shopperId(index) }));
const sampleEvent = ShopperEvent.parse({
  id: eventId(0),
  name: 'view_item',
  at: NOW,
  rev: 1,
  params: { items: [{ item_id: 'item-17', price: 18.5 }] },
});
const document: Shopper = {
  ...newShopper(shopperId(0), NOW),
  viewed: Array.from({ length: 20 }, (_, index) => `stoneware-mug-hand-thrown-item-${index}`),
};
const sampleCommit = commitOf(keys[0] ?? { site, shopper: shopperId(0) }, 1, eventId(0));
const sampleDocument = JSON.stringify(sampleCommit.document);
const sampleRecord = `${lineOf(sampleCommit.records)}\n`;
const sampleHead = { site, shopper: sampleCommit.key.shopper, version: 1, counts: sampleCommit.counts };
const sampleEntry = `${JSON.stringify(sampleHead)}\n${sampleDocument}\n`;

function lineOf([record]: readonly LogRecord[]): string {
  return JSON.stringify(record);
}

answer(await measureStore());
