import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { metricsOf } from '../support/prometheus.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { idleCountdown, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const hello = rule('hello', { on: 'add_to_cart' });

async function loneHub(rules: readonly object[] = [hello]): Promise<HubProcess> {
  const dir = await tempDir();
  return startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules }) });
}

async function hubsOver(redis: RedisServer, count: number): Promise<HubProcess[]> {
  const SITE_FILE = await siteFile(await tempDir(), { rules: [hello] });
  const env = { REDIS_URL: redis.url, SITE_FILE, DRAIN_MS: '300' };
  return Promise.all(Array.from({ length: count }, () => startHub(env)));
}

it('counts each event once, and tells how long its commit and its nudge took', async () => {
  const hub = await loneHub();
  const page = await openPage(hub.url);
  const id = randomUUID();
  await page.track('add_to_cart', { items: [mug] }, { id });
  await page.track('add_to_cart', { items: [mug] }, { id });
  await page.until(() => page.nudges.length === 1);
  await page.claim(page.nudges[0]?.id ?? '');
  const { of } = await metricsOf(hub.url);
  expect(of('cartbell_events_total{result="accepted"}')).toBe(1);
  expect(of('cartbell_events_total{result="duplicate"}')).toBe(1);
  // Where the page was asked for from, the event, and the claim; the first two in one commit.
  expect(of('cartbell_decisions_total')).toBe(3);
  expect(of('cartbell_commits_total{result="ok"}')).toBe(2);
  expect(of('cartbell_commits_total{result="conflict"}')).toBe(0);
  expect(of('cartbell_commit_seconds_count')).toBe(2);
  expect(of('cartbell_commit_seconds_sum')).toBeGreaterThan(0);
  expect(of('cartbell_nudge_seconds_count')).toBe(1);
  expect(of('cartbell_nudge_seconds_sum')).toBeGreaterThan(0);
  expect(of('cartbell_nudge_seconds_sum')).toBeLessThan(5);
  for (const moment of ['decided', 'pushed', 'claimed'])
    expect(of(`cartbell_nudges_total{moment="${moment}"}`)).toBe(1);
  expect(of('cartbell_sockets')).toBe(1);
  expect(of('cartbell_ready')).toBe(1);
  expect(of('cartbell_inputs_waiting')).toBe(0);
  page.close();
  await until('the page is gone', async () => (await metricsOf(hub.url)).of('cartbell_sockets') === 0);
});

it('tells that a deadline was decided, and how late', async () => {
  const hub = await loneHub([idleCountdown]);
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  await page.until(() => page.nudges.length === 1);
  const { of } = await metricsOf(hub.url);
  expect(of('cartbell_due_claimed_total')).toBe(1);
  expect(of('cartbell_deadline_late_seconds_count')).toBe(1);
  expect(of('cartbell_deadline_late_seconds_sum')).toBeLessThan(3);
  expect(of('cartbell_nudge_seconds_count')).toBe(1);
});

it('has the same series whoever comes by, and buckets that add up', async () => {
  const hub = await loneHub();
  const before = await metricsOf(hub.url);
  for (let shopper = 0; shopper < 5; shopper++) {
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    await page.track('view_cart', { items: [{ ...mug, item_id: `mug-${shopper}` }] });
    await page.track('add_to_cart', { items: 'none' });
  }
  const after = await metricsOf(hub.url);
  const own = (name: string) => name.startsWith('cartbell_');
  expect(after.series.filter(own)).toEqual(before.series.filter(own));
  expect(after.series.length).toBeLessThan(300);
  const buckets = after.series.filter((name) => name.startsWith('cartbell_commit_seconds_bucket'));
  const counts = buckets.map(after.of);
  expect(counts).toEqual(counts.toSorted((one, other) => one - other));
  expect(counts.at(-1)).toBe(after.of('cartbell_commit_seconds_count'));
  expect(buckets.at(-1)).toContain('le="+Inf"');
});

it('docs/metrics.md names each metric, and no other', async () => {
  const { text } = await metricsOf((await loneHub()).url);
  const told = [...text.matchAll(/^# TYPE (cartbell_\w+) (\w+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/^\| `(cartbell_\w+)` +\| (\w+)/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(named.toSorted()).toEqual(told.toSorted());
});

it('counts a push on the hub that has the page, from when another hub received its cause', async () => {
  const [one, other] = await hubsOver(await RedisServer.start(), 2);
  const here = await openPage(one?.url ?? '');
  const there = await openPage(other?.url ?? '', { token: here.welcome.token });
  await here.track('add_to_cart', { items: [mug] });
  await there.until(() => there.nudges.length === 1);
  const { of } = await metricsOf(other?.url ?? '');
  expect(of('cartbell_nudge_seconds_count')).toBe(1);
  expect(of('cartbell_nudge_seconds_sum')).toBeGreaterThan(0);
  expect(of('cartbell_nudge_seconds_sum')).toBeLessThan(5);
  expect(of('cartbell_nudges_total{moment="decided"}')).toBe(0);
  expect(of('cartbell_events_total{result="accepted"}')).toBe(0);
});

it('answers while Redis is away, and says what it can’t know', async () => {
  const redis = await RedisServer.start();
  const [hub] = await hubsOver(redis, 1);
  const url = hub?.url ?? '';
  const page = await openPage(url);
  expect((await metricsOf(url)).of('cartbell_log_lag_records')).toBeGreaterThanOrEqual(0);
  await redis.kill();
  const ack = await page.track('add_to_cart', { items: [mug] });
  expect(ack.ok).toBe(false);
  const away = await until('it is not ready', async () => {
    const metrics = await metricsOf(url);
    return metrics.of('cartbell_ready') === 0 && metrics;
  });
  expect(away.of('cartbell_log_lag_records')).toBeNaN();
  expect(away.of('cartbell_refused_total{code="busy"}')).toBeGreaterThan(0);
  await redis.restart();
  await until('it is ready', async () => (await metricsOf(url)).of('cartbell_ready') === 1, 15_000);
});
