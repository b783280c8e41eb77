import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newShopper, type Shopper } from '../../server/core/shopper.ts';
import { SqliteFile } from '../../server/store/sqlite-file.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { type ShopperKey, StoreUnavailable } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { tempDir } from '../support/temp-dir.ts';

const site = SiteId.parse('shop');
const keyOf = (number: number): ShopperKey => ({
  site,
  shopper: ShopperId.parse(`s${number}`.padEnd(22, '-')),
});

/** The document after something happened: it shares with the one before what stayed as it was, as decisions have it. */
function after(document: Shopper | null, key: ShopperKey, at: number): Shopper {
  const known = document ?? newShopper(key.shopper, at);
  const view = { item_id: `item-${at % 5}`, at };
  const { cart } = known;
  return {
    ...known,
    activeAt: at,
    seq: known.seq + 1,
    views: [...known.views, view].slice(-4),
    viewed: [view.item_id, ...known.viewed.filter((item) => item !== view.item_id)].slice(0, 3),
    ...(at % 3 === 0 ? { cart: { ...cart, value: at } } : {}),
    wakeAt: at % 7 === 0 ? null : at + 1_000,
  };
}

async function commit(store: SqliteStore, key: ShopperKey, at: number, coupons: string[] = []) {
  const { document, version } = await store.load(key, []);
  const next = after(document, key, at);
  const { shopper } = key;
  const record = { at, site, shopper, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } } as const;
  const counts = [`event-${at}`];
  const rest = { records: [record], coupons, budgets: [] };
  await store.commit({ key, version, madeBy: '', at, document: next, counts, ...rest });
  return next;
}

it('after a kill at any moment every document is as it was last committed, to the letter', async () => {
  const steps = fc.array(
    fc.record({
      shopper: fc.integer({ min: 0, max: 3 }),
      ms: fc.constantFrom(1, 10, 900, 3_000, 90_000_000),
      kills: fc.boolean(),
    }),
    { minLength: 10, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      let now = 1_795_000_000_000;
      const dir = await tempDir();
      let store = await SqliteStore.open(dir, () => now);
      const model = new Map<number, { document: Shopper; ids: string[] }>();
      for (const { shopper, ms, kills } of list) {
        now += ms;
        const document = await commit(store, keyOf(shopper), now);
        const ids = [...(model.get(shopper)?.ids ?? []), `event-${now}`];
        model.set(shopper, { document, ids });
        if (!kills) continue;
        const copy = join(await tempDir(), 'copy');
        await cp(dir, copy, { recursive: true });
        const recovered = new SqliteFile(copy, now);
        for (const [number, expected] of model) {
          const loaded = recovered.load(site, keyOf(number).shopper);
          expect(JSON.parse(loaded?.document ?? 'null')).toEqual(expected.document);
          expect(loaded?.version).toBe(expected.ids.length);
          expect(new Set(loaded?.counted)).toEqual(new Set(expected.ids));
        }
        recovered.close();
      }
      await store.close();
      store = await SqliteStore.open(dir, () => now);
      for (const [number, { document }] of model)
        expect((await store.load(keyOf(number), [])).document).toEqual(document);
      await store.close();
    }),
    { numRuns: 6 },
  );
});

it('what could not be written never was, and what comes after it builds on what is on disk', async () => {
  const dir = await tempDir();
  const store = await SqliteStore.open(dir, () => 1_000);
  const [anna, ben] = [keyOf(1), keyOf(2)];
  const document = await commit(store, anna, 1_000);
  await store.load(ben, []);
  // A code that is none is one that the file can't write.
  const none = null as unknown as string;
  const failing = Promise.allSettled([commit(store, ben, 1_001, [none]), commit(store, anna, 1_002)]);
  for (const result of await failing)
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
  expect(await store.load(anna, ['event-1000', 'event-1002'])).toMatchObject({
    document,
    version: 1,
    counted: new Set(['event-1000']),
  });
  expect(await store.load(ben, ['event-1001'])).toMatchObject({ document: null, version: 0 });
  const next = await commit(store, anna, 1_003);
  await store.close();
  const again = await SqliteStore.open(dir, () => 1_003);
  expect(await again.load(anna, ['event-1002'])).toMatchObject({
    document: next,
    version: 2,
    counted: new Set(),
  });
  await again.close();
});
