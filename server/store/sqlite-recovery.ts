import { changed, type DocumentChange } from './document-change.ts';
import type { ShopperRow } from './sqlite-file.ts';
import type { Statements } from './sqlite-statements.ts';

/** One commit as the redo log has it: what made its shopper's document out of the one before. */
export interface Entry {
  readonly site: string;
  readonly shopper: string;
  /** The one that the commit made. */
  readonly version: number;
  readonly counts: readonly string[];
  readonly change?: DocumentChange;
  /** In place of a change, where nothing is known to be before it. */
  readonly document?: object;
}

interface Recovered {
  readonly site: string;
  readonly shopper: string;
  version: number;
  document: object;
  readonly counts: string[];
}

/** The shoppers whose rows were not up to date when the hub before ended: their rows with the rest of the log applied. */
export function recoveredRows(sql: Statements): ShopperRow[] {
  const shoppers = new Map<string, Recovered>();
  for (const { entries } of sql.redo.all() as { entries: string }[]) {
    for (const entry of decodeEntries(entries)) {
      const key = `${entry.site}/${entry.shopper}`;
      const shopper = shoppers.get(key) ?? fromRow(sql, entry);
      shoppers.set(key, shopper);
      // A row is written ahead of the time at which the redo log is cut behind it.
      if (entry.version > shopper.version) redo(shopper, entry);
    }
  }
  return [...shoppers.values()].map(({ site, shopper, version, document, counts }) => {
    const { wakeAt = null } = document as { wakeAt?: number | null };
    return { site, shopper, version, wakeAt, document: JSON.stringify(document), counts };
  });
}

function fromRow(sql: Statements, { site, shopper }: Entry): Recovered {
  const row = sql.load.get(site, shopper) as { version: number; document: string } | undefined;
  const document = row ? (JSON.parse(row.document) as object) : {};
  return { site, shopper, version: row?.version ?? 0, document, counts: [] };
}

function redo(shopper: Recovered, { version, counts, change, document }: Entry): void {
  if (document) shopper.document = document;
  else if (change && version === shopper.version + 1) shopper.document = changed(shopper.document, change);
  else
    throw new Error(
      `Version ${version} of shopper ${shopper.shopper} is in the log, but not the one before it.`,
    );
  shopper.version = version;
  shopper.counts.push(...counts);
}

/** One row of the redo log. */
export function decodeEntries(entries: string): Entry[] {
  if (entries.startsWith('[')) return JSON.parse(entries) as Entry[];
  // As hubs before layout 3 wrote them: the head and the document of each on a line of its own.
  const lines = entries.split('\n');
  return lines.flatMap((head, line) => {
    const document = lines[line + 1];
    if (line % 2 === 1 || document === undefined) return [];
    return [{ ...(JSON.parse(head) as Entry), document: JSON.parse(document) as object }];
  });
}
