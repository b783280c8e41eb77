import { expect, it } from 'vitest';
import { RedisStore } from '../../server/store/redis-store.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';
import { CrowdedShop, startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';
import { stubbornPage } from './stubborn-page.ts';

async function readyz(url: string): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

it(
  'while Redis hangs the hub says busy, acks nothing, and answers all else; then it goes on by itself',
  async () => {
    const seconds = runs(4, 30);
    const redis = await RedisServer.start();
    const [hub] = await startHubs(1, { REDIS_URL: redis.url });
    if (!hub) throw new Error('No hub.');
    const page = await stubbornPage(hub.url);
    expect(await page.try('add_to_cart')).toBe('acked');
    redis.freeze();
    const slowest = { healthMs: 0, busyMs: 0 };
    const answers: string[] = [];
    for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
      const asked = performance.now();
      const answer = await page.try('view_item');
      answers.push(answer);
      if (answer === 'busy') slowest.busyMs = Math.max(slowest.busyMs, performance.now() - asked);
      const looked = performance.now();
      await fetch(`${hub.url}/healthz`);
      slowest.healthMs = Math.max(slowest.healthMs, performance.now() - looked);
    }
    await until('it is not ready', async () => (await readyz(hub.url)) === 503);
    redis.thaw();
    const thawed = performance.now();
    await until('events are acked again', async () => (await page.try('view_item')) === 'acked', 10_000);
    const backMs = performance.now() - thawed;
    await until('it is ready again', async () => (await readyz(hub.url)) === 200);
    const acked = answers.filter((answer) => answer === 'acked').length;
    score({
      row: 'R17',
      measure: `Redis hangs for ${seconds} s`,
      goal: 'acks 0, busy <= 1 s, back <= 2 s',
      result: `acks ${acked}, busy ${ms(slowest.busyMs)}, healthz ${ms(slowest.healthMs)}, back ${ms(backMs)}`,
      runs: 1,
      isMet: acked === 0 && slowest.busyMs <= 1_000 && backMs <= 2_000,
    });
    expect(acked).toBe(0);
    expect(answers).toContain('busy');
  },
  LONG_MS,
);

it(
  'a Redis whose answers are cut off, whose connections fall silent or are reset: every event counts once',
  async () => {
    const redis = await RedisServer.start();
    const proxies = await Promise.all([1, 2].map(() => TcpProxy.start({ port: redis.port })));
    const hubs = await startHubs(2, (index) => ({ REDIS_URL: proxies[index]?.url ?? '' }));
    const crowded = new CrowdedShop({ urls: () => hubs.map(({ url }) => url), shoppers: 8, events: 40 });
    const [one, other] = proxies as [TcpProxy, TcpProxy];
    await crowded.untilAcked(0.1);
    one.cutReplies({ every: 7 });
    await crowded.untilAcked(0.3);
    await one.heal();
    one.halfOpen();
    other.delay({ latencyMs: 20, jitterMs: 30 });
    await crowded.untilAcked(0.5);
    other.reset();
    await crowded.untilAcked(0.6);
    one.blackHole();
    await crowded.untilAcked(0.8);
    await Promise.all(proxies.map((proxy) => proxy.heal()));
    await crowded.finish();
    expect(one.counts.cuts).toBeGreaterThan(0);
    crowded.expectSound(await crowded.judge(redis.url));
    await Promise.all(
      hubs.map(({ url }) => until('it is ready again', async () => (await readyz(url)) === 200, 15_000)),
    );
  },
  LONG_MS,
);

it('a full Redis is answered with busy, nothing is half done, and all goes on when there is room again', async () => {
  const redis = await RedisServer.start();
  const [hub] = await startHubs(1, { REDIS_URL: redis.url });
  if (!hub) throw new Error('No hub.');
  const page = await stubbornPage(hub.url);
  expect(await page.try('add_to_cart')).toBe('acked');
  await redis.command('CONFIG', 'SET', 'maxmemory', '1mb');
  expect(await page.try('add_to_cart')).toBe('busy');
  const fullAt = performance.now();
  await until('it is not ready', async () => (await readyz(hub.url)) === 503);
  const alarmMs = performance.now() - fullAt;
  await redis.command('CONFIG', 'SET', 'maxmemory', '0');
  await until('events are acked again', async () => (await page.try('view_item')) === 'acked', 10_000);
  const store = await RedisStore.open(redis.url);
  const shopper = page.welcome.shopper as Parameters<RedisStore['load']>[0]['shopper'];
  const { document } = await store.load({ site: 'test' as never, shopper }, []);
  await store.close();
  const quantity = document?.cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  score({
    row: 'R20',
    measure: 'Redis is full',
    goal: 'nothing half done, alarm <= 5 s, recovers by itself',
    result: `${quantity} of 2 in the cart, alarm ${ms(alarmMs)}`,
    runs: 1,
    isMet: quantity === 2 && alarmMs <= 5_000,
  });
  expect(quantity).toBe(2);
});

it('a Redis that becomes a replica is not ready within 2 s, is acked nothing, and is used again when it is made master', async () => {
  const [redis, other] = [await RedisServer.start(), await RedisServer.start()];
  const [hub] = await startHubs(1, { REDIS_URL: redis.url });
  if (!hub) throw new Error('No hub.');
  const page = await stubbornPage(hub.url);
  await redis.command('REPLICAOF', '127.0.0.1', other.port);
  await until('it is not ready', async () => (await readyz(hub.url)) === 503, 4_000);
  expect(await page.try('view_item')).not.toBe('acked');
  await redis.command('REPLICAOF', 'NO', 'ONE');
  await until('it is ready again', async () => (await readyz(hub.url)) === 200, 15_000);
});

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
