import type { Shopper } from '../core/shopper.ts';
import type { LogPlace, ShopperKey, Store } from '../store/store.ts';
import type { Contacts } from './contacts.ts';

/** Stretches of the log that are looked through for one shopper. */
const MOST_STRETCHES = 100_000;

/**
 * All that is kept of a shopper, as chunks of one JSON object: `{ "shopper", "at", "document", "contact", "records" }`, records newest
 * first, those of the anonymous shoppers that they were last. The document is what decisions read; a record is one thing that
 * happened and what was decided on it. Empty for a shopper of whom nothing is known.
 */
export async function* exportShopper(
  store: Store,
  contacts: Contacts,
  { site, shopper }: ShopperKey,
): AsyncGenerator<string> {
  const { document, now } = await store.load({ site, shopper }, []);
  if (!document) return;
  const contact = contacts.open(site, document.contact ?? {});
  yield `{"shopper":${JSON.stringify(shopper)},"at":${now},"document":${JSON.stringify(document)},"contact":${JSON.stringify(contact)},"records":[`;
  let separator = '';
  for (const one of [shopper, ...(document.merged ?? [])])
    for await (const record of recordsOf(store, { site, shopper: one }, document)) {
      yield separator + record;
      separator = ',';
    }
  yield ']}';
}

async function* recordsOf(
  store: Store,
  key: ShopperKey,
  { createdAt }: Pick<Shopper, 'createdAt'>,
): AsyncGenerator<string> {
  let before: LogPlace | null = null;
  for (let stretch = 0; stretch < MOST_STRETCHES; stretch++) {
    const { records, next }: Awaited<ReturnType<Store['readLogOf']>> = await store.readLogOf(key, before);
    for (const record of records) yield JSON.stringify(record);
    const oldest = records.at(-1);
    if (next === null || (oldest && oldest.at <= createdAt)) return;
    before = next;
  }
}
