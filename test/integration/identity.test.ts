import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../support/api.ts';
import { Canaries } from '../support/canaries.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { ORIGIN, PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { IDENTITY_KEY, shopToken } from '../support/shop-token.ts';
import { tempDir } from '../support/temp-dir.ts';

const shop = {
  identityKey: IDENTITY_KEY,
  traits: { name: 'string' },
  rules: [
    rule('gift', {
      on: 'add_to_cart',
      nudge: { kind: 'countdown', title: 'For you' },
      offer: { percentOff: 10, validFor: '15m' },
      limit: { times: 1, per: '1d' },
    }),
    rule('thanks', { on: 'purchase', nudge: { kind: 'toast', title: 'Thank you' } }),
    rule('on-call', { on: 'api', when: { 'cart.value': { $gte: 1 } } }),
  ],
};

async function embedded(): Promise<HubProcess[]> {
  return [await startHub({ DATA_DIR: await tempDir(), SITE_FILE: await siteFile(await tempDir(), shop) })];
}

async function overRedis(): Promise<HubProcess[]> {
  const redis = await RedisServer.start();
  const env = { REDIS_URL: redis.url, DRAIN_MS: '0', SITE_FILE: await siteFile(await tempDir(), shop) };
  return Promise.all([startHub(env), startHub(env)]);
}

/** The first hub and the last one, which may be the same. */
function ends(hubs: readonly HubProcess[]): [HubProcess, HubProcess] {
  const [first] = hubs;
  const last = hubs.at(-1);
  if (!first || !last) throw new Error('No hub.');
  return [first, last];
}

const documentOf = async (hub: HubProcess, shopper: string) => {
  const { status, body } = await call(hub.url, 'GET', `/v1/shoppers/${shopper}`);
  return status === 200 ? (body as { document: Record<string, unknown> }).document : null;
};

const refusal = async (opened: Promise<Page>) => {
  const error = (await opened.then(
    () => null,
    (reason: unknown) => reason,
  )) as (Error & { data?: { code?: string } }) | null;
  return error && { message: error.message, code: error.data?.code };
};

const signOut = (hub: HubProcess, token: string) =>
  fetch(`${hub.url}/v1/shoppers/sign-out`, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'text/plain' },
    body: JSON.stringify({ site: PUBLISHABLE_KEY, token }),
  });

describe.each([
  ['one hub', embedded],
  ['two hubs over Redis', overRedis],
])('on %s', (_, start) => {
  it('an anonymous shopper who is shown to be a customer is that customer: cart, code and caps come along, on every device', async () => {
    const [hub, other] = ends(await start());
    const anonymous = await openPage(hub.url);
    await anonymous.track('add_to_cart', { items: [mug] });
    const nudge = await anonymous.until(() => anonymous.nudges[0]);
    const { token, shopper } = anonymous.welcome;
    const known = await openPage(hub.url, { token, identity: await shopToken('jo') });
    expect(known.welcome.shopper).not.toBe(shopper);
    expect(known.welcome.nudges.map(({ id, offer }) => [id, offer?.code])).toEqual([
      [nudge.id, nudge.offer?.code],
    ]);

    const phone = await openPage(other.url, { identity: await shopToken('jo') });
    expect(phone.welcome.shopper).toBe(known.welcome.shopper);
    expect(phone.welcome.nudges.map(({ id }) => id)).toEqual([nudge.id]);
    await phone.track('add_to_cart', { items: [{ ...mug, item_id: 'pot', quantity: 1 }] });
    const lines = (await documentOf(other, known.welcome.shopper)) as {
      cart: { lines: { item_id: string }[] };
    };
    expect(lines.cart.lines.map(({ item_id }) => item_id).toSorted()).toEqual(['mug', 'pot']);
    expect(phone.nudges).toEqual([]);

    const code = nudge.offer?.code ?? '';
    const redeemed = await call(other.url, 'POST', `/v1/coupons/${code}/redeem`, { orderId: 'order-1' });
    expect(redeemed).toMatchObject({ status: 200, body: { code, percentOff: 10 } });
  });

  it('what is said of the anonymous shopper afterwards is about the customer, and their token is nobody’s', async () => {
    const [hub, other] = ends(await start());
    const anonymous = await openPage(hub.url);
    await anonymous.track('add_to_cart', { items: [mug] });
    const { token, shopper } = anonymous.welcome;
    const known = await openPage(hub.url, { token, identity: await shopToken('jo') });
    const event = {
      id: randomUUID(),
      name: 'purchase',
      at: Date.now(),
      params: { transaction_id: 'order-1', items: [mug] },
    };
    expect(await call(other.url, 'POST', '/v1/events', { shopper, events: [event] })).toMatchObject({
      status: 200,
    });
    const customer = await documentOf(other, known.welcome.shopper);
    expect(customer).toMatchObject({ orders: { count: 1 }, cart: { quantity: 0 }, merged: [shopper] });
    expect(await documentOf(hub, shopper)).toMatchObject({
      orders: { count: 0 },
      departed: { to: known.welcome.shopper, isDone: true },
    });
    // Pages of the same browser are given a moment to learn who they are.
    expect(await refusal(openPage(other.url, { token }))).toMatchObject({ code: 'busy' });
  });

  it('an event whose ack was lost before counts once after', async () => {
    const [hub] = ends(await start());
    const anonymous = await openPage(hub.url);
    const event = { id: randomUUID(), name: 'add_to_cart', at: Date.now(), rev: 1, params: { items: [mug] } };
    await anonymous.socket.emitWithAck('track', { events: [event] });
    const late = { ...event, id: randomUUID(), rev: 2 };
    const known = await openPage(hub.url, {
      token: anonymous.welcome.token,
      identity: await shopToken('jo'),
    });
    const sentAt = Date.now();
    expect(await known.socket.emitWithAck('track', { events: [event, late], sentAt })).toMatchObject({
      ok: true,
      accepted: 1,
      duplicates: 1,
    });
    expect(await documentOf(hub, known.welcome.shopper)).toMatchObject({ cart: { quantity: 4 } });
  });

  it('a token of the shop’s is good for one browser, as often as that one asks', async () => {
    const [hub, other] = ends(await start());
    const { token } = (await openPage(hub.url)).welcome;
    const identity = await shopToken('jo');
    const first = await openPage(hub.url, { token, identity });
    const again = await openPage(other.url, { token, identity });
    expect(again.welcome.token).toBe(first.welcome.token);
    const thief = await openPage(hub.url);
    for (const auth of [{ identity }, { identity, token: thief.welcome.token }])
      expect(await refusal(openPage(other.url, auth))).toMatchObject({ code: 'identity_refused' });
  });

  it('a browser on which another customer signs in is no longer the first one’s; and each browser has its proof for itself', async () => {
    const [hub, other] = ends(await start());
    const ann = await openPage(hub.url, { identity: await shopToken('ann') });
    const second = await openPage(other.url, { identity: await shopToken('ann') });
    const dropped = new Promise((resolve) => ann.socket.once('disconnect', resolve));
    const identity = await shopToken('bob');
    const bob = await openPage(other.url, { token: ann.welcome.token, identity });
    expect(bob.welcome.shopper).not.toBe(ann.welcome.shopper);
    await dropped;
    const after = await openPage(hub.url, { token: ann.welcome.token });
    expect([ann.welcome.shopper, bob.welcome.shopper]).not.toContain(after.welcome.shopper);
    const replayed = openPage(hub.url, { token: second.welcome.token, identity });
    expect(await refusal(replayed)).toMatchObject({ code: 'identity_refused' });
    expect((await openPage(hub.url, { token: second.welcome.token })).welcome.shopper).toBe(
      ann.welcome.shopper,
    );
  });

  it('a hub that remembers the anonymous shopper welcomes nobody as them any more', async () => {
    const [hub, other] = ends(await start());
    const anonymous = await openPage(other.url);
    await anonymous.track('add_to_cart', { items: [mug] });
    anonymous.close();
    const { token, shopper } = anonymous.welcome;
    const known = await openPage(hub.url, { token, identity: await shopToken('jo') });
    const auth = { site: PUBLISHABLE_KEY, token };
    const again = io(other.url, {
      transports: ['websocket'],
      auth,
      extraHeaders: { origin: ORIGIN },
      forceNew: true,
    });
    onTestFinished(() => void again.disconnect());
    const became = await new Promise<string>((resolve) => {
      again.once('welcome', (welcome: { shopper: string }) => resolve(welcome.shopper));
      for (const event of ['moving', 'connect_error'])
        again.once(event, () => resolve('asked to come in anew'));
    });
    expect(became).not.toBe(shopper);
    expect((await openPage(other.url, { token: known.welcome.token })).welcome.shopper).toBe(
      known.welcome.shopper,
    );
  });

  it('signs out, whatever is wrong with its last words', async () => {
    const [hub] = ends(await start());
    const known = await openPage(hub.url, { identity: await shopToken('jo') });
    const { token, shopper } = known.welcome;
    for (const events of [
      [{ name: 'nonsense' }],
      [{ id: randomUUID(), name: 'undeclared_one', at: 1, rev: 1 }],
    ]) {
      const body = JSON.stringify({ site: PUBLISHABLE_KEY, token, events });
      const headers = { origin: ORIGIN, 'content-type': 'text/plain' };
      await fetch(`${hub.url}/v1/shoppers/sign-out`, { method: 'POST', headers, body });
    }
    expect((await openPage(hub.url, { token })).welcome.shopper).not.toBe(shopper);
  });

  it('what a shop’s server told of somebody before they were known, and tells again, counts once', async () => {
    const [hub, other] = ends(await start());
    const { token, shopper } = (await openPage(hub.url)).welcome;
    const added = { id: randomUUID(), name: 'add_to_cart', at: Date.now(), params: { items: [mug] } };
    const tell = (id: string) =>
      call(other.url, 'POST', '/v1/events', { shopper, events: [{ ...added, id }] });
    expect(await tell(added.id)).toMatchObject({ body: { accepted: 1 } });
    const known = await openPage(hub.url, { token, identity: await shopToken('jo') });
    expect(await tell(added.id)).toMatchObject({ body: { accepted: 0, duplicates: 1 } });
    const cartOf = async () => (await documentOf(hub, known.welcome.shopper))?.['cart'];
    expect(await cartOf()).toMatchObject({ lines: [{ quantity: mug.quantity }] });
    expect(await tell(randomUUID())).toMatchObject({ body: { accepted: 1, duplicates: 0 } });
    expect(await cartOf()).toMatchObject({ lines: [{ quantity: 2 * mug.quantity }] });
  });

  it('whoever signs out while their browser sends Global Privacy Control is signed out, and nothing is kept', async () => {
    const [hub] = ends(await start());
    const known = await openPage(hub.url, { identity: await shopToken('jo') });
    const { token, shopper } = known.welcome;
    const events = [
      { id: randomUUID(), name: 'add_to_cart', at: Date.now(), rev: 1, params: { items: [mug] } },
    ];
    await fetch(`${hub.url}/v1/shoppers/sign-out`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'text/plain', 'sec-gpc': '1' },
      body: JSON.stringify({ site: PUBLISHABLE_KEY, token, events }),
    });
    expect((await openPage(hub.url, { token })).welcome.shopper).not.toBe(shopper);
    expect((await documentOf(hub, shopper))?.['cart']).toMatchObject({ lines: [] });
  });

  it('whoever signs out is somebody new, and the proof that they had is used up', async () => {
    const [hub, other] = ends(await start());
    const { token } = (await openPage(hub.url)).welcome;
    const identity = await shopToken('jo');
    const known = await openPage(hub.url, { token, identity });
    const phone = await openPage(other.url, { identity: await shopToken('jo') });
    const dropped = new Promise((resolve) => known.socket.once('disconnect', resolve));
    await signOut(other, known.welcome.token);
    await dropped;
    const after = await openPage(other.url, { token: known.welcome.token });
    expect(after.welcome).toMatchObject({ nudges: [] });
    expect(after.welcome.shopper).not.toBe(known.welcome.shopper);
    expect(await refusal(openPage(hub.url, { token: known.welcome.token, identity }))).toMatchObject({
      code: 'identity_refused',
    });
    expect((await openPage(hub.url, { token: phone.welcome.token })).welcome.shopper).toBe(
      known.welcome.shopper,
    );
  });

  it('whoever is revoked is let go within five seconds, on each hub, and by no token comes back as who they were', async () => {
    const [hub, other] = ends(await start());
    const pages = await Promise.all(
      [hub, other, hub].map(async ({ url }) => openPage(url, { identity: await shopToken('jo') })),
    );
    const { shopper } = pages[0]?.welcome ?? { shopper: '' };
    // A page that is known has one with it and shows it to nobody.
    const unused = await shopToken('jo');
    const dropped = pages.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)));
    const since = performance.now();
    const { body } = await call(hub.url, 'DELETE', `/v1/shoppers/${shopper}/sessions`);
    expect(body).toMatchObject({ ended: 3 });
    await Promise.all(dropped);
    expect(performance.now() - since).toBeLessThan(5_000);
    for (const { welcome } of pages)
      expect((await openPage(other.url, { token: welcome.token })).welcome.shopper).not.toBe(shopper);
    expect(await refusal(openPage(hub.url, { identity: unused }))).toMatchObject({
      code: 'identity_refused',
    });
    const beacon = {
      site: PUBLISHABLE_KEY,
      token: pages[0]?.welcome.token,
      events: [{ id: randomUUID(), name: 'page_view', at: 1, rev: 1 }],
    };
    const headers = { origin: ORIGIN, 'content-type': 'text/plain' };
    const sent = await fetch(`${hub.url}/v1/track`, {
      method: 'POST',
      headers,
      body: JSON.stringify(beacon),
    });
    expect(sent.status).toBe(401);
  });

  it('a customer who is erased is erased as the anonymous ones that they were, too, and begins anew', async () => {
    const [hub, other] = ends(await start());
    const canaries = new Canaries();
    const anonymous = await openPage(hub.url);
    await anonymous.track('search', { search_term: canaries.next() });
    await anonymous.track('add_to_cart', { items: [{ ...mug, item_name: canaries.next() }] });
    const known = await openPage(hub.url, {
      token: anonymous.welcome.token,
      identity: await shopToken('jo'),
    });
    const { shopper } = known.welcome;
    // By the name that is not theirs any more: the shop's server may know no other.
    expect(await call(other.url, 'DELETE', `/v1/shoppers/${anonymous.welcome.shopper}`)).toMatchObject({
      status: 200,
    });
    for (const id of [shopper, anonymous.welcome.shopper]) expect(await documentOf(hub, id)).toBeNull();
    const back = await openPage(hub.url, { identity: await shopToken('jo') });
    expect(back.welcome.shopper).not.toBe(shopper);
    const { body } = await call(hub.url, 'POST', '/v1/identities', { subject: 'jo' });
    expect(body).toEqual({ shopper: back.welcome.shopper });
  });
});

it('an anonymous shopper who was erased becomes nobody: whoever shows their token and the shop’s is the customer, with nothing of theirs', async () => {
  const [hub] = ends(await embedded());
  const anonymous = await openPage(hub.url);
  await anonymous.track('add_to_cart', { items: [mug] });
  const { token, shopper } = anonymous.welcome;
  await call(hub.url, 'DELETE', `/v1/shoppers/${shopper}`);
  const known = await openPage(hub.url, { token, identity: await shopToken('jo') });
  expect(known.welcome.shopper).not.toBe(shopper);
  const document = await documentOf(hub, known.welcome.shopper);
  expect(document).toMatchObject({ cart: { quantity: 0 } });
  expect(JSON.stringify(document)).not.toContain(shopper);
});

it('a hub that dies between the two halves of it is finished by the next: nothing is lost and nothing counts twice', async () => {
  const dir = await tempDir();
  const env = { DATA_DIR: dir, SITE_FILE: await siteFile(await tempDir(), shop) };
  let hub = await startHub(env);
  for (let round = 0; round < 6; round++) {
    const subject = `jo-${round}`;
    const pages = await Promise.all([1, 2, 3].map(() => openPage(hub.url)));
    for (const page of pages) await page.track('add_to_cart', { items: [mug] });
    const tokens = await Promise.all(pages.map(() => shopToken(subject)));
    const opened = pages.map(({ welcome }, index) =>
      openPage(hub.url, { token: welcome.token, identity: tokens[index] }).catch(() => null),
    );
    const { body } = await call(hub.url, 'POST', '/v1/identities', { subject });
    const { shopper } = body as { shopper: string };
    // At another moment each time, of some milliseconds for which it lasts.
    await Promise.race([...opened, new Promise((resolve) => setTimeout(resolve, round * 2))]);
    await hub.kill();
    hub = await startHub(env);
    for (const [index, { welcome }] of pages.entries())
      await openPage(hub.url, { token: welcome.token, identity: tokens[index] });
    await until('all that was known has arrived', async () => {
      const document = (await documentOf(hub, shopper)) as { merged?: string[] } | null;
      return document?.merged?.length === 3;
    });
    expect(await documentOf(hub, shopper)).toMatchObject({
      merged: expect.arrayContaining(pages.map(({ welcome }) => welcome.shopper)),
      visit: { number: 3 },
      cart: { quantity: 2 },
    });
  }
}, 60_000);

describe('a token that the shop did not sign for this', () => {
  const now = Math.floor(Date.now() / 1_000);
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const good = { sub: 'jo', aud: 'test', jti: 'one', iat: now, exp: now + 300 };
  const unsigned = (header: object) => Promise.resolve(`${encode(header)}.${encode(good)}.`);
  const hmac = (hash: string, header: object, key: string) => {
    const text = `${encode(header)}.${encode(good)}`;
    return Promise.resolve(`${text}.${createHmac(hash, key).update(text).digest('base64url')}`);
  };
  const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
    ['no algorithm', () => unsigned({ alg: 'none' })],
    ['no algorithm, in capitals', () => unsigned({ alg: 'NONE' })],
    ['no signature', () => unsigned({ alg: 'HS256' })],
    ['RS256', () => new SignJWT(good).setProtectedHeader({ alg: 'RS256' }).sign(pair.privateKey)],
    ['HS256 with a public key for a secret', () => shopToken('jo', { key: pem })],
    ['HS512 with the right key', () => hmac('sha512', { alg: 'HS512' }, IDENTITY_KEY)],
    ['HS384 with the right key', () => hmac('sha384', { alg: 'HS384' }, IDENTITY_KEY)],
    ['another key', () => shopToken('jo', { key: 'ik_another_key_of_thirty_two_characters_x' })],
    ['an empty key', () => hmac('sha256', { alg: 'HS256' }, '')],
    ['the site’s secret key', () => hmac('sha256', { alg: 'HS256' }, 'sk_test_secret')],
    ['a key that there is not', () => shopToken('jo', { header: { kid: 'k-nobody' } })],
    ['a key from a file', () => shopToken('jo', { header: { kid: '../../etc/passwd' } })],
    [
      'a key that it brings along',
      () => hmac('sha256', { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, 'AAAA'),
    ],
    ['a key at an address', () => hmac('sha256', { alg: 'HS256', jku: 'https://evil.example/keys' }, 'AAAA')],
    ['another site', () => shopToken('jo', { claims: { aud: 'other' } })],
    ['no site', () => shopToken('jo', { claims: { aud: undefined } })],
    ['nobody', () => shopToken('jo', { claims: { sub: undefined } })],
    ['no end', () => shopToken('jo', { claims: { exp: undefined } })],
    ['an end that is past', () => shopToken('jo', { claims: { iat: now - 600, exp: now - 300 } })],
    ['too long', () => shopToken('jo', { claims: { exp: now + 3_600 } })],
    ['begun too long ago', () => shopToken('jo', { claims: { iat: now - 3_600, exp: now + 60 } })],
    ['not begun yet', () => shopToken('jo', { claims: { iat: now + 600, exp: now + 900 } })],
    ['not yet', () => shopToken('jo', { claims: { nbf: now + 600 } })],
    ['no name of its own', () => shopToken('jo', { claims: { jti: undefined } })],
    ['no beginning', () => shopToken('jo', { claims: { iat: undefined } })],
    [
      'another’s words',
      async () => (await shopToken('jo')).replace(/\.[^.]+\./, `.${encode({ ...good, sub: 'eve' })}.`),
    ],
    ['no words', () => Promise.resolve('..')],
    ['nothing', () => Promise.resolve('x')],
  ];

  it('is refused in the same words, whatever is wrong with it, and the page may come in without', async () => {
    const [hub] = ends(await embedded());
    const page = await openPage(hub.url);
    const { token, shopper } = page.welcome;
    const told = new Map<string, unknown>();
    for (const [what, make] of forgeries)
      told.set(what, await refusal(openPage(hub.url, { token, identity: await make() })));
    expect(new Set([...told.values()].map((value) => JSON.stringify(value))).size).toBe(1);
    expect(told.get('no algorithm')).toMatchObject({ code: 'identity_refused' });
    expect(told.size).toBe(forgeries.length);
    expect((await openPage(hub.url, { token })).welcome.shopper).toBe(shopper);
    expect((await openPage(hub.url, { token, identity: await shopToken('jo') })).welcome.shopper).not.toBe(
      shopper,
    );
  });
});
