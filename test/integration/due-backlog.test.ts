import { expect, it, onTestFinished, vi } from 'vitest';
import { startDueShoppers } from '../../server/engine/due-shoppers.ts';
import { PARTITIONS, RedisKeys } from '../../server/store/redis-keys.ts';
import { noTelemetry } from '../../server/telemetry/telemetry.ts';
import { engineOverRedis } from '../support/engine-over-redis.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { idleCountdown } from '../support/sample-site.ts';

/** In each partition some more than are handed out at once. */
const CARTS_EACH = 36;

it('carts that fell idle while no hub was there are all taken up by one look, however many they are', async () => {
  let now = 1_795_000_000_000;
  const hub = await engineOverRedis(await RedisServer.start(), [idleCountdown], () => now);
  const { store, engine, logger, shopper, addToCart } = hub;
  const keys = new RedisKeys();
  const counts = Array.from({ length: PARTITIONS }, () => 0);
  const names: string[] = [];
  for (let number = 0; names.length < PARTITIONS * CARTS_EACH; number++) {
    const { partition } = keys.shopper(shopper(`shopper-${number}`));
    if ((counts[partition] = (counts[partition] ?? 0) + 1) <= CARTS_EACH) names.push(`shopper-${number}`);
  }
  await Promise.all(names.map(addToCart));
  now += 60_000;
  // The next look never comes.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const claims: number[] = [];
  const dueClaimed = (shoppers: number) => void claims.push(shoppers);
  const due = startDueShoppers(store, engine, logger, { ...noTelemetry, dueClaimed });
  onTestFinished(() => due.stop());
  await until('none is left', async () => {
    const seqs = await store.readSeqs(names.map(shopper));
    return seqs.every((seq) => seq === 1);
  });
  expect(claims).toEqual([512, names.length - 512]);
});
