import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import type { Relayed } from '../../server/hub/relay.ts';
import { RedisRelay } from '../../server/hub/redis-relay.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';
import { mug, openPage } from '../support/page.ts';
import { startHubs } from './crowded-shop.ts';
import { LONG_MS, score } from './score.ts';

const logger = pino({ level: 'silent' });

it(
  'a connection that is open and brings nothing any more is noticed, and news come again on a new one',
  async () => {
    const redis = await RedisServer.start();
    const proxy = await TcpProxy.start({ port: redis.port });
    const store = await RedisStore.open(redis.url);
    onTestFinished(() => store.close());
    const heard: Relayed[] = [];
    let times = 0;
    const relay = new RedisRelay({
      url: proxy.url,
      node: 'listener',
      publish: (channel, text) => store.publish(channel, text),
      logger,
      receive: (message) => void heard.push(message),
      back: () => void times++,
    });
    onTestFinished(() => relay.close());
    await until('it listens', () => times === 1);
    await relay.check();
    proxy.halfOpen();
    const silentAt = performance.now();
    await expect(relay.check()).rejects.toThrow('does not arrive');
    relay.renew();
    await until('it listens again', () => times === 2);
    await relay.check();
    const repairedMs = Math.round(performance.now() - silentAt);
    const message = { key: { site: 'shop', shopper: 'x' }, news: { effects: [], decisions: [], since: 0 } };
    relay.send('listener', message as unknown as Relayed, () => undefined);
    await until('news have come', () => heard.length === 1);
    score({
      row: 'R18',
      measure: 'pub/sub is silent, TCP is fine',
      goal: 'seen and repaired <= 4 s',
      result: `${repairedMs} ms`,
      runs: 1,
      isMet: repairedMs <= 4_000,
    });
  },
  LONG_MS,
);

it('whoever sends to a node that is gone is told so, and asks it no more', async () => {
  const redis = await RedisServer.start();
  const [one, other] = await startHubs(2, { REDIS_URL: redis.url });
  const here = await openPage(one?.url ?? '');
  await openPage(other?.url ?? '', { token: here.welcome.token });
  await other?.kill();
  const pages = await pagesKey(redis, here.welcome.shopper);
  expect(await redis.command('SCARD', pages)).toBe(2);
  await here.track('add_to_cart', { items: [mug] });
  await until('the node is forgotten', async () => (await redis.command('SCARD', pages)) === 1);
});

it('a nudge that never came to a node’s page is found within 30 s, the page is welcomed with it, and its node is known again', async () => {
  const redis = await RedisServer.start();
  const [one, other] = await startHubs(2, { REDIS_URL: redis.url });
  const here = await openPage(one?.url ?? '');
  const there = await openPage(other?.url ?? '', { token: here.welcome.token });
  there.socket.on('disconnect', () => there.socket.connect());
  // As if the news had been lost: nobody is told that the page is there.
  const pages = await pagesKey(redis, here.welcome.shopper);
  await redis.command('DEL', pages);
  await here.track('add_to_cart', { items: [mug] });
  expect(there.nudges).toEqual([]);
  await there.until(() => there.welcome.nudges.length > 0);
  expect(there.welcome.nudges.map(({ id }) => id)).toContain(here.nudges[0]?.id);
  expect(await redis.command('SCARD', pages)).toBeGreaterThan(0);
}, 60_000);

async function pagesKey(redis: RedisServer, shopper: string): Promise<string> {
  const keys = (await redis.command('KEYS', `cartbell:*:pages:test/${shopper}`)) as string[];
  return keys[0] ?? '';
}
