import type { Page } from 'playwright';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { PUBLISHABLE_KEY, siteFile } from '../support/sample-site.ts';
import { medusaShop } from '../support/storefronts/medusa-shop.ts';
import { shopifyShop } from '../support/storefronts/shopify-shop.ts';
import type { CartLine, Storefront } from '../support/storefronts/storefront.ts';
import { woocommerceShop } from '../support/storefronts/woocommerce-shop.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const TAG = `<script async src="HUB/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`;

/** What the theme of each shop can do. */
type Theme = Window & {
  buy(id: string, quantity: number): Promise<unknown>;
  change(id: string, quantity: number): Promise<unknown>;
  told: string[];
  shopper?: string;
};

/** Called in the page, where `openPage` defines it once more. */
const theme = () => window as unknown as Theme;
const buy = (page: Page, id: string, quantity: number) =>
  page.evaluate(([of, pieces]) => theme().buy(of, pieces), [id, quantity] as const);
const change = (page: Page, id: string, quantity: number) =>
  page.evaluate(([of, pieces]) => theme().change(of, pieces), [id, quantity] as const);
const told = (page: Page) => page.evaluate(() => theme().told);
/** As a browser does when the shopper comes back to a tab; a headless one has every tab in sight all the time. */
const comeBack = (page: Page) =>
  page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));

/** A shop with its hub, and a page of it whose cart the hub is then asked for. */
async function openShop(
  start: (hub: string, port: number) => Promise<Storefront>,
  /** Told by the page, and not handed over by the shop. */
  isOfPlatform = true,
) {
  const port = await freePort();
  const redis = await RedisServer.start();
  const sites = await siteFile(await tempDir(), { origins: [`http://127.0.0.1:${port}`] });
  const { url: hub } = await startHub({ REDIS_URL: redis.url, ALLOW_VOLATILE_STORE: '1', SITE_FILE: sites });
  const store = await RedisStore.open(redis.url);
  onTestFinished(() => store.close());
  const shop = await start(hub, port);
  const context = await openProfile();
  const page = await openPage(shop);
  const shopper = ShopperId.parse(await page.evaluate(() => theme().shopper));
  const hubCart = async () => {
    const { document } = await store.load({ site: SiteId.parse('test'), shopper }, []);
    return sorted(
      (document?.cart.lines ?? []).map(({ item_id, price, quantity }) => ({ id: item_id, price, quantity })),
    );
  };
  async function openPage({ url }: Storefront): Promise<Page> {
    const opened = await context.newPage();
    await opened.addInitScript('window.theme = () => window');
    await opened.goto(url);
    // What is in the cart is known to begin with; what comes then was done by the shopper.
    await opened.waitForFunction(
      ([key, isWaitedFor]) => 'shopper' in window && (!isWaitedFor || localStorage.getItem(key) !== null),
      [`cartbell:${PUBLISHABLE_KEY}:cart`, isOfPlatform] as const,
    );
    return opened;
  }
  return {
    shop,
    context,
    page,
    openAnother: () => openPage(shop),
    /** Both have these quantities in the end. */
    async bothHave(quantities: Readonly<Record<string, number>>) {
      const wanted = sorted(shop.cart());
      expect(Object.fromEntries(wanted.map(({ id, quantity }) => [id, quantity]))).toEqual(quantities);
      await expect.poll(hubCart, { timeout: 10_000 }).toEqual(wanted);
    },
  };
}

function sorted(lines: CartLine[]): CartLine[] {
  return lines.toSorted((a, b) => a.id.localeCompare(b.id));
}

describe('the hub’s cart is the platform’s', () => {
  it('on Shopify: by standard events, by the Ajax API alone, after a time offline and from other tabs', async () => {
    const { shop, context, page, openAnother, bothHave } = await openShop((hub, port) =>
      shopifyShop(hub, TAG, port),
    );
    await buy(page, '101', 2);
    await bothHave({ '101': 2 });
    await change(page, '101', 3);
    await bothHave({ '101': 3 });
    await context.setOffline(true);
    shop.set('102', 1);
    await context.setOffline(false);
    await bothHave({ '101': 3, '102': 1 });
    const other = await openAnother();
    await buy(other, '102', 1);
    await bothHave({ '101': 3, '102': 2 });
    shop.set('101', 1);
    await comeBack(page);
    await bothHave({ '101': 1, '102': 2 });
    await change(page, '101', 0);
    await bothHave({ '102': 2 });
    await change(page, '102', 0);
    await bothHave({});
    // The theme's word on the data layer is not told beside the platform's, and what one tab told the other does not tell
    // again; what was done elsewhere is told by whichever looks first.
    const [added, removed] = ['add_to_cart', 'remove_from_cart'];
    expect([...(await told(page)), ...(await told(other))].toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => added),
      ...Array.from({ length: 3 }, () => removed),
    ]);
  });

  it('on classic WooCommerce: by jQuery’s events, by forms that load a new page, and in its cart page', async () => {
    const { shop, page, bothHave } = await openShop((hub, port) =>
      woocommerceShop('classic', hub, TAG, port),
    );
    await buy(page, '38', 2);
    await bothHave({ '38': 2 });
    expect(await told(page)).toEqual(['add_to_cart']);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await bothHave({ '38': 2, '22': 1 });
    await expect.poll(() => told(page)).toEqual(['add_to_cart']);
    await page.getByRole('link', { name: 'Remove' }).click();
    await bothHave({ '38': 2 });
    await expect.poll(() => told(page)).toEqual(['remove_from_cart', 'view_cart']);
    shop.set('38', 0);
    await comeBack(page);
    await bothHave({});
  });

  it('on WooCommerce’s blocks: by their events and those of their stores', async () => {
    const { page, bothHave } = await openShop((hub, port) => woocommerceShop('blocks', hub, TAG, port));
    await buy(page, '22', 1);
    await bothHave({ '22': 1 });
    await change(page, '22', 4);
    await bothHave({ '22': 4 });
    await change(page, '22', 0);
    await bothHave({});
    expect(await told(page)).toEqual(['add_to_cart', 'add_to_cart', 'remove_from_cart']);
  });

  it('on Medusa: its backend is asked after each request that changes the cart', async () => {
    const tagFor = (backend: string) =>
      TAG.replace('data-site', `data-medusa="${backend}" data-medusa-key="pk_01" data-site`);
    const { page, bothHave } = await openShop((hub, port) => medusaShop(hub, tagFor, port));
    await buy(page, 'prod_a', 1);
    await bothHave({ prod_a: 1 });
    await change(page, 'prod_a', 3);
    await buy(page, 'prod_b', 1);
    await bothHave({ prod_a: 3, prod_b: 1 });
    await change(page, 'prod_a', 0);
    await bothHave({ prod_b: 1 });
  });

  it('on Medusa behind the storefront’s own server: by the carts that it hands over', async () => {
    const { page, bothHave } = await openShop((hub, port) => medusaShop(hub, () => TAG, port), false);
    await buy(page, 'prod_a', 1);
    await bothHave({ prod_a: 1 });
    await buy(page, 'prod_b', 2);
    await bothHave({ prod_a: 1, prod_b: 2 });
  });
});

it('a shop on no such platform loads nothing for any', async () => {
  const { page } = await openShop((hub, port) => medusaShop(hub, () => TAG, port), false);
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  expect(loaded.filter((name) => /followed-cart|shopify|woocommerce|medusa/.test(name))).toEqual([]);
});
