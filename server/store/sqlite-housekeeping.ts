import type Database from 'libsql';
import { MOST_ENTRIES } from './registers.ts';

const DAY_MS = 86_400_000;

/** How long things are kept, and how many. Past it the oldest (for sums: the smallest) go. */
const KEEP = {
  countedMs: 2 * DAY_MS,
  logMs: 90 * DAY_MS,
  idleShopperMs: 400 * DAY_MS,
  /** For as long pages may come back that know an erased shopper's id. */
  erasedMs: 800 * DAY_MS,
  siteVersions: 1_000,
  sumsPerFold: 1_000_000,
} as const;

/** Everything in the file that grows has its bound here. The log keeps what a fold has not read yet. */
export function housekeep(db: Database.Database, now: number): void {
  db.prepare('DELETE FROM counted WHERE at < ?').run(now - KEEP.countedMs);
  db.prepare('DELETE FROM log WHERE at < ? AND place <= (SELECT coalesce(min(place), 0) FROM folds)').run(
    now - KEEP.logMs,
  );
  db.prepare(`DELETE FROM shoppers WHERE document ->> 'activeAt' < ?`).run(now - KEEP.idleShopperMs);
  db.prepare(
    'DELETE FROM log_keys WHERE NOT EXISTS (SELECT 1 FROM shoppers s WHERE s.site = log_keys.site AND s.shopper = log_keys.shopper)',
  ).run();
  db.prepare('DELETE FROM erased WHERE at < ?').run(now - KEEP.erasedMs);
  db.prepare(
    'DELETE FROM coupons WHERE NOT EXISTS (SELECT 1 FROM shoppers s WHERE s.site = coupons.site AND s.shopper = coupons.shopper)',
  ).run();
  db.prepare(
    'DELETE FROM site_versions WHERE version <= (SELECT max(version) FROM site_versions v WHERE v.id = site_versions.id) - ?',
  ).run(KEEP.siteVersions);
  db.prepare('DELETE FROM registers WHERE expires_at <= ?').run(now);
  db.prepare(
    `DELETE FROM registers WHERE (register, id) IN (
       SELECT register, id FROM (SELECT register, id, row_number() OVER (PARTITION BY register ORDER BY id) AS place FROM registers)
       WHERE place > ?)`,
  ).run(MOST_ENTRIES);
  db.prepare(
    `DELETE FROM sums WHERE (fold, key) IN (
       SELECT fold, key FROM (SELECT fold, key, row_number() OVER (PARTITION BY fold ORDER BY total DESC) AS place FROM sums)
       WHERE place > ?)`,
  ).run(KEEP.sumsPerFold);
}
