import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { newShopper, type Shopper } from '../../server/core/shopper.ts';
import { Retention } from '../../server/engine/retention.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { ShopperKey } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { site as siteOf } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const DAY = 86_400_000;
const logger = pino({ level: 'silent' });
const keyOf = (site: string, name: string): ShopperKey => ({
  site: SiteId.parse(site),
  shopper: ShopperId.parse(name.padEnd(22, '-')),
});

/** Two sites over one store, of which one keeps its shoppers for 30 days. */
async function twoSites() {
  const clock = { now: Date.UTC(2026, 10, 27) };
  const store = await SqliteStore.open(await tempDir(), () => clock.now);
  onTestFinished(() => store.close());
  const pairs = new PairModel();
  const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
  for (const [id, settings] of [
    ['keeps', {}],
    ['forgets', { keepShoppers: '30d' }],
  ] as const) {
    const keys = { publishableKey: `pk_${id}`, secretKey: `sk_of_${id}_0` };
    const faults = await sites.importFile(SiteFile.parse(siteOf({ id, ...keys, settings })));
    expect(faults).toEqual([]);
  }
  const write = async (key: ShopperKey, more: Partial<Shopper> = {}) => {
    const { version, madeBy, now: at } = await store.load(key, []);
    const document = { ...newShopper(key.shopper, at), ...more };
    const nothing = { counts: [], records: [], coupons: [], budgets: [] };
    await store.commit({ key, version, madeBy, at, document, ...nothing });
  };
  const erased: string[] = [];
  const broken = new Set<string>();
  const retention = () =>
    new Retention({
      store,
      sites,
      logger,
      erase: async (key) => {
        const name = `${key.site} ${key.shopper.replaceAll('-', '')}`;
        if (broken.has(name)) throw new Error('busy');
        erased.push(name);
        await store.erase(key);
      },
    });
  return { clock, store, write, retention, erased, broken };
}

it('who did nothing for as long as their site keeps them is erased, and nobody else', async () => {
  const { clock, store, write, retention, erased } = await twoSites();
  for (let index = 0; index < 250; index++) await write(keyOf('forgets', `idle${index}`));
  await write(keyOf('keeps', 'idle'));
  await write(keyOf('forgets', 'active'));
  const to = keyOf('forgets', 'active').shopper;
  await write(keyOf('forgets', 'departed'), { departed: { to, at: clock.now, isDone: true } });
  clock.now += 30 * DAY - 1;
  await retention().look();
  expect(erased).toEqual([]);
  await write(keyOf('forgets', 'active'));
  clock.now += DAY + 1;
  await retention().look();
  expect(erased.toSorted()).toEqual(
    Array.from({ length: 250 }, (_, index) => `forgets idle${index}`).toSorted(),
  );
  expect((await store.load(keyOf('forgets', 'idle7'), [])).isErased).toBe(true);
});

it('one who can’t be erased is in nobody else’s way, and is tried again soon', async () => {
  const { clock, write, retention, erased, broken } = await twoSites();
  for (const name of ['ada', 'jo', 'li']) await write(keyOf('forgets', name));
  clock.now += 31 * DAY;
  broken.add('forgets jo');
  await retention().look();
  expect(erased).toEqual(['forgets ada', 'forgets li']);
  broken.clear();
  clock.now += 10 * 60_000;
  await retention().look();
  expect(erased).toEqual(['forgets ada', 'forgets li', 'forgets jo']);
});

it('whichever hub comes first looks at a site, once a day', async () => {
  const { clock, write, retention, erased } = await twoSites();
  const [one, other] = [retention(), retention()];
  await one.look();
  await write(keyOf('forgets', 'idle'));
  clock.now += 31 * DAY;
  await other.look();
  expect(erased).toEqual(['forgets idle']);
  await write(keyOf('forgets', 'second'), { activeAt: 0 });
  clock.now += DAY - 1;
  await one.look();
  expect(erased).toHaveLength(1);
  clock.now += 1;
  await one.look();
  expect(erased).toHaveLength(2);
});
