import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { ADMIN_KEY, PASSWORD } from '../support/http-face.ts';
import { mug, openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const hello = rule('hello', { on: 'add_to_cart', nudge: { kind: 'toast', title: 'Hello' } });

async function twoHubs(redis: RedisServer) {
  const SITE_FILE = await siteFile(await tempDir(), { rules: [hello], settings: { holdoutPercent: 0 } });
  const env = { REDIS_URL: redis.url, SITE_FILE, DRAIN_MS: '1000' };
  return Promise.all([startHub(env), startHub(env)]);
}

it('a nudge that one hub decides is painted by a page on another', async () => {
  const [one, other] = await twoHubs(await RedisServer.start());
  const here = await openPage(one.url);
  const there = await openPage(other.url, { token: here.welcome.token });
  for (const { log } of [one, other]) expect(log.join('\n')).not.toContain('not ready');
  expect(there.welcome.shopper).toBe(here.welcome.shopper);
  await here.track('add_to_cart', { items: [mug] });
  await there.until(() => there.nudges.length === 1);
  const [nudge] = there.nudges;
  expect(await there.claim(nudge?.id ?? '')).toEqual({ ok: true });
  expect(await here.claim(nudge?.id ?? '')).toEqual({ ok: false, reason: 'taken' });
});

it('a Redis that has lost its memory is told again on which hub each page is', async () => {
  const redis = await RedisServer.start();
  const [one, other] = await twoHubs(redis);
  const here = await openPage(one.url);
  const there = await openPage(other.url, { token: here.welcome.token });
  const { epoch } = here.welcome;
  for (const { socket } of [here, there]) socket.on('disconnect', () => socket.connect());
  await redis.command('FLUSHALL');
  for (const page of [here, there]) await page.until(() => page.welcome.epoch !== epoch);
  await here.track('add_to_cart', { items: [mug] });
  await until('the nudge is there', () => there.nudges.length === 1, 3_000);
});

it('several hubs that change one site at once lose no change, and each decides by it within a second or two', async () => {
  const hubs = await twoHubs(await RedisServer.start());
  const put = (hub: HubProcess | undefined, index: number) =>
    call(hub?.url ?? '', 'PUT', `/v1/rules/rule-${index}`, {
      status: 'published',
      on: 'begin_checkout',
      nudge: { kind: 'toast', title: `Rule ${index}` },
    });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => put(hubs[index % 2], index)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const rulesOn = async ({ url }: HubProcess) =>
    ((await call(url, 'GET', '/v1/rules')).body['rules'] as { id: string }[]).map(({ id }) => id).toSorted();
  for (const hub of hubs) await until('it has all of them', async () => (await rulesOn(hub)).length === 13);
  expect(await rulesOn(hubs[0])).toEqual(await rulesOn(hubs[1]));
  for (const { url } of hubs) {
    const page = await openPage(url);
    await page.track('begin_checkout');
    await page.until(() => page.nudges.some(({ rule: id }) => id.startsWith('rule-')));
  }
});

it('both hubs tell the same totals, of what came to either', async () => {
  const [one, other] = await twoHubs(await RedisServer.start());
  for (const hub of [one, other, one]) {
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
  }
  for (const { url } of [one, other]) {
    const { events, nudges } = (await call(url, 'GET', '/v1/metrics')).body;
    expect({ events, nudges }).toMatchObject({ events: { add_to_cart: 3 }, nudges: { decided: 3 } });
  }
});

it('a hub that is told to end is not ready first, then sends its pages elsewhere, and ends with 0', async () => {
  const [one, other] = await twoHubs(await RedisServer.start());
  const page = await openPage(one.url);
  const moving = new Promise<{ after: number }>((resolve) => page.socket.once('moving', resolve));
  const gone = new Promise((resolve) => page.socket.once('disconnect', resolve));
  const ended = one.stop();
  await until('it is not ready', async () => (await fetch(`${one.url}/readyz`)).status === 503);
  expect(page.socket.connected).toBe(true);
  expect((await moving).after).toBeLessThan(1_000);
  await gone;
  const again = await openPage(other.url, { token: page.welcome.token });
  expect(again.welcome.shopper).toBe(page.welcome.shopper);
  expect(await ended).toBe(0);
});

it('somebody who signs in on one hub is signed in on all, and out of all', async () => {
  const redis = await RedisServer.start();
  const SITE_FILE = await siteFile(await tempDir());
  const env = { REDIS_URL: redis.url, SITE_FILE, ADMIN_KEY, DRAIN_MS: '1000' };
  const [one, other] = await Promise.all([startHub(env), startHub(env)]);
  const ownPage = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const body = { email: 'jo@shop.example', role: 'owner' };
  const invited = await call(one.url, 'POST', '/v1/sites/test/people', body, {
    authorization: `Bearer ${ADMIN_KEY}`,
  });
  const accepted = await fetch(`${other.url}/v1/invitations/accept`, {
    method: 'POST',
    headers: ownPage,
    body: JSON.stringify({ token: invited.body['token'], password: PASSWORD }),
  });
  const { csrf } = (await accepted.json()) as { csrf: string };
  const [cookie = ''] = (accepted.headers.get('set-cookie') ?? '').split(';');
  const session = { ...ownPage, cookie, 'x-csrf-token': csrf };
  const pause = async ({ url }: HubProcess) =>
    (await call(url, 'PUT', '/v1/paused', { paused: true }, session)).status;
  expect([await pause(one), await pause(other)]).toEqual([200, 200]);
  const { entries } = (await call(one.url, 'GET', '/v1/audit', undefined, session)).body as {
    entries: { path: string }[];
  };
  expect(entries.filter(({ path }) => path === '/v1/paused')).toHaveLength(2);
  expect((await call(one.url, 'POST', '/v1/sign-out', undefined, session)).status).toBe(200);
  expect([await pause(one), await pause(other)]).toEqual([401, 401]);
});
