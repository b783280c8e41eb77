import { expect, it, onTestFinished } from 'vitest';
import type { Shopper } from '../../server/core/shopper.ts';
import { startDueShoppers } from '../../server/engine/due-shoppers.ts';
import { engineOverRedis } from '../support/engine-over-redis.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { idleCountdown } from '../support/sample-site.ts';

it('shoppers whose records no decision can be made of keep nobody’s deadline up, and the hub lives on', async () => {
  let now = 1_795_000_000_000;
  const { store, engine, logger, shopper, addToCart } = await engineOverRedis(
    await RedisServer.start(),
    [idleCountdown],
    () => now,
  );
  const poisoned = Array.from({ length: 600 }, (_, index) => shopper(`poisoned-${index}`));
  // As a bug of an earlier version might have left them: due, and without what a decision looks at.
  for (const key of poisoned) {
    const document = { v: 5, id: key.shopper, wakeAt: now, seq: 0 } as unknown as Shopper;
    const nothing = { counts: [], records: [], coupons: [], budgets: [] };
    const commit = { key, version: 0, madeBy: '', at: now, document, ...nothing };
    expect((await store.commit(commit)).ok).toBe(true);
  }
  await addToCart('sound');
  now += 60_000;
  const failures: string[] = [];
  logger.error = (_: unknown, message?: string) => void failures.push(message ?? '');
  const due = startDueShoppers(store, engine, logger);
  onTestFinished(() => due.stop());
  await until('the sound one is nudged', async () => {
    const [seq] = await store.readSeqs([shopper('sound')]);
    return seq === 1;
  });
  await until('each was tried', () => failures.length >= poisoned.length);
  expect(new Set(failures)).toEqual(new Set(['a deadline could not be decided']));
});
