import { expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { PARTITIONS } from '../../server/store/redis-keys.ts';
import { call } from '../support/api.ts';
import { startHub } from '../support/hub-process.ts';
import { type Metrics, metricsOf } from '../support/prometheus.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { ORIGIN, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const hello = rule('hello', { on: 'add_to_cart' });

async function startWith(env: Readonly<Record<string, string>> = {}) {
  const dir = await tempDir();
  return startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [hello] }), ...env });
}

/** Looks until that many have come back. */
const canaries = (url: string, count: number): Promise<Metrics> =>
  until(
    'the canary is back',
    async () => {
      const metrics = await metricsOf(url);
      return metrics.of('cartbell_canary_seconds_count') >= count && metrics;
    },
    15_000,
  );

it('a hub sends itself a nudge by the way that a shopper’s takes', async () => {
  const hub = await startWith();
  const { of } = await canaries(hub.url, 1);
  expect(of('cartbell_canary_seconds_sum')).toBeGreaterThan(0);
  expect(of('cartbell_canary_seconds_sum')).toBeLessThan(3);
  expect(of('cartbell_canary_failures_total')).toBe(0);
});

it('nobody’s figures, lists or log have anything of it', async () => {
  const redis = await RedisServer.start();
  const hub = await startWith({ REDIS_URL: redis.url, DRAIN_MS: '0' });
  const { of } = await canaries(hub.url, 2);
  expect(of('cartbell_sockets')).toBe(0);
  expect(of('cartbell_decisions_total')).toBe(0);
  expect(of('cartbell_nudge_seconds_count')).toBe(0);
  expect(of('cartbell_log_lag_records')).toBe(0);
  expect((await call(hub.url, 'GET', '/v1/metrics')).body).toMatchObject({ events: {}, nudges: {} });
  const keys = (await redis.command('KEYS', '*')) as string[];
  expect(keys.filter((key) => key.endsWith(':log'))).toEqual([]);
  expect(keys.filter((key) => key.includes(':pages:'))).toEqual([]);
  expect(keys.filter((key) => key.includes(':index:')).every((key) => key.includes('_nobody'))).toBe(true);
  expect(keys.filter((key) => key.includes(':shopper:')).length).toBeLessThanOrEqual(PARTITIONS);
});

it('a page can’t listen in', async () => {
  const hub = await startWith();
  const socket = io(`${hub.url}/canary`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { origin: ORIGIN, 'x-cartbell-canary': 'guessed' },
  });
  const error = await new Promise<Error>((resolve) => void socket.on('connect_error', resolve));
  expect(error.message).toBe('This is not for pages.');
  socket.disconnect();
});

it('finds that nothing is committed any more while all else answers, and takes the hub out of service', async () => {
  const redis = await RedisServer.start();
  const hub = await startWith({ REDIS_URL: redis.url, DRAIN_MS: '0' });
  await canaries(hub.url, 1);
  await redis.command('ACL', 'SETUSER', 'default', '-evalsha', '-eval');
  const { body } = await until(
    'it is not ready',
    async () => {
      const ready = await call(hub.url, 'GET', '/readyz');
      return ready.status === 503 && ready;
    },
    15_000,
  );
  expect(body['faults']).toEqual(['A nudge from this hub to itself is lost. The store took nothing.']);
  const { of } = await metricsOf(hub.url);
  expect(of('cartbell_canary_failures_total')).toBeGreaterThanOrEqual(2);
  expect(of('cartbell_ready')).toBe(0);
  await redis.command('ACL', 'SETUSER', 'default', '+@all');
  await until('it is ready', async () => (await call(hub.url, 'GET', '/readyz')).status === 200, 15_000);
});
