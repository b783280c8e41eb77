import Database from 'libsql';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { encodeEntry, SqliteFile } from '../../server/store/sqlite-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 1_795_000_000_000;

async function open(dir: string, now = NOW): Promise<SqliteFile> {
  const file = new SqliteFile(dir, now);
  onTestFinished(() => file.close(now));
  return file;
}

function group(at: number, shopper: string, version: number, counts: string[], activeAt = at) {
  const document = JSON.stringify({ activeAt, version });
  const entry = { site: 'shop', shopper, version, wakeAt: null, counts, coupons: [], budgets: [], document };
  return { at, records: '{}\n', entries: encodeEntry(entry) };
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
  file.append(group(NOW, 'anna', 1, ['event-1']));
  const recovered = await open(await asKilled(dir), NOW + 1_000);
  expect(recovered.load('shop', 'anna')).toMatchObject({ version: 1, counted: ['event-1'] });
  recovered.housekeep(NOW + HOUR_MS);
  expect(recovered.isCounted('shop', 'anna', ['event-1', 'event-2'])).toEqual(['event-1']);
  recovered.housekeep(NOW + 3 * DAY_MS);
  expect(recovered.isCounted('shop', 'anna', ['event-1'])).toEqual([]);
});

it('after a kill, the newest of many changes is there, whether it was settled or not', async () => {
  const dir = await tempDir();
  const file = await open(dir);
  for (let version = 1; version <= 300; version++) {
    file.append(group(NOW + version * 50, `shopper-${version % 7}`, version, [`event-${version}`]));
    if (version % 40 === 0) {
      const recovered = await open(await asKilled(dir), NOW + version * 50);
      for (let last = version; last > version - 7; last--) {
        expect(recovered.load('shop', `shopper-${last % 7}`)).toMatchObject({ version: last });
        expect(recovered.isCounted('shop', `shopper-${last % 7}`, [`event-${last}`])).toHaveLength(1);
      }
    }
  }
});

it('forgets shoppers that were idle for 400 days, also while others are busy', async () => {
  const file = await open(await tempDir());
  file.append(group(NOW, 'idle', 1, [], NOW - 500 * DAY_MS));
  file.append(group(NOW, 'busy', 1, []));
  file.housekeep(NOW);
  expect(file.load('shop', 'idle')).toBeNull();
  expect(file.load('shop', 'busy')).toMatchObject({ version: 1 });
});

it('a file of the layout before is brought up to today’s, with what is in it', async () => {
  const dir = await tempDir();
  const db = new Database(join(dir, 'cartbell.db'));
  db.exec(`CREATE TABLE site_versions (id TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL,
    PRIMARY KEY (id, version)) STRICT, WITHOUT ROWID;
    INSERT INTO site_versions VALUES ('shop', 1, '{}'); PRAGMA user_version = 1;`);
  db.close();
  const file = new SqliteFile(dir, 0);
  expect(file.readSiteVersions('shop', 9, 9)).toEqual([{ version: 1, definition: '{}', at: 0, by: '' }]);
  file.close(0);
});
