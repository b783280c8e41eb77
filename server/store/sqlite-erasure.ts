import { decodeEntries } from './sqlite-recovery.ts';
import type { Statements } from './sqlite-statements.ts';

/**
 * Wipes a shopper from every table, in the transaction of the caller. Their part of the log can be read by nobody once the key
 * is gone; what hubs wrote into it before logs were sealed is taken out line by line.
 */
export function eraseRows(
  sql: Statements,
  { site, shopper }: { readonly site: string; readonly shopper: string },
  mark: string,
  now: number,
): void {
  for (const drop of [sql.dropShopper, sql.dropCounted, sql.dropCoupons, sql.dropLogKey])
    drop.run(site, shopper);
  sql.markErased.run(mark, now);
  for (const { place, entries } of sql.redoAbout.all(shopper) as { place: number; entries: string }[]) {
    const others = decodeEntries(entries).filter((entry) => entry.site !== site || entry.shopper !== shopper);
    sql.rewriteRedo.run(JSON.stringify(others), place);
  }
  const openTo = (sql.fact.get('open_log_to') as { value: number } | undefined)?.value ?? 0;
  const open = sql.openLogAbout.all(openTo, shopper) as { place: number; records: string }[];
  for (const { place, records } of open) {
    const others = records.split('\n').filter((line) => !line.includes(`"shopper":"${shopper}"`));
    sql.rewriteLog.run(others.join('\n'), place);
  }
}
