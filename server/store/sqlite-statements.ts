import type Database from 'libsql';

type Prepared = ReturnType<typeof Database.prototype.prepare<unknown[]>>;

const SQL = {
  lastPlace:
    'SELECT max(coalesce((SELECT max(place) FROM log), 0), coalesce((SELECT max(place) FROM redo), 0)) AS place',
  lastTime: 'SELECT coalesce((SELECT at FROM log ORDER BY place DESC LIMIT 1), 0) AS at',
  redo: 'SELECT place, entries FROM redo ORDER BY place',
  insertLog: 'INSERT INTO log (place, at, count, records) VALUES (?, ?, ?, ?)',
  insertRedo: 'INSERT INTO redo (place, entries) VALUES (?, ?)',
  dropRedo: 'DELETE FROM redo WHERE place < ?',
  load: `SELECT version, document, key FROM shoppers LEFT JOIN log_keys USING (site, shopper)
       WHERE site = ? AND shopper = ?`,
  logKey: 'SELECT key FROM log_keys WHERE id = ?',
  logKeyOf: 'SELECT key FROM log_keys WHERE site = ? AND shopper = ?',
  saveLogKey: 'INSERT OR IGNORE INTO log_keys (site, shopper, id, key) VALUES (?, ?, ?, ?)',
  dropLogKey: 'DELETE FROM log_keys WHERE site = ? AND shopper = ?',
  dropShopper: 'DELETE FROM shoppers WHERE site = ? AND shopper = ?',
  dropCounted: 'DELETE FROM counted WHERE site = ? AND shopper = ?',
  dropCoupons: 'DELETE FROM coupons WHERE site = ? AND shopper = ?',
  markErased: 'INSERT OR REPLACE INTO erased (mark, at) VALUES (?, ?)',
  isErased: 'SELECT 1 FROM erased WHERE mark = ?',
  redoAbout: 'SELECT place, entries FROM redo WHERE instr(entries, ?) > 0',
  rewriteRedo: 'UPDATE redo SET entries = ? WHERE place = ?',
  openLogAbout: 'SELECT place, records FROM log WHERE place <= ? AND instr(records, ?) > 0',
  rewriteLog: 'UPDATE log SET records = ? WHERE place = ?',
  saveShopper: `INSERT INTO shoppers (site, shopper, version, wake_at, document) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, wake_at = excluded.wake_at, document = excluded.document`,
  shoppersAfter: 'SELECT shopper FROM shoppers WHERE site = ? AND shopper > ? ORDER BY shopper LIMIT ?',
  due: 'SELECT site, shopper FROM shoppers WHERE wake_at <= ? ORDER BY wake_at LIMIT ?',
  countedIds: 'SELECT event FROM counted WHERE site = ? AND shopper = ? ORDER BY at DESC LIMIT ?',
  isCounted: 'SELECT 1 FROM counted WHERE site = ? AND shopper = ? AND event = ?',
  saveCounted: `INSERT OR IGNORE INTO counted (site, shopper, event, at)
       SELECT ?1, ?2, value, ?3 FROM json_each(?4)`,
  /** Codes go with a shopper who turns out to be another. */
  insertCoupon:
    'INSERT INTO coupons (site, code, shopper) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET shopper = excluded.shopper',
  coupon: 'SELECT shopper FROM coupons WHERE site = ? AND code = ?',
  takeBudget:
    'INSERT INTO budgets (site, rule, taken) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET taken = taken + excluded.taken',
  budgets: 'SELECT site, rule, taken FROM budgets',
  log: 'SELECT place, count, records FROM log WHERE place > ? ORDER BY place LIMIT ?',
  logLag: `SELECT count(*) AS groups, sum(count) AS records, min(at) AS since
       FROM (SELECT count, at FROM log WHERE place > ? ORDER BY place LIMIT ?)`,
  logOf:
    'SELECT records FROM log WHERE place >= ? AND place < ? AND (instr(records, ?) > 0 OR instr(records, ?) > 0) ORDER BY place DESC',
  firstPlace: 'SELECT coalesce(min(place), 0) AS place FROM log',
  fold: 'SELECT place FROM folds WHERE name = ?',
  sums: 'SELECT key, total FROM sums WHERE fold = ?',
  addSums: `INSERT INTO sums (fold, key, total) SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true
       ON CONFLICT DO UPDATE SET total = total + excluded.total`,
  forgetSums: 'DELETE FROM sums WHERE fold = ? AND key < ?',
  moveFold: 'INSERT INTO folds (name, place) VALUES (?, ?) ON CONFLICT DO UPDATE SET place = excluded.place',
  sites: 'SELECT id, version, definition, products, imported_from AS importedFrom FROM sites',
  siteVersion: 'SELECT version, definition FROM sites WHERE id = ?',
  writeSite: `INSERT INTO sites (id, version, definition, products, imported_from) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, definition = excluded.definition,
         products = excluded.products, imported_from = excluded.imported_from`,
  keepSiteVersion: 'INSERT INTO site_versions (id, version, definition, at, by) VALUES (?, ?, ?, ?, ?)',
  siteVersions: `SELECT version, definition, at, by FROM site_versions WHERE id = ? AND version < ?
       ORDER BY version DESC LIMIT ?`,
  entry: `SELECT id, version, text, expires_at AS expiresAt FROM registers
       WHERE register = ? AND id = ? AND coalesce(expires_at > ?, true)`,
  entries: `SELECT id, version, text, expires_at AS expiresAt FROM registers
       WHERE register = ? AND id > ? AND coalesce(expires_at > ?, true) ORDER BY id LIMIT ?`,
  writeEntry: `INSERT INTO registers (register, id, version, text, expires_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, text = excluded.text, expires_at = excluded.expires_at`,
  removeEntry: 'DELETE FROM registers WHERE register = ? AND id = ?',
  fact: 'SELECT value FROM facts WHERE name = ?',
  writeFact: 'INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)',
  insertFact: 'INSERT OR IGNORE INTO facts (name, value) VALUES (?, ?)',
};

export type Statements = Record<keyof typeof SQL, Prepared>;

/** Every statement that runs after the start, prepared once. */
export function statements(db: Database.Database): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]);
  // The entries are those of `SQL`, one for one.
  return Object.fromEntries(prepared) as Statements;
}
