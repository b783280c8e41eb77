/**
 * `log` and `redo` get one row per group commit, holding many records: appending costs a tenth of a row per event.
 * `redo` holds what changed in documents, for the groups that are not in `shoppers` yet; settling writes whole documents
 * there and empties it.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
  place INTEGER PRIMARY KEY, at INTEGER NOT NULL, count INTEGER NOT NULL, records ANY NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS redo (place INTEGER PRIMARY KEY, entries TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS shoppers (
  site TEXT NOT NULL, shopper TEXT NOT NULL, version INTEGER NOT NULL, wake_at INTEGER, document TEXT NOT NULL,
  PRIMARY KEY (site, shopper)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shoppers_due ON shoppers (wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS counted (
  site TEXT NOT NULL, shopper TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (site, shopper, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counted_at ON counted (at);
CREATE TABLE IF NOT EXISTS log_keys (
  site TEXT NOT NULL, shopper TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (site, shopper)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS log_keys_id ON log_keys (id);
CREATE TABLE IF NOT EXISTS erased (mark TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coupons (
  site TEXT NOT NULL, code TEXT NOT NULL, shopper TEXT NOT NULL, PRIMARY KEY (site, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS budgets (
  site TEXT NOT NULL, rule TEXT NOT NULL, taken INTEGER NOT NULL, PRIMARY KEY (site, rule)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folds (name TEXT PRIMARY KEY, place INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sums (
  fold TEXT NOT NULL, key TEXT NOT NULL, total REAL NOT NULL, PRIMARY KEY (fold, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sites (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, definition TEXT NOT NULL, products TEXT NOT NULL, imported_from TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS site_versions (
  id TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL,
  at INTEGER NOT NULL DEFAULT 0, by TEXT NOT NULL DEFAULT '', PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS registers (
  register TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL, expires_at INTEGER,
  PRIMARY KEY (register, id)
) STRICT, WITHOUT ROWID;
`;

/** The layout's version, in `PRAGMA user_version`; a file of a later one is not opened. */
export const SCHEMA_VERSION = 4;

/** What brings a file of the version before up to each, by version. */
export const UPGRADES: Readonly<Record<number, string>> = {
  2: `ALTER TABLE site_versions ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE site_versions ADD COLUMN by TEXT NOT NULL DEFAULT '';`,
  // No table changed, but hubs of layout 2 can't read this one's redo log.
  3: '',
  // Hubs of layout 3 can't read a sealed log, whose rows are bytes. What they wrote lies open up to here.
  4: `INSERT OR IGNORE INTO facts (name, value) SELECT 'open_log_to', coalesce(max(place), 0) FROM log;
      ALTER TABLE log RENAME TO open_log;
      CREATE TABLE log (
        place INTEGER PRIMARY KEY, at INTEGER NOT NULL, count INTEGER NOT NULL, records ANY NOT NULL
      ) STRICT;
      INSERT INTO log SELECT place, at, length(records) - length(replace(records, char(10), '')), records FROM open_log;
      DROP TABLE open_log;`,
};
