import Database from 'libsql';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { logKeyToText, newLogKey } from '../../server/store/log-key.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { blockOf, linesOf } from '../../server/store/record-lines.ts';
import { type ShopperId, SiteId } from '../../shared/ids.ts';
import { type Group, SqliteFile } from '../../server/store/sqlite-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 1_795_000_000_000;

async function open(dir: string, now = NOW): Promise<SqliteFile> {
  const file = new SqliteFile(dir, now);
  onTestFinished(() => file.close());
  return file;
}

function group(place: number, shopper: string, version: number, counts: string[], more: Partial<Group> = {}) {
  const set = { activeAt: NOW, version };
  const entry = { site: 'shop', shopper, version, counts };
  const entries = JSON.stringify([
    version === 1 ? { ...entry, document: set } : { ...entry, change: { set } },
  ]);
  const nothing = { logKeys: [], coupons: [], budgets: [], settled: [], redoFrom: 0 };
  return { place, at: NOW, count: 0, records: '', entries, ...nothing, ...more };
}

function recordOf(shopper: string): LogRecord {
  const key = { site: SiteId.parse('shop'), shopper: shopper as ShopperId };
  return { ...key, at: NOW, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } };
}

const lineOf = (shopper: string) => linesOf([recordOf(shopper)]);

function row(shopper: string, version: number, counts: string[], activeAt = NOW) {
  const document = JSON.stringify({ activeAt, version });
  return { site: 'shop', shopper, version, wakeAt: null, document, counts };
}

/** The folder as a process leaves it that was killed in the midst of its work. */
async function asKilled(dir: string): Promise<string> {
  const copy = join(await tempDir(), 'copy');
  await cp(dir, copy, { recursive: true });
  return copy;
}

it('after a kill, what was counted before stays counted for two days', async () => {
  const dir = await tempDir();
  const file = await open(dir);
  file.append(group(1, 'anna', 1, ['event-1']));
  const recovered = await open(await asKilled(dir), NOW + 1_000);
  expect(recovered.load('shop', 'anna')).toMatchObject({ version: 1, counted: ['event-1'] });
  recovered.housekeep(NOW + HOUR_MS);
  expect(recovered.isCounted('shop', 'anna', ['event-1', 'event-2'])).toEqual(['event-1']);
  recovered.housekeep(NOW + 3 * DAY_MS);
  expect(recovered.isCounted('shop', 'anna', ['event-1'])).toEqual([]);
});

it('after a kill, a row that is newer than some of the redo log stays as it is', async () => {
  const dir = await tempDir();
  const file = await open(dir);
  file.append(group(1, 'anna', 1, ['event-1']));
  file.append(group(2, 'ben', 1, ['event-2']));
  file.append(group(3, 'ben', 2, ['event-3'], { settled: [row('ben', 2, ['event-2', 'event-3'])] }));
  file.append(group(4, 'ben', 3, ['event-4']));
  const recovered = await open(await asKilled(dir));
  expect(recovered.load('shop', 'anna')).toMatchObject({ version: 1, counted: ['event-1'] });
  const ben = recovered.load('shop', 'ben');
  expect(ben).toMatchObject({ version: 3, document: JSON.stringify({ activeAt: NOW, version: 3 }) });
  expect(ben?.counted.toSorted()).toEqual(['event-2', 'event-3', 'event-4']);
  expect(recovered.lastPlace()).toBe(4);
});

it('refuses a redo log with a hole in it, rather than to guess', async () => {
  const dir = await tempDir();
  const file = await open(dir);
  file.append(group(1, 'anna', 1, []));
  file.append(group(2, 'anna', 3, []));
  const killed = await asKilled(dir);
  expect(() => new SqliteFile(killed, NOW)).toThrow('Version 3 of shopper anna is in the log');
});

it('forgets shoppers that were idle for 400 days, also while others are busy', async () => {
  const file = await open(await tempDir());
  const settled = [row('idle', 1, [], NOW - 500 * DAY_MS), row('busy', 1, [])];
  file.append({ ...group(1, '', 0, []), entries: '', records: '', settled });
  file.housekeep(NOW);
  expect(file.load('shop', 'idle')).toBeNull();
  expect(file.load('shop', 'busy')).toMatchObject({ version: 1 });
});

it('a file of the layout before is brought up to today’s, with what is in it', async () => {
  const dir = await tempDir();
  const db = new Database(join(dir, 'cartbell.db'));
  const head = { site: 'shop', shopper: 'anna', version: 7, wakeAt: 5, counts: ['event-7'], coupons: [] };
  db.exec(`CREATE TABLE site_versions (id TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL,
    PRIMARY KEY (id, version)) STRICT, WITHOUT ROWID;
    INSERT INTO site_versions VALUES ('shop', 1, '{}');
    CREATE TABLE redo (place INTEGER PRIMARY KEY, entries TEXT NOT NULL) STRICT;
    CREATE TABLE log (place INTEGER PRIMARY KEY, at INTEGER NOT NULL, records TEXT NOT NULL) STRICT;
    PRAGMA user_version = 1;`);
  db.prepare('INSERT INTO redo VALUES (1, ?)').run(`${JSON.stringify(head)}\n{"wakeAt":5}\n`);
  db.prepare('INSERT INTO log VALUES (1, 1000, ?)').run(lineOf('anna') + lineOf('ben') + lineOf('anna'));
  db.close();
  const file = await open(dir);
  expect(file.readSiteVersions('shop', 9, 9)).toEqual([{ version: 1, definition: '{}', at: 0, by: '' }]);
  const anna = { version: 7, document: '{"wakeAt":5}', counted: ['event-7'] };
  expect(file.load('shop', 'anna')).toMatchObject(anna);
  expect(file.readDue(5, 9)).toEqual([{ site: 'shop', shopper: 'anna' }]);
  expect(file.logLag(0)).toEqual({ records: 3, since: 1_000 });
  const logKey = logKeyToText(newLogKey());
  const records = blockOf([recordOf('anna')], logKey) + blockOf([recordOf('ben')], logKeyToText(newLogKey()));
  file.append(group(2, 'anna', 8, [], { count: 2, records, logKeys: [['shop', 'anna', logKey]] }));
  const anybody = [lineOf('anna') + lineOf('ben') + lineOf('anna'), lineOf('anna')];
  expect(file.readLog(0, 9)).toEqual({ places: [1, 2], records: anybody });
  const annas = Array.from({ length: 3 }, () => lineOf('anna').trim());
  expect(file.readLogOf('shop', 'anna', null)).toEqual({ records: annas, next: null });
  file.erase('shop', 'anna', 'mark', NOW);
  expect(file.readLog(0, 9)).toEqual({ places: [1, 2], records: [lineOf('ben'), ''] });
});
