import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import {
  idleCountdown,
  ORIGIN,
  PUBLISHABLE_KEY,
  rule,
  SECRET_KEY,
  siteFile,
} from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;

beforeEach(async () => {
  const dir = await tempDir();
  hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [idleCountdown] }) });
});

const eventOf = (name: string, params: object = {}) => ({ id: randomUUID(), name, at: Date.now(), params });

/** Waits for the idle countdown of a shopper with a full cart. */
async function offerFor() {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  const nudge = await page.until(() => page.nudges.find(({ kind }) => kind === 'countdown'));
  return { page, code: nudge.offer?.code ?? '' };
}

describe('the secret key', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer sk_wrong_key' }],
    ['the publishable one', { authorization: `Bearer ${PUBLISHABLE_KEY}` }],
  ])('is needed: %s is refused everywhere, as problem details', async (_, headers) => {
    const doors: [string, string][] = [
      ['GET', '/v1/rules/idle-cart'],
      ['PUT', '/v1/rules/idle-cart'],
      ['PUT', '/v1/products'],
      ['GET', '/v1/metrics'],
      ['POST', '/v1/events'],
      ['POST', '/v1/coupons/AAAA/redeem'],
    ];
    for (const [method, path] of doors) {
      const answer = await call(hub.url, method, path, method === 'GET' ? undefined : {}, headers);
      expect([path, answer.status, answer.type]).toEqual([
        path,
        401,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(answer.body).toMatchObject({ code: 'unauthorized', status: 401 });
    }
  });
});

describe('rules', () => {
  const good = rule('cheer', { on: 'begin_checkout' });

  it('take effect as soon as they are put, and can be read back', async () => {
    expect((await call(hub.url, 'PUT', '/v1/rules/cheer', good)).status).toBe(200);
    expect((await call(hub.url, 'GET', '/v1/rules/cheer')).body).toMatchObject({
      id: 'cheer',
      on: 'begin_checkout',
      priority: 50,
    });
    const page = await openPage(hub.url);
    await page.track('begin_checkout', { items: [mug] });
    expect(await page.until(() => page.nudges[0])).toMatchObject({ rule: 'cheer' });
  });

  it.each([
    [
      'an unknown field in a condition',
      { when: { 'cart.valeu': 3 } },
      'when.cart.valeu',
      'Did you mean "cart.value"?',
    ],
    [
      'an unknown operator',
      { when: { 'cart.value': { $gtee: 3 } } },
      'when.cart.value.$gtee',
      'Did you mean "$gte"?',
    ],
    [
      'a text for a number',
      { when: { 'cart.value': { $gte: '3' } } },
      'when.cart.value.$gte',
      'takes a number',
    ],
    ['an unknown field', { colour: 'red' }, 'colour', 'Unknown field'],
    ['an unknown trigger', { on: 'full_moon' }, 'on', ''],
    [
      'a wait where nothing waits',
      { after: '10s' },
      'after',
      'Only cart_idle, checkout_stalled, cart_dwell wait',
    ],
    [
      'a variable that nothing fills',
      { nudge: { kind: 'toast', title: 'Hi {{shopper.name}}' } },
      'nudge.title',
      'Unknown variable',
    ],
    [
      'a script for a link',
      { nudge: { kind: 'toast', title: 'Hi', cta: { label: 'Go', href: 'javascript:alert(1)' } } },
      'nudge.cta.href',
      '',
    ],
    ['another id than the address', { id: 'other' }, 'id', 'cheer'],
  ])('with %s are refused with path and advice, and change nothing', async (_, more, path, advice) => {
    const answer = await call(hub.url, 'PUT', '/v1/rules/cheer', { ...good, ...more });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid', path });
    expect(String(answer.body['message'])).toContain(advice);
    expect((await call(hub.url, 'GET', '/v1/rules/cheer')).status).toBe(404);
  });
});

describe('products', () => {
  it('feed recommendations: popular ones, none that is in the cart or out of stock', async () => {
    const product = (item_id: string, stock: number) => ({
      item_id,
      item_name: item_id,
      price: 5,
      stock,
      url: `/p/${item_id}`,
    });
    const products = [product('mug', 9), product('bowl', 9), product('plate', 0), product('vase', 9)];
    expect((await call(hub.url, 'PUT', '/v1/products', { products })).body).toEqual({
      ok: true,
      products: 4,
    });
    for (const item_id of ['mug', 'bowl', 'plate', 'bowl', 'vase']) {
      const shopper = randomUUID().replaceAll('-', '').slice(0, 22);
      await call(hub.url, 'POST', '/v1/events', {
        shopper,
        events: [eventOf('view_item', { items: [{ item_id }] })],
      });
    }
    await call(hub.url, 'GET', '/v1/metrics');
    await call(
      hub.url,
      'PUT',
      '/v1/rules/more',
      rule('more', { on: 'add_to_cart', nudge: { kind: 'recommendation', title: 'More' } }),
    );
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    const { items = [] } = await page.until(() => page.nudges[0]);
    expect(items.map(({ item_id }) => item_id)).toEqual(['bowl', 'vase']);
  });

  it('with a fault are refused with its path, and the catalogue stays', async () => {
    const answer = await call(hub.url, 'PUT', '/v1/products', {
      products: [{ item_id: 'a', item_name: 'A', price: -1, url: '/a' }],
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid', path: 'products.0.price' } });
  });

  it('that come compressed are refused before they are unpacked', async () => {
    const response = await fetch(`${hub.url}/v1/products`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${SECRET_KEY}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify({ products: [], pad: ' '.repeat(10_000_000) })),
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'invalid', status: 415 });
  });
});

describe('server events', () => {
  it('tell of a purchase, which takes the countdown off the page', async () => {
    const { page } = await offerFor();
    const events = [eventOf('purchase', { transaction_id: 'T-1', items: [mug] })];
    const answer = await call(hub.url, 'POST', '/v1/events', { shopper: page.welcome.shopper, events });
    expect(answer.body).toEqual({ ok: true, accepted: 1, duplicates: 0 });
    expect(await page.until(() => page.withdrawn[0])).toMatchObject({ reason: 'purchased' });
    expect(
      (await call(hub.url, 'POST', '/v1/events', { shopper: page.welcome.shopper, events })).body,
    ).toMatchObject({ duplicates: 1 });
  });
});

describe('coupons', () => {
  const redeem = (code: string, orderId: unknown) =>
    call(hub.url, 'POST', `/v1/coupons/${code}/redeem`, { orderId });

  it('are spent by one order, which may ask again', async () => {
    const { code } = await offerFor();
    expect(await redeem(code.toLowerCase(), 'order-1')).toMatchObject({
      status: 200,
      body: { percentOff: 10, code },
    });
    expect((await redeem(code, 'order-1')).status).toBe(200);
    expect(await redeem(code, 'order-2')).toMatchObject({ status: 409, body: { code: 'coupon_spent' } });
  });

  it('are spent once by 50 orders at once', async () => {
    const { code } = await offerFor();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => redeem(code, `order-${index}`)),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 49 }, () => 409),
    ]);
  });

  it('are worth nothing past their deadline, which the hub keeps', async () => {
    await call(hub.url, 'PUT', '/v1/rules/idle-cart', {
      ...idleCountdown,
      offer: { percentOff: 10, validFor: '10s' },
    });
    const { page, code } = await offerFor();
    await page.until(() => page.withdrawn.find(({ reason }) => reason === 'expired'));
    expect(await redeem(code, 'order-1')).toMatchObject({ status: 410, body: { code: 'coupon_expired' } });
  });

  it('that nobody issued are unknown, and a wrong body is refused', async () => {
    expect(await redeem('AAAA-BBBB-CCCC-DDDD', 'order-1')).toMatchObject({
      status: 404,
      body: { code: 'coupon_unknown' },
    });
    expect(await redeem('AAAA-BBBB-CCCC-DDDD', 7)).toMatchObject({ status: 400, body: { path: 'orderId' } });
  });
});

describe('the beacon', () => {
  it('counts a page’s last words once, with what the socket brought', async () => {
    const page = await openPage(hub.url);
    const event = { ...eventOf('add_to_cart', { items: [mug] }), rev: 1 };
    const body = JSON.stringify({ site: PUBLISHABLE_KEY, token: page.welcome.token, events: [event] });
    const headers = { origin: ORIGIN, 'content-type': 'text/plain' };
    expect((await call(hub.url, 'POST', '/v1/track', body, headers)).body).toEqual({
      ok: true,
      accepted: 1,
      duplicates: 0,
    });
    expect(await page.socket.emitWithAck('track', { events: [event] })).toMatchObject({ duplicates: 1 });
    expect((await call(hub.url, 'GET', '/v1/metrics')).body).toMatchObject({
      events: { add_to_cart: 1 },
      carts: { started: 1 },
    });
  });

  it.each([
    ['no JSON', '{', ORIGIN, 400, ''],
    [
      'a foreign origin',
      JSON.stringify({ site: PUBLISHABLE_KEY, token: 't', events: [eventOf('page_view')] }),
      'https://evil.example',
      403,
      undefined,
    ],
    [
      'a forged token',
      JSON.stringify({ site: PUBLISHABLE_KEY, token: 'cb1.x.y', events: [eventOf('page_view')] }),
      ORIGIN,
      401,
      'token',
    ],
    ['a body of 100 kB', JSON.stringify({ pad: 'x'.repeat(100_000) }), ORIGIN, 413, undefined],
  ])('is refused with %s', async (_, body, origin, status, path) => {
    const answer = await call(hub.url, 'POST', '/v1/track', body, { origin, 'content-type': 'text/plain' });
    expect(answer.status).toBe(status);
    expect(answer.body['path']).toBe(path);
  });
});

it('the beacon of a browser that sends Global Privacy Control is not taken', async () => {
  const page = await openPage(hub.url);
  const body = JSON.stringify({
    site: PUBLISHABLE_KEY,
    token: page.welcome.token,
    events: [{ ...eventOf('view_item', { items: [mug] }), rev: 1 }],
  });
  const headers = { origin: ORIGIN, 'content-type': 'text/plain', 'sec-gpc': '1' };
  expect(await call(hub.url, 'POST', '/v1/track', body, headers)).toMatchObject({
    status: 403,
    body: { code: 'opted_out' },
  });
  expect((await call(hub.url, 'GET', '/v1/metrics')).body).toMatchObject({ events: {} });
});

describe('operations', () => {
  it('healthz says that it serves, readyz that the store answers', async () => {
    expect((await call(hub.url, 'GET', '/healthz')).body).toEqual({ ok: true });
    expect((await call(hub.url, 'GET', '/readyz')).body).toEqual({ ok: true, faults: [] });
  });

  it('an address where there is nothing is a problem too', async () => {
    expect(await call(hub.url, 'GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('signals end it with code 0 while pages are connected, however many come', async () => {
    await openPage(hub.url);
    process.kill(hub.pid, 'SIGINT');
    process.kill(hub.pid, 'SIGTERM');
    expect(await hub.stop()).toBe(0);
  });

  it('a site has 500 rules at most, also when many are put at once', async () => {
    const put = (id: string) => call(hub.url, 'PUT', `/v1/rules/${id}`, rule(id, { on: 'purchase' }));
    const answers = await Promise.all(Array.from({ length: 505 }, (_, index) => put(`rule-${index}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(499);
    expect(answers.find(({ status }) => status !== 200)).toMatchObject({ status: 400, body: { path: 'id' } });
  });
});
