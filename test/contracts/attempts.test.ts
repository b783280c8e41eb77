import { expect, it, vi } from 'vitest';
import { createAttempts } from '../../server/limits/attempts.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { RedisServer } from '../support/rig/redis-server.ts';

const WRONG_KEYS = 20;

it('on one hub an address has so many tries, and none for ten minutes after them', async () => {
  const attempts = createAttempts(null);
  for (let count = 0; count < WRONG_KEYS; count++) expect(await attempts.count('wrong_key', 'a')).toBe(0);
  expect(await attempts.count('wrong_key', 'a')).toBeGreaterThan(590_000);
  expect(await attempts.blockedFor('wrong_key', 'a')).toBeGreaterThan(590_000);
  expect(await attempts.blockedFor('wrong_key', 'b')).toBe(0);
});

it('hubs over one Redis count together', async () => {
  const redis = await RedisServer.start();
  const hubs = [await RedisStore.open(redis.url), await RedisStore.open(redis.url)];
  const counts = hubs.map((store) => createAttempts(store.forLimits()));
  const waits = await Promise.all(
    Array.from({ length: 3 * WRONG_KEYS }, async (_, turn) => counts[turn % 2]?.count('wrong_key', 'a')),
  );
  expect(waits.filter((wait) => wait === 0)).toHaveLength(WRONG_KEYS);
  for (const attempts of counts) expect(await attempts.blockedFor('wrong_key', 'a')).toBeGreaterThan(0);
  await Promise.all(hubs.map((store) => store.close()));
});

it('a hub whose Redis is gone counts for itself', async () => {
  const redis = await RedisServer.start();
  const store = await RedisStore.open(redis.url);
  const attempts = createAttempts(store.forLimits());
  await redis.kill();
  const waits: number[] = [];
  for (let count = 0; count < WRONG_KEYS + 5; count++) waits.push(await attempts.count('wrong_key', 'a'));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(WRONG_KEYS);
  expect(await attempts.blockedFor('wrong_key', 'a')).toBeGreaterThan(0);
  await store.close();
});

it('a hub whose Redis has gone silent counts for itself, and leaves nothing for Redis to do when it wakes', async () => {
  const redis = await RedisServer.start();
  const [store, other] = [await RedisStore.open(redis.url), await RedisStore.open(redis.url)];
  const [here, elsewhere] = [store, other].map((hub) => createAttempts(hub.forLimits()));
  redis.freeze();
  await vi.waitFor(async () => {
    await store.ping().catch(() => undefined);
    expect(store.forLimits().isSilent()).toBe(true);
  }, 20_000);
  const waits: (number | undefined)[] = [];
  for (let count = 0; count < WRONG_KEYS + 5; count++) waits.push(await here?.count('wrong_key', 'a'));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(WRONG_KEYS);
  redis.thaw();
  await vi.waitFor(() => other.ping(), 20_000);
  // Whatever had been asked of it would have been done by now: it takes one thing after the other.
  expect(await elsewhere?.tally('wrong_key', 'a')).toBe(1);
  await Promise.all([store, other].map((hub) => hub.close()));
});
