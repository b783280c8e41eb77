import { expect, it, onTestFinished, vi } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import type { HubSocket } from '../../server/hub/hub-socket.ts';
import { OpenPages } from '../../server/hub/open-pages.ts';
import { Presence } from '../../server/hub/presence.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import type { ShopperKey } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

const site = SiteId.parse('shop');
const keyOf = (number: number) => ({ site, shopper: ShopperId.parse(`shopper-${number}`.padEnd(22, '-')) });
const someone = keyOf(0);

/** A node, and a page of each of so many shoppers on it. */
async function nodeWithPages(redis: RedisServer, shoppers: number) {
  const store = await RedisStore.open(redis.url);
  const pages = new OpenPages();
  for (let number = 0; number < shoppers; number++) {
    const socket = { data: { visitor: keyOf(number) }, on: () => undefined };
    pages.add(socket as unknown as HubSocket);
  }
  const presence = new Presence(store, pages);
  onTestFinished(async () => {
    presence.close();
    await store.close();
  });
  return { store, presence };
}

/** The nodes that a commit for this shopper tells of. */
async function toldOf(store: RedisStore, key: ShopperKey): Promise<readonly string[]> {
  const { version, madeBy, now: at } = await store.load(key, []);
  const nothing = { counts: [], records: [], coupons: [], budgets: [] };
  const document = newShopper(key.shopper, at);
  const result = await store.commit({ key, version, madeBy, at, document, ...nothing });
  if (!result.ok) throw new Error(result.why);
  return result.nodes;
}

it('a node with more pages than it may ask of Redis at once makes all of them known again, a hundred at a time', async () => {
  const { store, presence } = await nodeWithPages(await RedisServer.start(), 1_200);
  const entered = presence.enterAll();
  expect(store.underWay).toBe(100);
  await entered;
  for (const number of [0, 99, 100, 1_000, 1_199])
    expect(await toldOf(store, keyOf(number))).toEqual([store.node]);
});

it('what Redis has forgotten is said again, though it was said before', async () => {
  const redis = await RedisServer.start();
  const { store, presence } = await nodeWithPages(redis, 1);
  await presence.enter(someone);
  await redis.command('FLUSHALL');
  await presence.enterAll();
  expect(await toldOf(store, someone)).toEqual([store.node]);
});

it('a shopper whom another node took for gone, late, is said again when they come back', async () => {
  const redis = await RedisServer.start();
  const { store, presence } = await nodeWithPages(redis, 1);
  const other = await RedisStore.open(redis.url);
  onTestFinished(() => other.close());
  await presence.enter(someone);
  await other.leavePages(someone, store.node);
  presence.doubt(someone);
  await presence.enter(someone);
  expect(await toldOf(other, someone)).toEqual([store.node]);
});

it('a page that Redis could not be told of is said again at the next look', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const redis = await RedisServer.start();
  const { store, presence } = await nodeWithPages(redis, 1);
  await redis.command('ACL', 'SETUSER', 'default', '-evalsha');
  await expect(presence.enter(someone)).rejects.toThrow('NOPERM');
  await redis.command('ACL', 'SETUSER', 'default', '+@all');
  vi.advanceTimersByTime(15_000);
  await until('it is known', async () => (await toldOf(store, someone)).includes(store.node));
});
