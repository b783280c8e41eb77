import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { ORIGIN, PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const IDS = 1_000;
const AT_ONCE = 50;
const PER_ADDRESS = 25;

const offer = { percentOff: 10, validFor: '15m', budget: { count: 40 } };
const countdown = { kind: 'countdown', title: 'For you' };
const onCart = rule('on-cart', { on: 'add_to_cart', nudge: countdown, offer });
const loyal = rule('loyal', {
  on: 'view_cart',
  when: { 'shopper.orders': { $gte: 1 } },
  nudge: countdown,
  offer: { percentOff: 30, validFor: '15m' },
});

async function start(): Promise<HubProcess> {
  const dir = await tempDir();
  const settings = { holdoutPercent: 0, orders: 'server', offers: { perAddress: PER_ADDRESS } };
  const SITE_FILE = await siteFile(dir, { rules: [onCart, loyal], settings });
  return startHub({ DATA_DIR: dir, SITE_FILE, TRUST_PROXY: '1' });
}

type Way = (page: Page, hub: HubProcess, headers: Record<string, string>) => Promise<{ ok: boolean }>;

const added = () => ({ id: randomUUID(), name: 'add_to_cart', at: Date.now(), params: { items: [mug] } });

/** How a cart can be told of. */
const WAYS: readonly Way[] = [
  (page) => page.track('add_to_cart', { items: [mug] }),
  // As a tab that nobody has opened.
  (page) => page.socket.emitWithAck('track', { tab: randomUUID().slice(0, 20), events: [added()] }),
  async ({ welcome: { token } }, { url }, headers) => {
    const body = JSON.stringify({ site: PUBLISHABLE_KEY, token, events: [added()] });
    return fetch(`${url}/v1/track`, { method: 'POST', headers, body });
  },
];

/** A shopper nobody knows, with a cart that they say is full. Resolves with how many codes they were given. */
async function farm(hub: HubProcess, address: string, [way = WAYS[0]]: readonly (Way | undefined)[] = WAYS) {
  const headers = { origin: ORIGIN, 'x-forwarded-for': address };
  const page = await openPage(hub.url, {}, headers);
  expect((await way?.(page, hub, headers))?.ok).toBe(true);
  // Its answer comes behind all that the event has brought about.
  await page.track('page_view');
  page.close();
  return page.nudges.length;
}

it(
  'a thousand made-up shoppers from one address get what one address may have, and budgets hold',
  { timeout: 120_000 },
  async () => {
    const hub = await start();
    let farmed = 0;
    for (let first = 0; first < IDS; first += AT_ONCE) {
      const some = await Promise.all(
        Array.from({ length: AT_ONCE }, (__, index) => farm(hub, '10.6.6.6', [WAYS[index % WAYS.length]])),
      );
      for (const codes of some) farmed += codes;
    }
    expect(farmed).toBe(PER_ADDRESS);
    const elsewhere = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => farm(hub, `10.1.0.${index}`)),
    );
    expect(elsewhere.filter((codes) => codes === 1)).toHaveLength(offer.budget.count - PER_ADDRESS);
  },
);

it('an order that a page makes up makes nobody a good customer; the shop’s server does', async () => {
  const hub = await start();
  const page = await openPage(hub.url);
  const order = { transaction_id: 'order-1', items: [mug] };
  await page.track('purchase', order);
  await page.track('view_cart', { items: [mug] });
  await page.track('page_view');
  expect(page.nudges).toEqual([]);
  const { shopper } = page.welcome;
  const told = { id: randomUUID(), name: 'purchase', at: Date.now(), params: order };
  expect((await call(hub.url, 'POST', '/v1/events', { shopper, events: [told] })).status).toBe(200);
  await page.track('view_cart', { items: [mug] });
  expect((await page.until(() => page.nudges[0])).rule).toBe('loyal');
});

it('a code goes back when its order is off, and to no other order before that', async () => {
  const hub = await start();
  const page = await openPage(hub.url, {}, { origin: ORIGIN, 'x-forwarded-for': '10.1.0.1' });
  await page.track('add_to_cart', { items: [mug] });
  const { offer: given } = await page.until(() => page.nudges[0]);
  const ask = async (what: string, orderId: string) =>
    (await call(hub.url, 'POST', `/v1/coupons/${given?.code}/${what}`, { orderId })).status;
  expect(await ask('redeem', 'order-1')).toBe(200);
  expect(await ask('release', 'order-2')).toBe(409);
  expect(await ask('redeem', 'order-2')).toBe(409);
  expect([await ask('release', 'order-1'), await ask('release', 'order-1')]).toEqual([200, 200]);
  expect(await ask('redeem', 'order-2')).toBe(200);
  expect(
    (await call(hub.url, 'POST', '/v1/coupons/AAAA-AAAA-AAAA-AAAA/release', { orderId: 'x' })).status,
  ).toBe(404);
});
