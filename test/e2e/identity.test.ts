import { createServer } from 'node:http';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { IDENTITY_KEY, shopToken } from '../support/shop-token.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

interface Shop {
  readonly url: string;
  readonly hub: HubProcess;
}

async function startShop(): Promise<Shop> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const SITE_FILE = await siteFile(await tempDir(), {
    origins: [url],
    identityKey: IDENTITY_KEY,
    rules: [
      rule('gift', {
        on: 'add_to_cart',
        nudge: { kind: 'countdown', title: 'For you' },
        offer: { percentOff: 10, validFor: '15m' },
      }),
    ],
  });
  const hub = await startHub({ DATA_DIR: await tempDir(), SITE_FILE });
  const server = createServer((request, response) => {
    const identity = new URL(request.url ?? '', url).searchParams.get('identity');
    const said = identity === null ? '' : `cartbell('identify', ${JSON.stringify(identity)});`;
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<script>window.dataLayer = []; window.cartbell = (...call) => (cartbell.q ??= []).push(call); ${said}</script>
<script async src="${hub.url}/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script></head><body><main><h1>A shop</h1></main></body></html>`,
    );
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url, hub };
}

async function openTab(context: BrowserContext, { url }: Shop, identity?: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(identity === undefined ? url : `${url}/?identity=${identity}`);
  return page;
}

const say = (page: Page, ...given: unknown[]) =>
  page.evaluate((all) => {
    const { cartbell } = window as unknown as { cartbell(...call: unknown[]): void };
    cartbell(...all);
  }, given);
const add = (page: Page, item: string) =>
  say(page, 'event', 'add_to_cart', { items: [{ item_id: item, price: 5 }] });
const kept = (page: Page, name: string) =>
  page.evaluate((key) => localStorage.getItem(key), `cartbell:${PUBLISHABLE_KEY}:${name}`);
const shopperOf = async (page: Page) => ((await kept(page, 'token')) ?? '').split('.')[1] ?? '';
const isKnown = (page: Page) => expect.poll(() => kept(page, 'token'), { timeout: 10_000 }).toMatch(/^cb2\./);
const cartOf = async ({ hub }: Shop, shopper: string) => {
  const { body } = await call(hub.url, 'GET', `/v1/shoppers/${shopper}`);
  const { document } = body as { document?: { cart: { lines: { item_id: string }[] } } };
  return document?.cart.lines.map(({ item_id }) => item_id).toSorted();
};
const lateEvent = { id: 'late-event-1', name: 'page_view', at: 1, rev: 1 };
/** What the hub answers to whoever has that token. */
const statusOf = async ({ url, hub }: Shop, token: string | null) => {
  const headers = { origin: url, 'content-type': 'text/plain' };
  const body = JSON.stringify({ site: PUBLISHABLE_KEY, token, events: [lateEvent] });
  return (await fetch(`${hub.url}/v1/track`, { method: 'POST', headers, body })).status;
};
/** Tokens tell when they were made by the second. */
const nextSecond = () => {
  const second = () => Math.floor(Date.now() / 1_000);
  return expect.poll(second, { interval: 10, timeout: 2_000 }).toBeGreaterThan(second());
};
const countdown = (page: Page) => page.getByRole('heading', { name: 'For you' });

it('signs in in one tab: all of them speak for the customer, with the cart, the code and the same countdown', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const first = await openTab(context, shop);
  await add(first, 'mug');
  await countdown(first).waitFor();
  const anonymous = await shopperOf(first);
  const second = await openTab(context, shop);
  const complaints = [complaintsOf(first), complaintsOf(second)];
  await expect.poll(() => kept(second, 'token')).not.toBeNull();
  await say(second, 'identify', await shopToken('jo'));
  await isKnown(second);
  const customer = await shopperOf(second);
  expect(customer).not.toBe(anonymous);
  await add(first, 'pot');
  await expect.poll(() => cartOf(shop, customer), { timeout: 15_000 }).toEqual(['mug', 'pot']);
  expect(await shopperOf(first)).toBe(customer);
  const shown = async () => (await countdown(first).count()) + (await countdown(second).count());
  await expect.poll(shown).toBe(1);
  expect(complaints.map(({ own }) => own)).toEqual([[], []]);

  // Also where it is found out only after the page has been welcomed as somebody new.
  const phone = await (await openProfile()).newPage();
  await phone.route('**/identity-*.js', async (route) => {
    await expect.poll(() => kept(phone, 'token'), { timeout: 10_000 }).not.toBeNull();
    await route.continue();
  });
  await phone.goto(`${shop.url}/?identity=${await shopToken('jo')}`);
  await countdown(phone).waitFor();
  expect(await shopperOf(phone)).toBe(customer);
});

it('says so on every page: one that is known asks the hub for nothing', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const before = await openTab(context, shop, await shopToken('jo'));
  await isKnown(before);
  await before.close();
  const next = await context.newPage();
  const sent: string[] = [];
  next.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  await next.goto(`${shop.url}/?identity=${await shopToken('jo')}`);
  await expect.poll(() => sent.filter((frame) => frame.includes('"token"')).length).toBe(1);
  await add(next, 'mug');
  await countdown(next).waitFor();
  expect(sent.some((frame) => frame.includes('"identity"'))).toBe(false);
});

it('signs out: the device keeps nothing of the customer, who is nobody on this browser from then on', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const page = await openTab(context, shop, await shopToken('jo'));
  await isKnown(page);
  const [customer, token] = [await shopperOf(page), await kept(page, 'token')];
  await add(page, 'mug');
  await countdown(page).waitFor();
  await say(page, 'identify', null);
  await countdown(page).waitFor({ state: 'detached' });
  await expect.poll(() => kept(page, 'token')).toMatch(/^cb1\./);
  expect(await kept(page, 'inbox')).toBeNull();
  expect(await shopperOf(page)).not.toBe(customer);
  await add(page, 'pot');
  await countdown(page).waitFor();
  await expect.poll(async () => cartOf(shop, await shopperOf(page))).toEqual(['pot']);
  expect(await cartOf(shop, customer)).toEqual(['mug']);
  expect(await statusOf(shop, token)).toBe(401);
});

it('signs out while the hub is away: it is told until it hears, and nobody is the customer meanwhile', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const first = await openTab(context, shop, await shopToken('jo'));
  await isKnown(first);
  const second = await openTab(context, shop);
  await expect.poll(() => shopperOf(second)).toBe(await shopperOf(first));
  const token = await kept(first, 'token');
  let tries = 0;
  await context.route('**/v1/shoppers/sign-out', (route) => (++tries < 3 ? route.abort() : route.continue()));
  await say(second, 'identify', null);
  await expect.poll(() => tries).toBe(1);
  expect(await kept(second, 'token')).not.toBe(token);
  await expect.poll(() => tries, { timeout: 10_000 }).toBe(3);
  await expect.poll(() => kept(second, 'token'), { timeout: 10_000 }).toMatch(/^cb1\./);
  await expect.poll(() => statusOf(shop, token)).toBe(401);
});

it('signs out before the hub has heard who they are: they never become it', async () => {
  const shop = await startShop();
  const page = await openTab(await openProfile(), shop);
  await add(page, 'mug');
  await countdown(page).waitFor();
  const guest = await shopperOf(page);
  const token = await shopToken('jo');
  await page.evaluate((identity) => {
    const cartbell = (window as unknown as { cartbell(...said: unknown[]): void }).cartbell;
    cartbell('identify', identity);
    cartbell('identify', null);
  }, token);
  await add(page, 'pot');
  await expect.poll(() => cartOf(shop, guest)).toEqual(['mug', 'pot']);
  expect(await kept(page, 'token')).toMatch(/^cb1\./);
});

it('was signed out from elsewhere: the next page is known again by the shop’s word', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const page = await openTab(context, shop, await shopToken('jo'));
  await isKnown(page);
  const customer = await shopperOf(page);
  await page.close();
  await call(shop.hub.url, 'DELETE', `/v1/shoppers/${customer}/sessions`);
  // A token from before, or of the same second, is no good any more.
  await nextSecond();
  const next = await openTab(context, shop, await shopToken('jo'));
  await add(next, 'mug');
  await expect.poll(() => cartOf(shop, customer), { timeout: 10_000 }).toEqual(['mug']);
});

it('is signed out from elsewhere while a countdown is up: it goes, the inbox with it, and is not shown to who comes after', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const page = await openTab(context, shop, await shopToken('jo'));
  await isKnown(page);
  await add(page, 'mug');
  await countdown(page).waitFor();
  await expect.poll(() => kept(page, 'inbox')).not.toBeNull();
  await call(shop.hub.url, 'DELETE', `/v1/shoppers/${await shopperOf(page)}/sessions`);
  await countdown(page).waitFor({ state: 'detached' });
  expect(await kept(page, 'inbox')).toBeNull();
  await expect.poll(() => kept(page, 'token')).toMatch(/^cb1\./);
});

it('signs out in one tab: the other one goes on as nobody', async () => {
  const shop = await startShop();
  const context = await openProfile();
  const first = await openTab(context, shop, await shopToken('jo'));
  await isKnown(first);
  const second = await openTab(context, shop);
  await expect.poll(() => shopperOf(second)).toBe(await shopperOf(first));
  const customer = await shopperOf(first);
  await say(first, 'identify', null);
  await expect.poll(() => kept(second, 'token'), { timeout: 10_000 }).toMatch(/^cb1\./);
  await add(second, 'pot');
  await expect.poll(async () => cartOf(shop, await shopperOf(second)), { timeout: 10_000 }).toEqual(['pot']);
  expect(await cartOf(shop, customer)).not.toContain('pot');
});

it('says of a guest that nobody is signed in: they stay who they are', async () => {
  const shop = await startShop();
  const page = await openTab(await openProfile(), shop);
  await add(page, 'mug');
  await countdown(page).waitFor();
  const guest = await shopperOf(page);
  await say(page, 'identify', null);
  await add(page, 'pot');
  await expect.poll(() => cartOf(shop, guest)).toEqual(['mug', 'pot']);
  expect(await shopperOf(page)).toBe(guest);
  expect(await countdown(page).count()).toBe(1);
});

it('comes with a token that is not the shop’s: the page goes on without, and says why', async () => {
  const shop = await startShop();
  const page = await openTab(await openProfile(), shop);
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await say(page, 'identify', await shopToken('jo', { key: 'ik_of_somebody_else_with_thirty_two_letters' }));
  await expect.poll(() => said.some((line) => line.includes('token is not good'))).toBe(true);
  await say(page, 'identify', 'nonsense');
  await add(page, 'mug');
  await countdown(page).waitFor();
  expect(await kept(page, 'token')).toMatch(/^cb1\./);
});
