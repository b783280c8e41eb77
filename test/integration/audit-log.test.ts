import { describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../server/store/store.ts';
import { SiteId } from '../../shared/ids.ts';
import { openAttempts } from '../../server/limits/attempts.ts';
import { ADMIN_KEY, type Answer, HttpFace, PASSWORD } from '../support/http-face.ts';
import { rule, SECRET_KEY } from '../support/sample-site.ts';

const DAY = 24 * 3_600_000;

type Entries = Record<string, unknown>[];
const entriesOf = ({ body }: Answer) => body['entries'] as Entries;

async function faceWithOwner() {
  const face = await HttpFace.open({ attempts: openAttempts });
  const { id } = await face.addSite();
  await face.addPerson('jo@shop.example', id, 'owner');
  return { face, site: id, owner: await face.signIn('jo@shop.example') };
}

describe('the audit log', () => {
  it('has each change with who made it, where, what came of it and the version, the newest first', async () => {
    const { face, owner } = await faceWithOwner();
    const hello = rule('hello', { on: 'purchase' });
    face.clock.now += 1;
    await face.ask('PUT', '/v1/rules/hello', { as: owner, body: hello });
    face.clock.now += 1;
    await face.ask('PUT', '/v1/rules/hello', {
      key: SECRET_KEY,
      body: { ...hello, priority: 7 },
      headers: { from: 'deploy@shop.example' },
    });
    face.clock.now += 1;
    await face.ask('PUT', '/v1/rules/bad', { as: owner, body: { nonsense: true } });
    face.clock.now += 1;
    await face.ask('PUT', '/v1/sites/test/quota', { key: ADMIN_KEY, body: { sockets: 10 } });
    const found = entriesOf(await face.ask('GET', '/v1/audit', { as: owner }));
    const key = face.sites.keysOf('test' as never).find(({ kind }) => kind === 'secret');
    expect(found).toEqual([
      expect.objectContaining({
        at: face.clock.now,
        by: { adminKey: true },
        path: '/v1/sites/:site/quota',
        status: 200,
        version: 4,
      }),
      expect.objectContaining({ path: '/v1/rules/:id', params: { id: 'bad' }, status: 400 }),
      expect.objectContaining({
        by: { key: { id: key?.id, hint: 'cret' }, from: 'deploy@shop.example' },
        version: 3,
      }),
      {
        id: expect.any(String),
        at: expect.any(Number),
        by: { account: 'jo@shop.example' },
        site: 'test',
        method: 'PUT',
        path: '/v1/rules/:id',
        params: { id: 'hello' },
        status: 200,
        version: 2,
      },
      expect.objectContaining({ path: '/v1/invitations/accept', by: { account: 'jo@shop.example' } }),
    ]);
  });

  it('has nothing of what reads, tries out or says what shoppers did', async () => {
    const { face, owner } = await faceWithOwner();
    const before = entriesOf(await face.ask('GET', '/v1/audit', { as: owner })).length;
    await face.ask('GET', '/v1/rules', { as: owner });
    for (const path of ['/v1/events', '/v1/nudges', '/v1/coupons/AAAA/redeem', '/v1/rules/none/backtest'])
      await face.ask('POST', path, { key: SECRET_KEY, body: { nonsense: true } });
    expect(entriesOf(await face.ask('GET', '/v1/audit', { as: owner }))).toHaveLength(before);
  });

  it('has every other endpoint that is not read: the list is the table’s', async () => {
    const { face, owner } = await faceWithOwner();
    const changes = face.routes.filter(
      (route) =>
        route.method !== 'get' &&
        !['nothing', 'own_page', 'person', 'server'].includes(route.needs) &&
        !('isTrial' in route && route.isTrial),
    );
    expect(changes.length).toBeGreaterThan(12);
    const missing: string[] = [];
    for (const { method, path, needs } of changes) {
      const address = path.replace(':site', 'test').replaceAll(/:\w+/g, 'none');
      const as = needs === 'hub' ? { key: ADMIN_KEY } : { as: owner };
      const lists = async () => [
        ...entriesOf(await face.ask('GET', '/v1/audit', { as: owner })),
        ...entriesOf(await face.ask('GET', '/v1/hub/audit', { key: ADMIN_KEY })),
      ];
      const before = (await lists()).length;
      face.clock.now += 1;
      const body = path === '/v1/sites' ? newSite : { nonsense: true };
      await face.ask(method.toUpperCase(), address, { ...as, ...(method === 'delete' ? {} : { body }) });
      const after = await lists();
      // That of a new site is in its own log, where its owners will find it.
      if (path !== '/v1/sites' && after.length !== before + 1) missing.push(`${method} ${path}`);
    }
    expect(missing).toEqual([]);
    await face.addPerson('new@shop.example', SiteId.parse(newSite.id), 'owner');
    const ofNew = await face.ask('GET', '/v1/audit', { as: await face.signIn('new@shop.example') });
    expect(entriesOf(ofNew).at(-1)).toMatchObject({ path: '/v1/sites', site: 'new', status: 201 });
  });

  it('tells page by page, of its own site alone', async () => {
    const { face, owner } = await faceWithOwner();
    await face.addSite({ id: 'other', publishableKey: 'pk_other', secretKey: 'sk_other_secret' });
    for (let turn = 0; turn < 60; turn++) {
      face.clock.now += 1;
      await face.ask('PUT', '/v1/paused', { as: owner, body: { paused: turn % 2 === 0 } });
    }
    const first = await face.ask('GET', '/v1/audit', { as: owner });
    expect(entriesOf(first)).toHaveLength(50);
    const second = await face.ask('GET', `/v1/audit?before=${String(first.body['next'])}`, { as: owner });
    expect([entriesOf(second).length, second.body['next']]).toEqual([11, null]);
    expect(entriesOf(await face.ask('GET', '/v1/audit', { key: 'sk_other_secret' }))).toEqual([]);
  });

  it('keeps 400 days', async () => {
    const { face, owner } = await faceWithOwner();
    await face.ask('PUT', '/v1/paused', { as: owner, body: { paused: true } });
    face.clock.now += 400 * DAY - 1;
    expect(entriesOf(await face.ask('GET', '/v1/audit', { key: SECRET_KEY }))).toHaveLength(2);
    face.clock.now += 1;
    expect(entriesOf(await face.ask('GET', '/v1/audit', { key: SECRET_KEY }))).toEqual([]);
  });

  it('has no password, key or token of what was sent', async () => {
    const { face, owner } = await faceWithOwner();
    const made = await face.ask('POST', '/v1/keys', { as: owner, body: { kind: 'secret' } });
    const invited = await face.ask('POST', '/v1/people', {
      as: owner,
      body: { email: 'vi@shop.example', role: 'viewer' },
    });
    const { text } = await face.ask('GET', '/v1/audit', { as: owner });
    for (const secret of [made.body['key'], invited.body['token'], PASSWORD, owner.csrf, owner.cookie])
      expect(text).not.toContain(String(secret));
  });
});

it('of a shopper who was erased there is no id in it', async () => {
  const { face, owner } = await faceWithOwner();
  const shopper = 'a-shopper-of-the-shop-1';
  await face.ask('DELETE', `/v1/shoppers/${shopper}/sessions`, { as: owner });
  await face.ask('DELETE', `/v1/shoppers/${shopper}`, { as: owner });
  const { text } = await face.ask('GET', '/v1/audit', { as: owner });
  expect(text).toContain('/v1/shoppers/:id');
  expect(text).not.toContain(shopper);
});

it('a change that can’t be noted is not made; one that was made is answered, though how it ended can’t be', async () => {
  const state = { brokenFrom: Number.POSITIVE_INFINITY };
  const face = await HttpFace.open({
    attempts: openAttempts,
    store: (store) =>
      new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (name !== 'registers')
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          const { registers } = target;
          return {
            ...registers,
            write: (...[register, change]: Parameters<typeof registers.write>) =>
              change.version >= state.brokenFrom && register.startsWith('audit')
                ? Promise.reject(new StoreUnavailable('away'))
                : registers.write(register, change),
          };
        },
      }),
  });
  await face.addSite();
  const pause = () => face.ask('PUT', '/v1/paused', { key: SECRET_KEY, body: { paused: true } });
  state.brokenFrom = 1;
  expect(await pause()).toMatchObject({ status: 503, body: { code: 'busy' } });
  expect(face.sites.definition('test' as never).settings.paused).toBe(false);
  state.brokenFrom = 2;
  expect((await pause()).status).toBe(200);
  expect(face.sites.definition('test' as never).settings.paused).toBe(true);
  const { entries } = (await face.ask('GET', '/v1/audit', { key: SECRET_KEY })).body;
  expect(entries).toMatchObject([{ path: '/v1/paused', status: null }]);
});

const newSite = { id: 'new', origins: ['https://new.example'], currency: 'EUR' };
