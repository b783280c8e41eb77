import { beforeEach, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { ADMIN_KEY, HttpFace } from '../support/http-face.ts';
import { openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { ORIGIN, PUBLISHABLE_KEY, SECRET_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR = 3_600_000;
const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };

interface Key {
  readonly id: string;
  readonly kind: string;
  readonly hint: string;
  readonly key?: string;
  readonly expiresAt: number | null;
}

async function knows(hub: string, key: string): Promise<boolean> {
  const { status } = await call(hub, 'GET', '/v1/rules', undefined, { authorization: `Bearer ${key}` });
  return status === 200;
}

async function keysOf(hub: string, site = 'test'): Promise<Key[]> {
  return (await call(hub, 'GET', `/v1/sites/${site}`, undefined, asAdmin)).body['keys'] as Key[];
}

describe('the sites of an installation', () => {
  const newSite = { id: 'second', origins: ['https://second.example'], currency: 'EUR' };
  let face: HttpFace;

  beforeEach(async () => {
    face = await HttpFace.open();
    await face.addSite();
  });

  it('are made with keys that are shown once, and listed with hints alone', async () => {
    const made = await face.ask('POST', '/v1/sites', { key: ADMIN_KEY, body: newSite });
    expect(made.status).toBe(201);
    const keys = made.body['keys'] as Key[];
    expect(keys.map(({ kind }) => kind)).toEqual(['publishable', 'secret']);
    const [pk = '', sk = ''] = keys.map(({ key }) => key);
    expect([pk, sk]).toEqual([
      expect.stringMatching(/^pk_[\w-]{22}$/),
      expect.stringMatching(/^sk_[\w-]{43}$/),
    ]);
    expect((await face.ask('GET', '/v1/rules', { key: sk })).status).toBe(200);
    expect(face.sites.byPublishableKey(pk)?.id).toBe('second');
    for (const path of ['/v1/sites', '/v1/sites/second', '/v1/hub/audit']) {
      const { text } = await face.ask('GET', path, { key: ADMIN_KEY });
      for (const key of [pk, sk]) expect(text, path).not.toContain(key);
    }
    const { body } = await face.ask('GET', '/v1/sites', { key: ADMIN_KEY });
    expect(body['sites']).toMatchObject([
      { id: 'second', keys: [{ hint: pk.slice(-4) }, { hint: sk.slice(-4) }] },
      { id: 'test' },
    ]);
  });

  it.each([
    ['an id that is taken', { ...newSite, id: 'test' }, 409, 'id'],
    ['keys of one’s own', { ...newSite, secretKey: 'sk_of_my_own' }, 400, 'secretKey'],
    ['an origin with a path', { ...newSite, origins: ['https://second.example/'] }, 400, 'origins.0'],
  ])('are not made with %s', async (_, body, status, path) => {
    const answer = await face.ask('POST', '/v1/sites', { key: ADMIN_KEY, body });
    expect(answer).toMatchObject({ status, body: { path } });
    expect(face.sites.ids()).toEqual(['test']);
  });

  it('get origins and quotas that hold at once', async () => {
    const put = (what: string, body: object) =>
      face.ask('PUT', `/v1/sites/test/${what}`, { key: ADMIN_KEY, body });
    await face.ask('POST', '/v1/sites', { key: ADMIN_KEY, body: newSite });
    expect((await put('origins', { origins: ['https://new.example'] })).body['origins']).toEqual([
      'https://new.example',
    ]);
    expect([face.sites.isKnownOrigin(ORIGIN), face.sites.isKnownOrigin('https://new.example')]).toEqual([
      false,
      true,
    ]);
    await put('quota', { eventsPerSecond: 5, sockets: 7 });
    expect(face.sites.quota('test' as never)).toEqual({ eventsPerSecond: 5, sockets: 7 });
  });

  it.each([
    ['none', undefined, 401],
    ['a wrong one', 'x'.repeat(36), 401],
    ['a site’s secret key', SECRET_KEY, 401],
    ['a prefix of it', ADMIN_KEY.slice(0, -1), 401],
  ])('are nobody’s who has another admin key: %s', async (_, key, status) => {
    expect((await face.ask('GET', '/v1/sites', { key })).status).toBe(status);
  });

  it('admin keys are guessed twenty times from an address, and the right one is taken all the same', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 25; guess++)
      statuses.push((await face.ask('GET', '/v1/sites', { key: `${'x'.repeat(30)}${guess}` })).status);
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
    expect((await face.ask('GET', '/v1/sites', { key: ADMIN_KEY })).status).toBe(200);
  });

  it('are nowhere where there is no admin key, whoever asks', async () => {
    const closed = await HttpFace.open({ adminKey: null });
    const { id } = await closed.addSite();
    for (const { method, path, needs } of closed.routes) {
      if (needs !== 'hub') continue;
      const address = path.replace(':site', id).replaceAll(/:\w+/g, 'none');
      for (const key of [undefined, ADMIN_KEY, SECRET_KEY])
        expect((await closed.ask(method.toUpperCase(), address, { key })).status, path).toBe(404);
    }
  });

  it('a key that was rotated goes on for the overlap by the store’s clock, and is refused then', async () => {
    const rotate = (overlap: string) =>
      face.ask('POST', '/v1/sites/test/keys', { key: ADMIN_KEY, body: { kind: 'secret', overlap } });
    const { body } = await rotate('2h');
    const fresh = String(body['key']);
    const statusOf = async (key: string) => (await face.ask('GET', '/v1/rules', { key })).status;
    face.clock.now += 2 * HOUR - 60_000;
    await face.sites.refresh();
    expect([await statusOf(SECRET_KEY), await statusOf(fresh)]).toEqual([200, 200]);
    face.clock.now += 60_000;
    await face.sites.refresh();
    expect([await statusOf(SECRET_KEY), await statusOf(fresh)]).toEqual([401, 200]);
    await rotate('0');
    expect(await statusOf(fresh)).toBe(401);
  });

  it('keys are rotated and revoked by the site’s own owners, and by nobody through a key', async () => {
    await face.addPerson('jo@shop.example', 'test' as never, 'owner');
    const as = await face.signIn('jo@shop.example');
    const made = await face.ask('POST', '/v1/keys', { as, body: { kind: 'secret', overlap: '0' } });
    expect(made.body).toMatchObject({ kind: 'secret', expiresAt: null });
    expect((await face.ask('GET', '/v1/rules', { key: SECRET_KEY })).status).toBe(401);
    const key = String(made.body['key']);
    expect((await face.ask('POST', '/v1/keys', { key, body: { kind: 'secret' } })).status).toBe(403);
    const { body } = await face.ask('GET', '/v1/keys', { key });
    expect((body['keys'] as Key[]).map(({ kind }) => kind)).toEqual(['publishable', 'secret']);
    expect((await face.ask('DELETE', `/v1/keys/${String(made.body['id'])}`, { as })).status).toBe(200);
    expect((await face.ask('GET', '/v1/rules', { key })).status).toBe(401);
    expect((await face.ask('DELETE', '/v1/keys/k-none', { as })).status).toBe(404);
  });
});

it('a key that was rotated away stays away over restarts and new site files, and one of the file that is new is taken', async () => {
  const dir = await tempDir();
  const start = async (more: object) =>
    startHub({ DATA_DIR: dir, ADMIN_KEY, SITE_FILE: await siteFile(dir, { ...more }) });
  const first = await start({});
  const body = { kind: 'secret', overlap: '0' };
  const { key = '' } = (await call(first.url, 'POST', '/v1/sites/test/keys', body, asAdmin))
    .body as unknown as Key;
  expect([await knows(first.url, SECRET_KEY), await knows(first.url, key)]).toEqual([false, true]);
  await first.stop();
  const again = await start({ locale: 'de' });
  expect([await knows(again.url, SECRET_KEY), await knows(again.url, key)]).toEqual([false, true]);
  await again.stop();
  const third = await start({ secretKey: 'sk_of_a_new_file' });
  expect([await knows(third.url, key), await knows(third.url, 'sk_of_a_new_file')]).toEqual([true, true]);
});

describe('pages that came in', () => {
  const gone = (hub: HubProcess, auth = {}) =>
    openPage(hub.url, auth).then((page) => ({
      page,
      isOver: new Promise<string>((resolve) => {
        page.socket.once('moving', () => page.socket.once('disconnect', () => resolve('moved')));
      }),
    }));

  it(
    'by a publishable key that is revoked are let go within five seconds, others stay',
    { timeout: 30_000 },
    async () => {
      const dir = await tempDir();
      const hub = await startHub({ DATA_DIR: dir, ADMIN_KEY, SITE_FILE: await siteFile(dir) });
      const rotation = { kind: 'publishable', overlap: '1h' };
      const { body } = await call(hub.url, 'POST', '/v1/sites/test/keys', rotation, asAdmin);
      const old = (await keysOf(hub.url)).find(
        ({ kind, expiresAt }) => kind === 'publishable' && expiresAt !== null,
      );
      const byOld = await gone(hub);
      const byNew = await openPage(hub.url, { site: body['key'] });
      const startedAt = performance.now();
      expect(
        (await call(hub.url, 'DELETE', `/v1/sites/test/keys/${old?.id}`, undefined, asAdmin)).status,
      ).toBe(200);
      expect(await byOld.isOver).toBe('moved');
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect(await byNew.track('page_view')).toMatchObject({ ok: true });
      await expect(openPage(hub.url, { site: PUBLISHABLE_KEY })).rejects.toMatchObject({
        data: { code: 'unauthorized' },
      });
    },
  );

  it('from an origin that is taken off the list are let go, on each hub', { timeout: 40_000 }, async () => {
    const redis = await RedisServer.start();
    const SITE_FILE = await siteFile(await tempDir(), { origins: [ORIGIN, 'https://stays.example'] });
    const env = { REDIS_URL: redis.url, ADMIN_KEY, SITE_FILE, DRAIN_MS: '100' };
    const [one, other] = await Promise.all([startHub(env), startHub(env)]);
    const there = await gone(other);
    const stays = await openPage(other.url, {}, { origin: 'https://stays.example' });
    const startedAt = performance.now();
    await call(one.url, 'PUT', '/v1/sites/test/origins', { origins: ['https://stays.example'] }, asAdmin);
    expect(await there.isOver).toBe('moved');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await stays.track('page_view')).toMatchObject({ ok: true });
    const rotatedAt = performance.now();
    const body = { kind: 'secret', overlap: '0' };
    const { key } = (await call(one.url, 'POST', '/v1/sites/test/keys', body, asAdmin))
      .body as unknown as Key;
    await until('the other hub has the new key', () => knows(other.url, key ?? ''), 2_000);
    expect(await knows(other.url, SECRET_KEY)).toBe(false);
    expect(performance.now() - rotatedAt).toBeLessThan(2_500);
  });
});
