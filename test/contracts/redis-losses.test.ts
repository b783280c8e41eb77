import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';

const site = SiteId.parse('shop');

/** A hub's store; what it says is lost, and a way to have an event acked. */
async function hubOver(redis: RedisServer) {
  const lost: string[] = [];
  const store = await RedisStore.open(redis.url, { onLost: (_, events) => void lost.push(...events) });
  onTestFinished(() => store.close());
  const ack = async (event: string) => {
    const key = { site, shopper: ShopperId.parse(randomUUID().slice(0, 22)) };
    const { version, madeBy, now: at } = await store.load(key, []);
    const nothing = { records: [], coupons: [], budgets: [] };
    const document = newShopper(key.shopper, at);
    const result = await store.commit({ key, version, madeBy, at, document, counts: [event], ...nothing });
    expect(result).toMatchObject({ ok: true });
  };
  return { store, lost, ack };
}

it('what was acked and is gone is named, also where nobody could look for it at first', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  for (const event of ['event-1', 'event-2', 'event-3']) await ack(event);
  await redis.command('FLUSHALL');
  await redis.command('ACL', 'SETUSER', 'default', '-evalsha');
  await expect(store.ping()).rejects.toThrow('NOPERM');
  expect(lost).toEqual([]);
  await redis.command('ACL', 'SETUSER', 'default', '+@all');
  await store.ping();
  expect(lost).toEqual(['event-1', 'event-2', 'event-3']);
  await store.ping();
  expect(lost).toHaveLength(3);
});

it('however long Redis was away, what was acked in the half minute before is looked for, and nothing older', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  for (const event of ['long ago', 'event-1', 'event-2']) {
    await ack(event);
    await store.ping();
    vi.advanceTimersByTime(20_000);
  }
  vi.advanceTimersByTime(600_000);
  await redis.command('FLUSHALL');
  await store.ping();
  expect(lost).toEqual(['event-1', 'event-2']);
});

it('also where somebody was acked by the new Redis before this hub has noticed that it is one', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  await ack('event-1');
  vi.advanceTimersByTime(60_000);
  await redis.command('FLUSHALL');
  await ack('event-2');
  await store.ping();
  expect(lost).toEqual(['event-1']);
});

it('each is named once, also where one look has not ended when the next begins', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  for (const event of ['event-1', 'event-2', 'event-3']) await ack(event);
  await redis.command('FLUSHALL');
  await Promise.all([store.ping(), store.ping()]);
  expect(lost).toEqual(['event-1', 'event-2', 'event-3']);
});
