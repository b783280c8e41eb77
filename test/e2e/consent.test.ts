import { createServer } from 'node:http';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { closeBrowser, lookAt, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { metricsOf } from '../support/prometheus.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const DENIED = `{ analytics_storage: 'denied', ad_storage: 'denied', ad_personalization: 'denied', wait_for_update: 400 }`;
const ALL = { analytics_storage: 'granted', ad_personalization: 'granted' };
const NOTHING = { analytics_storage: 'denied', ad_personalization: 'denied' };
const GTAG = `window.dataLayer = []; function gtag() { dataLayer.push(arguments); }`;

interface Shop {
  readonly url: string;
  readonly hub: HubProcess;
  readonly dataDir: string;
}

/** `tag`: attributes of the tag. `head`: what the shop runs before it. */
async function startShop({ tag = '', head = '' }): Promise<Shop> {
  const [port, dataDir] = [await freePort(), await tempDir()];
  const url = `http://127.0.0.1:${port}`;
  const nudge = { kind: 'toast', title: 'Good choice' };
  const SITE_FILE = await siteFile(dataDir, {
    origins: [url],
    rules: [rule('thanks', { on: 'add_to_cart', nudge })],
    settings: { holdoutPercent: 0, consent: 'required' },
  });
  const hub = await startHub({ DATA_DIR: dataDir, SITE_FILE });
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><script>${GTAG} ${head}</script>
<script async src="${hub.url}/cartbell.js" data-site="${PUBLISHABLE_KEY}" ${tag}></script></head><body><main><h1>A shop</h1></main></body></html>`,
    );
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url, hub, dataDir };
}

async function openTab(context: BrowserContext, { url }: Shop): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
  return page;
}

/** Whatever a script asks of the device for Cartbell, by either storage. */
async function watchDevice(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const touched: string[] = [];
    Object.assign(window, { touched });
    for (const name of ['getItem', 'setItem', 'removeItem'] as const) {
      const { [name]: real } = Storage.prototype;
      Storage.prototype[name] = function (this: Storage, key: string, ...rest: unknown[]) {
        if (key.startsWith('cartbell')) touched.push(`${name} ${key}`);
        return (real as (...given: unknown[]) => never).call(this, key, ...rest);
      };
    }
  });
}
const touched = (page: Page) => page.evaluate(() => (window as unknown as { touched: string[] }).touched);

const kept = (page: Page) =>
  page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort());
const token = (page: Page) =>
  page.evaluate((key) => localStorage.getItem(key), `cartbell:${PUBLISHABLE_KEY}:token`);

const add = (page: Page) =>
  page.evaluate(() => {
    const { dataLayer } = window as Window & { dataLayer?: object[] };
    dataLayer?.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'mug', price: 5 }] } });
  });
const consent = (page: Page, given: object) =>
  page.evaluate((said) => {
    const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
    cartbell?.('consent', said);
  }, given);
const gtag = (page: Page, ...given: unknown[]) =>
  page.evaluate((said) => {
    const shop = window as unknown as { gtag(...call: unknown[]): void };
    shop.gtag(...said);
  }, given);

async function askToForget(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
    cartbell?.('open', 'preferences');
  });
  await page.getByRole('button', { name: /forget/i }).click();
  await page
    .getByRole('button', { name: /forget|yes/i })
    .last()
    .click();
}

/** Until the hub has so many events, or more. */
const untilCounted = ({ hub }: Shop, count: number) =>
  expect
    .poll(async () => (await metricsOf(hub.url)).of('cartbell_events_total{result="accepted"}'), {
      timeout: 10_000,
    })
    .toBeGreaterThanOrEqual(count);

const toast = (page: Page) => page.getByRole('heading', { name: 'Good choice' });

/** What the hub was told, in its order, once it has ended. */
async function toldTo({ hub, dataDir }: Shop): Promise<string[]> {
  await hub.stop();
  const store = await SqliteStore.open(dataDir);
  const inputs = (await wholeLog(store)).map(({ input }) => input);
  await store.close();
  return inputs.flatMap((input) => (input.kind === 'event' ? [input.event.name] : []));
}

async function shoppersOf({ hub, dataDir }: Shop): Promise<number> {
  await hub.stop();
  const store = await SqliteStore.open(dataDir);
  const shoppers = new Set((await wholeLog(store)).map(({ shopper }) => shopper));
  await store.close();
  return shoppers.size;
}

describe('before the shopper allows it', () => {
  it.each([
    ['by the tag', { tag: 'data-consent="required"' }],
    ['by Consent Mode', { head: `gtag('consent', 'default', ${DENIED});` }],
  ])('%s, the device is neither written nor read, whatever the shopper does', async (_, shopParts) => {
    const shop = await startShop(shopParts);
    const context = await openProfile();
    await watchDevice(context);
    const page = await openTab(context, shop);
    await add(page);
    await untilCounted(shop, 'head' in shopParts ? 2 : 1);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    expect(await touched(page)).toEqual([]);
    expect(await kept(page)).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    expect(await toast(page).count()).toBe(0);
  });
});

it('once the shopper allows it, the device keeps what the page knew, and the next page knows the shopper', async () => {
  const shop = await startShop({ tag: 'data-consent="required"' });
  const context = await openProfile();
  const page = await openTab(context, shop);
  await add(page);
  await untilCounted(shop, 1);
  await consent(page, { storage: 'granted', marketing: 'granted' });
  await expect.poll(() => token(page)).not.toBeNull();
  await untilCounted(shop, 2);
  await page.reload();
  await consent(page, { storage: 'granted', marketing: 'granted' });
  await add(page);
  await toast(page).waitFor();
  expect(await shoppersOf(shop)).toBe(1);
});

it('who is known from before is known again when their word comes a moment after the page: nobody is made up', async () => {
  const shop = await startShop({
    head: `gtag('consent', 'default', ${DENIED.replace('400', '2000')});`,
  });
  const context = await openProfile();
  const first = await context.newPage();
  /** The banner knows it a moment after the widget has begun to wait for it. */
  const load = async (open: () => Promise<unknown>) => {
    const isWaiting = first.waitForResponse((response) => /\/consent-[^/]*\.js/.test(response.url()));
    await open();
    await (await isWaiting).finished();
    await gtag(first, 'consent', 'update', ALL);
  };
  await load(() => first.goto(shop.url));
  await expect.poll(() => token(first), { timeout: 5_000 }).not.toBeNull();
  const before = await token(first);
  await add(first);
  // Their word, the addition, and that the toast was seen.
  await untilCounted(shop, 3);
  await load(() => first.reload());
  await add(first);
  await untilCounted(shop, 4);
  expect((await token(first))?.slice(0, 30)).toBe(before?.slice(0, 30));
  expect(await shoppersOf(shop)).toBe(1);
});

it('what the shopper takes back is gone from the device at once, on every tab, and they are sold to no more', async () => {
  const shop = await startShop({});
  const context = await openProfile();
  const [page, other] = [await openTab(context, shop), await openTab(context, shop)];
  await lookAt(other, false);
  await gtag(page, 'consent', 'update', { analytics_storage: 'granted', ad_personalization: 'granted' });
  await add(page);
  await toast(page).waitFor();
  await expect.poll(() => kept(page)).not.toEqual([]);
  await gtag(page, 'consent', 'update', { analytics_storage: 'denied', ad_personalization: 'denied' });
  await toast(page).waitFor({ state: 'detached' });
  await add(page);
  await add(other);
  await expect.poll(() => kept(page)).toEqual([]);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await other.reload();
  await add(page);
  expect(await toast(page).count()).toBe(0);
});

it('who asks to be forgotten leaves nothing in any tab', async () => {
  const shop = await startShop({});
  const context = await openProfile();
  const [page, other] = [await openTab(context, shop), await openTab(context, shop)];
  await lookAt(other, false);
  await consent(page, { marketing: 'granted' });
  await add(page);
  await toast(page).waitFor();
  await askToForget(page);
  await expect.poll(() => kept(page)).toEqual([]);
  await add(other);
  await expect.poll(() => kept(other)).toEqual([]);
});

describe('a no is a no', () => {
  it('also for what an earlier page has kept, which nobody reads any more', async () => {
    const shop = await startShop({
      head: `gtag('consent', 'default', ${DENIED}); gtag('consent', 'update', { analytics_storage: document.cookie ? 'denied' : 'granted' });`,
    });
    const context = await openProfile();
    const page = await openTab(context, shop);
    await expect.poll(() => token(page), { timeout: 5_000 }).not.toBeNull();
    await context.addCookies([{ name: 'chosen', value: 'no', url: shop.url }]);
    await watchDevice(context);
    await page.reload();
    await page.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
    await expect.poll(() => kept(page)).toEqual([]);
    expect((await touched(page)).filter((what) => !what.startsWith('removeItem'))).toEqual([]);
  });

  it('on a tab that sleeps meanwhile, too', async () => {
    const shop = await startShop({});
    const context = await openProfile();
    const [page, other] = [await openTab(context, shop), await openTab(context, shop)];
    await lookAt(other, false);
    await gtag(page, 'consent', 'update', ALL);
    await expect.poll(() => token(other)).not.toBeNull();
    await other.evaluate(() => document.dispatchEvent(new Event('freeze')));
    await gtag(page, 'consent', 'update', NOTHING);
    await expect.poll(() => kept(page)).toEqual([]);
    await other.evaluate(() => document.dispatchEvent(new Event('resume')));
    await add(other);
    await add(page);
    await untilCounted(shop, 3);
    expect(await kept(other)).toEqual([]);
  });

  it('until the next page, on a tab that another has told: nothing is painted there that nobody is told of', async () => {
    const shop = await startShop({});
    const context = await openProfile();
    const [page, other] = [await openTab(context, shop), await openTab(context, shop)];
    await lookAt(other, false);
    for (const word of [ALL, NOTHING, ALL]) {
      for (const tab of [page, other]) await gtag(tab, 'consent', 'update', word);
      await expect.poll(async () => (await token(page)) === null).toBe(word === NOTHING);
      await untilCounted(shop, word === NOTHING ? 2 : 1);
    }
    await lookAt(page, false);
    await lookAt(other, true);
    await add(other);
    await add(page);
    await untilCounted(shop, 4);
    const shown = await toast(other).count();
    const told = await toldTo(shop);
    expect(told.filter((name) => name === 'add_to_cart').length).toBeGreaterThanOrEqual(1);
    expect(shown).toBe(0);
  });

  it('that is heard before what the page says after it, also where both were said before the widget was there', async () => {
    const head = `gtag('consent', 'update', ${JSON.stringify({ analytics_storage: 'granted', ad_personalization: 'denied' })});
      dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'mug', price: 5 }] } });`;
    const shop = await startShop({ head });
    await openTab(await openProfile(), shop);
    await untilCounted(shop, 2);
    expect((await toldTo(shop)).slice(0, 2)).toEqual(['consent_update', 'add_to_cart']);
  });

  it('though what it takes to understand it can’t be loaded', async () => {
    const shop = await startShop({});
    const context = await openProfile();
    const page = await context.newPage();
    await page.route('**/consent-*.js', (route) => route.abort());
    await page.goto(shop.url);
    await expect.poll(() => token(page), { timeout: 5_000 }).not.toBeNull();
    await gtag(page, 'consent', 'update', NOTHING);
    await expect.poll(() => kept(page)).toEqual([]);
    await add(page);
    expect(await kept(page)).toEqual([]);
  });

  it('also of a cart that the shop hands over later', async () => {
    const shop = await startShop({});
    const page = await openTab(await openProfile(), shop);
    const hand = (quantity: number) =>
      page.evaluate((count) => {
        const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
        const items = [{ product_id: 'mug', title: 'Mug', unit_price: 5, quantity: count }];
        cartbell?.('medusa', { currency_code: 'eur', items });
      }, quantity);
    await hand(1);
    await expect.poll(() => kept(page), { timeout: 5_000 }).toContain(`cartbell:${PUBLISHABLE_KEY}:cart`);
    await askToForget(page);
    await expect.poll(() => kept(page)).toEqual([]);
    await hand(2);
    await add(page);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(await kept(page)).toEqual([]);
  });
});

it('says of each purpose what the shopper has said, once, with what proves it', async () => {
  const shop = await startShop({});
  const page = await openTab(await openProfile(), shop);
  await consent(page, {
    marketing: 'granted',
    email: 'granted',
    text: 'newsletter 2026-11',
    how: 'checkout',
  });
  await consent(page, { email: 'granted', sms: 'denied', how: 'telephone' });
  await add(page);
  await untilCounted(shop, 3);
  await shop.hub.stop();
  const store = await SqliteStore.open(shop.dataDir);
  const inputs = (await wholeLog(store)).map(({ input }) => input);
  await store.close();
  const said = inputs.flatMap((input) =>
    input.kind === 'event' && input.event.name === 'consent_update' ? [input.event.params] : [],
  );
  expect(said).toEqual([
    { marketing: 'granted', email: 'granted', text: 'newsletter 2026-11', how: 'checkout' },
    { sms: 'denied', how: 'telephone' },
  ]);
});
