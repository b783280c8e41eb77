import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

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
  await store.ping();
  await expect(ack('event-4')).rejects.toThrow('NOPERM');
  expect(lost).toEqual([]);
  await redis.command('ACL', 'SETUSER', 'default', '+@all');
  await until('all are named', async () => {
    await store.ping();
    return lost.length >= 3;
  });
  await store.ping();
  expect(lost).toEqual(['event-1', 'event-2', 'event-3']);
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
  await vi.waitFor(() => expect(lost).toEqual(['event-1', 'event-2']));
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
  await vi.waitFor(() => expect(lost).toEqual(['event-1']));
});

it('each is named once, also where one look has not ended when the next begins, and where Redis forgets again', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  const events = Array.from({ length: 300 }, (_, index) => `event-${index}`);
  await Promise.all(events.map(ack));
  await redis.command('FLUSHALL');
  await Promise.all([store.ping(), store.ping()]);
  await redis.command('FLUSHALL');
  await store.ping();
  await until('all are named', () => lost.length >= events.length);
  await store.ping();
  expect(lost.toSorted()).toEqual(events.toSorted());
});

it('a hub that has acked thousands goes on with its work while it looks for them', async () => {
  const redis = await RedisServer.start();
  const { store, lost, ack } = await hubOver(redis);
  const events = Array.from({ length: 5_000 }, (_, index) => `event-${index}`);
  for (let from = 0; from < events.length; from += 200)
    await Promise.all(events.slice(from, from + 200).map(ack));
  await redis.command('FLUSHALL');
  await store.ping();
  expect(lost.length).toBeLessThan(events.length);
  let more = 0;
  while (lost.length < events.length) {
    await Promise.all(Array.from({ length: 50 }, () => ack(`more-${more++}`)));
    await store.ping();
  }
  expect(new Set(lost)).toEqual(new Set(events));
  expect(lost).toHaveLength(events.length);
}, 60_000);
