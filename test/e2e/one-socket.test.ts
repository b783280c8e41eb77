import { createServer } from 'node:http';
import type { BrowserContext, CDPSession, Page } from 'playwright';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { call } from '../support/api.ts';
import { closeBrowser, lookAt, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { metricsOf } from '../support/prometheus.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

/** A tab that does not answer is given ten seconds. */
const REPLACED_WITHIN_MS = 25_000;

const PAGE = (
  hub: string,
  tag: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><script>window.dataLayer = [];</script>
<script async src="${hub}/cartbell.js" data-site="${PUBLISHABLE_KEY}" ${tag}></script></head><body><main><h1>A shop</h1></main></body></html>`;

interface Shop {
  readonly url: string;
  readonly hub: HubProcess;
  readonly dataDir: string;
}

async function startShop(rules: readonly object[] = [], tag = ''): Promise<Shop> {
  const [port, dataDir] = [await freePort(), await tempDir()];
  const url = `http://127.0.0.1:${port}`;
  const SITE_FILE = await siteFile(dataDir, { origins: [url], rules });
  const hub = await startHub({ DATA_DIR: dataDir, SITE_FILE });
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(PAGE(hub.url, tag));
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url, hub, dataDir };
}

async function openTab(context: BrowserContext, { url }: Shop, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url + path);
  await page.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
  return page;
}

const say = (page: Page, name: string, item_id = 'mug') =>
  page.evaluate(
    ([event, id]) =>
      (window as Window & { dataLayer?: object[] }).dataLayer?.push({
        event,
        ecommerce: { transaction_id: 't-1', items: [{ item_id: id, price: 5, quantity: 1 }] },
      }),
    [name, item_id] as const,
  );

const sockets = async ({ hub }: Shop) => (await metricsOf(hub.url)).of('cartbell_sockets');
const untilSockets = (shop: Shop, count: number, timeout = 10_000) =>
  expect.poll(() => sockets(shop), { timeout, interval: 100 }).toBe(count);

/** What the hub has of pages, once all of it was acked. */
const untilCounted = ({ hub }: Shop, count: number) =>
  expect
    .poll(async () => (await metricsOf(hub.url)).of('cartbell_events_total{result="accepted"}'), {
      timeout: REPLACED_WITHIN_MS,
    })
    .toBe(count);

const heading = (page: Page, name: string) => page.getByRole('heading', { name });

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const isOver = page.waitForEvent('crash');
  // It ends with the renderer, unanswered.
  session.send('Page.crash').catch(() => undefined);
  await isOver;
}

describe('the tabs of a browser', () => {
  it('share one socket, and each tells where it stands', async () => {
    const shop = await startShop();
    const context = await openProfile();
    const tabs = [];
    for (const path of ['/', '/mugs', '/cart', '/checkout', '/thanks'])
      tabs.push(await openTab(context, shop, path));
    await untilSockets(shop, 1);
    for (const [index, tab] of tabs.entries()) await say(tab, 'view_item', `item-${index}`);
    await untilCounted(shop, 5);
    expect(await sockets(shop)).toBe(1);
    await shop.hub.stop();
    const store = await SqliteStore.open(shop.dataDir);
    const records = await wholeLog(store);
    await store.close();
    expect(new Set(records.map(({ shopper }) => shopper)).size).toBe(1);
    const inputs = records.map(({ input }) => input);
    const ofTabs = new Set(
      inputs.flatMap((input) => (input.kind === 'event' && input.tab ? [input.tab] : [])),
    );
    expect(ofTabs.size).toBe(5);
    expect(inputs.flatMap((input) => (input.kind === 'page' ? [input.page.path] : []))).toEqual([
      '/',
      '/mugs',
      '/cart',
      '/checkout',
      '/thanks',
    ]);
  });

  it.each<[string, (page: Page) => Promise<unknown>]>([
    ['is closed', (page) => page.close()],
    ['goes to another site', (page) => page.goto('about:blank')],
    ['crashes', crash],
  ])('go on when the one with the socket %s', async (_, end) => {
    const shop = await startShop([
      rule('more', { on: 'view_cart', nudge: { kind: 'toast', title: 'Still here' } }),
    ]);
    const context = await openProfile();
    const first = await openTab(context, shop);
    await untilSockets(shop, 1);
    const others = [await openTab(context, shop), await openTab(context, shop)];
    await end(first);
    for (const tab of others) await say(tab, 'view_item');
    await untilCounted(shop, 2);
    await untilSockets(shop, 1);
    const [last] = others;
    if (last) await say(last, 'view_cart');
    await expect
      .poll(async () => {
        const shown = await Promise.all(others.map((tab) => heading(tab, 'Still here').count()));
        return shown.reduce((sum, count) => sum + count, 0);
      })
      .toBe(1);
  });

  it('are told by the one with the socket what the hub says: an order on one ends the countdown on another', async () => {
    const shop = await startShop([
      rule('count', {
        on: 'add_to_cart',
        nudge: { kind: 'countdown', title: 'Ten percent off' },
        offer: { percentOff: 10, validFor: '10m' },
      }),
    ]);
    const context = await openProfile();
    const [socket, shown, buyer] = [
      await openTab(context, shop),
      await openTab(context, shop),
      await openTab(context, shop),
    ];
    for (const tab of [socket, buyer]) await lookAt(tab, false);
    await untilSockets(shop, 1);
    await say(shown, 'add_to_cart');
    await heading(shown, 'Ten percent off').waitFor();
    await say(buyer, 'purchase');
    await heading(shown, 'Ten percent off').waitFor({ state: 'detached' });
  });

  it('are told by one of them what another has closed, and that one is not told again', async () => {
    const shop = await startShop([
      rule('edge', { on: 'view_item', nudge: { kind: 'bar', title: 'Free returns' } }),
      rule('count', {
        on: 'add_to_cart',
        nudge: { kind: 'countdown', title: 'Ten percent off' },
        offer: { percentOff: 10, validFor: '10m' },
      }),
    ]);
    const context = await openProfile();
    const [one, two] = [await openTab(context, shop), await openTab(context, shop)];
    await untilSockets(shop, 1);
    await lookAt(one, false);
    await say(two, 'add_to_cart');
    // With that it was displayed.
    await untilCounted(shop, 2);
    await two.getByRole('button', { name: 'Dismiss' }).click();
    await heading(two, 'Ten percent off').waitFor({ state: 'detached' });
    await untilCounted(shop, 3);
    await lookAt(one, true);
    await say(one, 'view_cart');
    await untilCounted(shop, 4);
    expect(await heading(one, 'Ten percent off').count()).toBe(0);
    expect(await sockets(shop)).toBe(1);
  });
});

/** Stops the page's scripts where they are, as a browser or a debugger may. */
async function stopped(context: BrowserContext, page: Page): Promise<CDPSession> {
  const session = await context.newCDPSession(page);
  await session.send('Debugger.enable');
  await session.send('Debugger.pause');
  // The pause begins with the next thing that the page does.
  void page.evaluate(() => 1).catch(() => undefined);
  await new Promise((resolve) => session.once('Debugger.paused', resolve));
  return session;
}

describe('a tab that has the socket and sleeps', () => {
  it('put to sleep by the browser, has let go of it before, and comes back as one of the others', async () => {
    const shop = await startShop();
    const context = await openProfile();
    const first = await openTab(context, shop);
    await untilSockets(shop, 1);
    const second = await openTab(context, shop);
    // As browsers do it; this one does not tell its pages when it is driven.
    await first.evaluate(() => document.dispatchEvent(new Event('freeze')));
    await untilSockets(shop, 1);
    const session = await stopped(context, first);
    await say(second, 'view_item');
    await untilCounted(shop, 1);
    await session.send('Debugger.resume');
    await session.detach();
    await first.evaluate(() => document.dispatchEvent(new Event('resume')));
    await say(first, 'view_item', 'bowl');
    await untilCounted(shop, 2);
    expect(await sockets(shop)).toBe(1);
  });

  it('without a word, is replaced by whoever gets no answer, and follows once it is awake', async () => {
    const shop = await startShop();
    const context = await openProfile();
    const first = await openTab(context, shop);
    await untilSockets(shop, 1);
    const second = await openTab(context, shop);
    await say(second, 'view_item');
    await untilCounted(shop, 1);
    const session = await stopped(context, first);
    await say(second, 'view_item', 'bowl');
    await untilCounted(shop, 2);
    await session.send('Debugger.resume');
    await session.detach();
    await untilSockets(shop, 1);
    await say(first, 'view_item', 'plate');
    await untilCounted(shop, 3);
    expect(await sockets(shop)).toBe(1);
  });

  it('out of sight, is not waited for when the hub has been away', async () => {
    const shop = await startShop();
    const context = await openProfile();
    // Browsers run the timers of a hidden tab once a minute at last; this one’s never.
    await context.addInitScript(() => {
      const { setTimeout: set } = window;
      const isAsleep = () => (window as Window & { asleep?: boolean }).asleep === true;
      window.setTimeout = ((work: () => void, ms: number) =>
        set(() => isAsleep() || work(), ms)) as typeof window.setTimeout;
    });
    const first = await openTab(context, shop);
    await untilSockets(shop, 1);
    const second = await openTab(context, shop);
    await say(second, 'view_item');
    await untilCounted(shop, 1);
    await first.evaluate(() => Object.assign(window, { asleep: true }));
    await lookAt(first, false);
    await shop.hub.kill();
    const PORT = new URL(shop.hub.url).port;
    await startHub({ DATA_DIR: shop.dataDir, PORT });
    await say(second, 'view_item', 'bowl');
    const viewed = async () => (await call(shop.hub.url, 'GET', '/v1/metrics')).body['events'];
    await expect
      .poll(viewed, { timeout: REPLACED_WITHIN_MS })
      .toEqual(expect.objectContaining({ view_item: 2 }));
    await untilSockets(shop, 1);
  });
});

describe('a tab is on its own', () => {
  it.each([
    ['where there are no locks', 'delete Navigator.prototype.locks', ''],
    ['where there are no channels', 'delete window.BroadcastChannel', ''],
    ['before the shopper allows more', '', 'data-consent="required"'],
  ])('%s', async (_, script, tag) => {
    const shop = await startShop([], tag);
    const context = await openProfile();
    await context.addInitScript(script);
    for (const path of ['/', '/mugs', '/cart']) await openTab(context, shop, path);
    await untilSockets(shop, 3);
  });
});

it('a page on which nothing waits has no timer but the one that watches its socket', async () => {
  const shop = await startShop();
  const context = await openProfile();
  await context.addInitScript(() => {
    const pending = new Set<number>();
    const { setTimeout: set, clearTimeout: clear } = window;
    window.setTimeout = ((work: () => void, ms: number) => {
      const timer = set(() => {
        pending.delete(timer);
        work();
      }, ms);
      pending.add(timer);
      return timer;
    }) as typeof window.setTimeout;
    window.clearTimeout = (timer) => {
      pending.delete(Number(timer));
      clear(timer);
    };
    window.setInterval = (() => pending.add(-1)) as never;
    Object.assign(window, { timers: () => pending.size });
  });
  const page = await openTab(context, shop);
  const untilRest = () =>
    expect
      .poll(() => page.evaluate(() => (window as unknown as { timers(): number }).timers()), {
        timeout: 15_000,
      })
      .toBe(1);
  await untilSockets(shop, 1);
  await untilRest();
  await say(page, 'view_item');
  await untilCounted(shop, 1);
  await untilRest();
});
