import { createServer } from 'node:http';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const TABS = 5;
const OFFERS = 30;
/** A queue that nobody writes to for ten seconds is taken over by the next page. */
const TAKEN_OVER_MS = 30_000;

const PAGE = (
  hub: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<script>window.dataLayer = []; addEventListener('cartbell:displayed', (event) => window.told?.('displayed', event.detail.nudge));</script>
<script async src="${hub}/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script></head><body><main><h1>A shop</h1></main></body></html>`;

interface Shop {
  readonly url: string;
  readonly hub: HubProcess;
  /** Between the pages and the hub. */
  readonly way: TcpProxy;
  readonly dataDir: string;
}

async function startShop(rules: readonly object[]): Promise<Shop> {
  const [port, dataDir] = [await freePort(), await tempDir()];
  const url = `http://127.0.0.1:${port}`;
  const SITE_FILE = await siteFile(dataDir, {
    origins: [url],
    rules,
    settings: {
      holdoutPercent: 0,
      limit: { times: 100, per: '1h' },
      cooldown: '0s',
      restAfterDismissal: '0s',
    },
  });
  const hub = await startHub({ DATA_DIR: dataDir, SITE_FILE });
  const way = await TcpProxy.start({ port: Number(new URL(hub.url).port) }, 'bytes');
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(PAGE(`http://127.0.0.1:${way.port}`));
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url, hub, way, dataDir };
}

/** What the hub has counted, once it has ended. */
async function countedBy({ hub, dataDir }: Shop) {
  await hub.stop();
  const store = await SqliteStore.open(dataDir);
  const records = await wholeLog(store);
  const [first] = records;
  const { document } = first ? await store.load(first, []) : { document: null };
  await store.close();
  const events = records.flatMap(({ input }) => (input.kind === 'event' ? [input.event] : []));
  return { events, shoppers: new Set(records.map(({ shopper }) => shopper)), cart: document?.cart ?? null };
}

const add = (page: Page, item = 'mug') =>
  page.evaluate(
    (item_id) =>
      (window as Window & { dataLayer?: object[] }).dataLayer?.push({
        event: 'add_to_cart',
        ecommerce: { items: [{ item_id, price: 5, quantity: 1 }] },
      }),
    item,
  );

async function openTab(context: BrowserContext, shop: Shop): Promise<Page> {
  const page = await context.newPage();
  await page.goto(shop.url);
  await untilStarted(page);
  return page;
}

/** The tag keeps calls until the widget is there; then it is known to the hub, too. */
async function untilStarted(page: Page): Promise<void> {
  await page.waitForFunction(
    (key) =>
      'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q') && localStorage.getItem(key),
    `cartbell:${PUBLISHABLE_KEY}:token`,
  );
}

/** Additions to the cart that wait on the device, in whichever tab's queue. */
function waiting(page: Page): Promise<number> {
  return page.evaluate(
    (prefix) =>
      Object.keys(localStorage)
        .filter((key) => key.startsWith(prefix))
        .flatMap((key): { name: string }[] => JSON.parse(localStorage.getItem(key) ?? '{}').events ?? [])
        .filter(({ name }) => name === 'add_to_cart').length,
    `cartbell:${PUBLISHABLE_KEY}:queue:`,
  );
}

const untilAcked = (page: Page) =>
  expect.poll(() => waiting(page), { timeout: TAKEN_OVER_MS, interval: 100 }).toBe(0);

/** Repeatable chance: the n-th number below `most`. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
}

/** Whoever closes a nudge lets the next one come, which some tab displays. */
async function untilNextIsDisplayed(tabs: readonly Page[], displayed: readonly string[]): Promise<void> {
  const before = displayed.length;
  for (const tab of tabs)
    await tab.evaluate(() => {
      const card = document.querySelector('cart-bell')?.shadowRoot?.querySelector('cartbell-card');
      card?.shadowRoot?.querySelector<HTMLElement>('.dismiss')?.click();
    });
  // One that a tab took along when it was closed has to run out first.
  const addAndCount = async () => {
    if (tabs[0]) await add(tabs[0]);
    return displayed.length;
  };
  await expect.poll(addAndCount, { timeout: 20_000, interval: 1_500 }).toBeGreaterThan(before);
}

describe.each([
  ['with locks', ''],
  ['without locks', 'delete Navigator.prototype.locks'],
])('five tabs %s that are closed and loaded anew at random', (_, script) => {
  it('display each nudge once at most', async () => {
    const shop = await startShop([
      rule('again', { on: 'add_to_cart', nudge: { kind: 'toast', title: 'Good choice', validFor: '5s' } }),
    ]);
    const context = await openProfile();
    await context.addInitScript(script);
    const displayed: string[] = [];
    await context.exposeFunction('told', (what: string, nudge: string) => void displayed.push(nudge + what));
    const first = await openTab(context, shop);
    const tabs = [
      first,
      ...(await Promise.all(Array.from({ length: TABS - 1 }, () => openTab(context, shop)))),
    ];
    const random = dice(7);
    for (let offer = 0; offer < OFFERS; offer++) {
      const [where, what] = [random(TABS), random(4)];
      const page = tabs[random(TABS)];
      if (page) await add(page);
      const other = tabs[where];
      if (what === 0 && other) {
        await other.reload();
        await untilStarted(other);
      }
      if (what === 1) {
        await other?.close({ runBeforeUnload: false });
        tabs[where] = await openTab(context, shop);
      }
      if (what === 2) await untilNextIsDisplayed(tabs, displayed);
    }
    if (tabs[0]) await untilAcked(tabs[0]);
    expect(displayed.length).toBeGreaterThan(3);
    expect(displayed.length).toBe(new Set(displayed).size);
    const { events, shoppers } = await countedBy(shop);
    const told = events.flatMap(({ name, params }) => (name === 'nudge_displayed' ? [params.nudge] : []));
    expect(told.length).toBe(new Set(told).size);
    const added = events.filter(({ name }) => name === 'add_to_cart');
    expect(added.length).toBeGreaterThanOrEqual(OFFERS);
    expect(new Set(added.map(({ id }) => id)).size).toBe(added.length);
    expect(shoppers.size).toBe(1);
  });
});

it('what happened while the shopper was offline arrives when they are back, in its order and once', async () => {
  const shop = await startShop([]);
  const page = await openTab(await openProfile(), shop);
  shop.way.refuse();
  shop.way.reset();
  for (let count = 0; count < 80; count++) await add(page, `item-${count % 7}`);
  await shop.way.heal();
  await untilAcked(page);
  const { events, cart } = await countedBy(shop);
  expect(events.map(({ rev }) => rev)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(80);
  expect(cart?.quantity).toBe(80);
});

it('of five hundred events in a tunnel the last hundred arrive, and the cart is right by what came with them', async () => {
  const shop = await startShop([]);
  const page = await openTab(await openProfile(), shop);
  shop.way.refuse();
  shop.way.reset();
  await page.evaluate(() => {
    const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
    for (let quantity = 1; quantity <= 500; quantity++) {
      const items = [{ item_id: 'mug', price: 5, quantity }];
      cartbell?.('event', 'add_to_cart', { items: [{ ...items[0], quantity: 1 }], cart: { items } });
    }
  });
  await shop.way.heal();
  await untilAcked(page);
  const { events, cart } = await countedBy(shop);
  expect(events).toHaveLength(100);
  expect(cart?.quantity).toBe(500);
});

it('a tab that is closed in the midst of its events loses none: the next page takes them over', async () => {
  const shop = await startShop([]);
  const context = await openProfile();
  const last = await openTab(context, shop);
  for (let round = 0; round < 12; round++) {
    const page = await openTab(context, shop);
    await add(page, `item-${round}`);
    if (round % 2 === 0) await page.goto('chrome://crash', { timeout: 500 }).catch(() => undefined);
    await page.close();
  }
  await untilAcked(last);
  const { events, cart } = await countedBy(shop);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(cart?.lines.map(({ item_id }) => item_id).toSorted()).toEqual(
    Array.from({ length: 12 }, (_, round) => `item-${round}`).toSorted(),
  );
});

it('an ack that never comes is asked for again, and the event counts once', async () => {
  const shop = await startShop([]);
  const page = await openTab(await openProfile(), shop);
  await add(page);
  await untilAcked(page);
  shop.way.halfOpen('replies');
  await add(page);
  await shop.way.heal();
  await untilAcked(page);
  const { events, cart } = await countedBy(shop);
  expect(events).toHaveLength(2);
  expect(cart?.quantity).toBe(2);
});

it.each([
  ['a year fast', 366 * 86_400_000],
  ['a year slow', -366 * 86_400_000],
])('on a computer whose clock is %s a countdown ends when the hub says, to the second', async (_, offMs) => {
  const shop = await startShop([
    rule('count', {
      on: 'add_to_cart',
      nudge: { kind: 'countdown', title: 'Ten percent off' },
      offer: { percentOff: 10, validFor: '10m' },
    }),
  ]);
  const context = await openProfile();
  await context.addInitScript(`const now = Date.now; Date.now = () => now() + ${offMs};`);
  const page = await openTab(context, shop);
  const startedAt = Date.now();
  await add(page);
  const timer = page.getByRole('timer');
  await timer.waitFor();
  const [minutes = 0, seconds = 0] = ((await timer.textContent()) ?? '').trim().split(':').map(Number);
  const passedSeconds = (Date.now() - startedAt) / 1_000;
  expect(Math.abs(minutes * 60 + seconds - (600 - passedSeconds))).toBeLessThanOrEqual(passedSeconds + 1);
});
