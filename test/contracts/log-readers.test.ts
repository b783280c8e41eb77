import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { type Fold, startFolds } from '../../server/analytics/log-folds.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

const HUBS = 3;
const RECORDS = 300;
const logger = pino({ level: 'silent' });

/** Counts records, in the store and in memory. */
function counting(): Fold & { readonly heard: { count: number } } {
  const heard = { count: 0 };
  return {
    name: 'counting',
    heard,
    *changesOf() {
      yield ['records', 1];
    },
    absorb(changes) {
      heard.count += changes.get('records') ?? 0;
    },
  };
}

it('three hubs sum up one log: the sums are exact, each of them knows them, and one that ends is replaced', async () => {
  const redis = await RedisServer.start();
  const stores = await Promise.all(Array.from({ length: HUBS }, () => RedisStore.open(redis.url)));
  const folds = stores.map(() => counting());
  const readers = await Promise.all(
    stores.map((store, index) => startFolds(store, folds[index] ? [folds[index]] : [], logger)),
  );
  onTestFinished(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all(stores.map((store) => store.close()));
  });
  const [one] = stores;
  if (!one) throw new Error('No store.');
  const commit = async (number: number) => {
    const shopper = ShopperId.parse(`shopper-${number % 40}`.padEnd(22, '-'));
    const key = { site: SiteId.parse('shop'), shopper };
    const { version, madeBy, now: at } = await one.load(key, []);
    const record = { at, ...key, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } } as const;
    const nothing = { counts: [], coupons: [], budgets: [] };
    await one.commit({
      key,
      version,
      madeBy,
      at,
      document: newShopper(shopper, at),
      records: [record],
      ...nothing,
    });
  };
  for (let number = 0; number < RECORDS / 2; number++) await commit(number);
  await readers[0]?.stop();
  for (let number = RECORDS / 2; number < RECORDS; number++) await commit(number);
  const sum = async () => (await one.readFold('counting')).sums.get('records');
  await until('all is summed up', async () => (await sum()) === RECORDS, 15_000);
  for (const index of [1, 2]) await readers[index]?.catchUp();
  expect(await sum()).toBe(RECORDS);
  expect(folds.slice(1).map(({ heard }) => heard.count)).toEqual([RECORDS, RECORDS]);
}, 40_000);
