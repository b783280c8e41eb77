import Database from 'libsql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA, SCHEMA_VERSION, UPGRADES } from './sqlite-schema.ts';

/**
 * Opens the database in `dir` for this process alone: SQLite's exclusive lock, which the system releases when its owner
 * dies, however it dies. Throws one clear line when another process has it.
 */
export function openDatabase(dir: string): Database.Database {
  const owner = join(dir, 'owner.pid');
  const db = new Database(join(dir, 'cartbell.db'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // What is deleted is overwritten: a shopper who was erased is not to be found in the free parts of the file.
    db.exec('PRAGMA secure_delete = ON');
    // What is written again soon (the redo log, sums) is copied from the WAL once for many times: at 32 MB, not at 4.
    db.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -32000;');
    db.exec('BEGIN IMMEDIATE; COMMIT;');
  } catch (error) {
    db.close();
    throw isBusy(error)
      ? new Error(`${dir} is in use by another hub${pidIn(owner)}. One hub owns a DATA_DIR.`)
      : error;
  }
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > SCHEMA_VERSION)
    throw new Error(`${dir} was written by a later Cartbell (layout ${version}).`);
  db.exec(SCHEMA);
  // A new file has version 0, and the layout of today.
  for (let next = version === 0 ? SCHEMA_VERSION : version + 1; next <= SCHEMA_VERSION; next++) {
    const upgrade = version === 0 ? '' : (UPGRADES[next] ?? '');
    db.exec(`BEGIN IMMEDIATE; ${upgrade} PRAGMA user_version = ${next}; COMMIT;`);
  }
  writeFileSync(owner, String(process.pid));
  return db;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

function pidIn(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8')})`;
  } catch {
    return '';
  }
}
