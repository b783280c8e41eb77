import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { startFolds } from '../../server/analytics/log-folds.ts';
import { totalsFold } from '../../server/analytics/totals.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

const key = { site: SiteId.parse('shop'), shopper: ShopperId.parse('x'.repeat(22)) };

async function hubOver(redis: RedisServer) {
  const store = await RedisStore.open(redis.url);
  const folds = await startFolds(store, [totalsFold], pino({ level: 'silent' }));
  onTestFinished(async () => {
    await folds.stop();
    await store.close();
  });
  return { store, folds };
}

async function commitRecords(store: RedisStore, count: number): Promise<void> {
  const { version, madeBy, now } = await store.load(key, []);
  const record = {
    at: now,
    ...key,
    version: 1,
    seed: [1, 2, 3, 4] as const,
    input: { kind: 'clock' as const },
  };
  await store.commit({
    key,
    version,
    madeBy,
    at: now,
    document: newShopper(key.shopper, now),
    counts: [],
    records: Array.from({ length: count }, () => record),
    coupons: [],
    budgets: [],
  });
}

it('every hub tells how far the sums are behind, also one that leaves them to another', async () => {
  const redis = await RedisServer.start();
  const [keeper, follower] = [await hubOver(redis), await hubOver(redis)];
  for (const { folds } of [keeper, follower])
    await until('a lag is seen', async () => {
      await commitRecords(keeper.store, 20);
      const { records } = await folds.lag();
      return records >= 20;
    });
  for (const { folds } of [keeper, follower]) {
    await until('the sums have all', async () => (await folds.lag()).records === 0);
    expect(await folds.lag()).toEqual({ records: 0, ms: 0 });
  }
});

it('a hub that was away for long knows about how much it has missed', async () => {
  const redis = await RedisServer.start();
  const { store, folds } = await hubOver(redis);
  await folds.stop();
  const before = (await folds.lag()).records;
  for (let commit = 0; commit < 1_500; commit++) await commitRecords(store, 2);
  const { records, ms } = await folds.lag();
  expect(before).toBe(0);
  // Of one partition a thousand entries are counted; that those lie as the others do is only about so.
  expect(records).toBeGreaterThan(2_000);
  expect(records).toBeLessThanOrEqual(3_000);
  expect(ms).toBeGreaterThan(0);
});
