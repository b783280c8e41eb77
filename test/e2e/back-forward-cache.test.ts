import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { call } from '../support/api.ts';
import { chrome } from '../support/chrome.ts';
import { startFixtureShop } from '../support/fixture-shop.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ ...chrome, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
});

afterAll(() => browser.close());

type Watched = Window & { isRestored?: boolean };
type Navigation = PerformanceNavigationTiming & { readonly notRestoredReasons: unknown };

async function leaveAndComeBack(page: Page, elsewhere: string): Promise<void> {
  const here = page.url();
  await page.evaluate(() =>
    addEventListener('pageshow', ({ persisted }) => ((window as Watched).isRestored = persisted)),
  );
  await page.evaluate((to) => location.assign(to), elsewhere);
  await page.waitForURL(elsewhere);
  await page.evaluate(() => history.back());
  await page.waitForURL(here, { waitUntil: 'commit' });
}

const howItCameBack = (page: Page) =>
  page.evaluate(() => ({
    isRestored: (window as Watched).isRestored,
    reasons: (performance.getEntriesByType('navigation')[0] as Navigation).notRestoredReasons,
  }));

async function push(page: Page, event: string): Promise<void> {
  await page.evaluate((name) => {
    const { dataLayer } = window as unknown as { dataLayer: unknown[] };
    dataLayer.push({ event: name, ecommerce: { currency: 'EUR', items: [{ item_id: 'mug', price: 18.5 }] } });
  }, event);
}

it('a page is restored from the back/forward cache, nudges and all, and goes on where it was', async () => {
  const { shop, hub } = await startFixtureShop(onTestFinished);
  const profile = await browser.newContext();
  onTestFinished(() => profile.close());
  const page = await profile.newPage();
  await page.goto(`${shop}/plain.html`);
  await push(page, 'view_item');
  await push(page, 'add_to_cart');
  await page.locator('cartbell-bar').waitFor();
  await page.locator('cartbell-card').waitFor();
  for (const time of [1, 2]) {
    await leaveAndComeBack(page, `${shop}/payment-button.html`);
    await expect.poll(() => howItCameBack(page)).toEqual({ isRestored: true, reasons: null });
    await page.locator('cartbell-bar').waitFor();
    await page.locator('cartbell-card').waitFor();
    await push(page, 'select_item');
    const acked = async () => (await call(hub, 'GET', '/v1/metrics')).body['events'];
    await expect.poll(acked, { timeout: 20_000 }).toMatchObject({ add_to_cart: 1, select_item: time });
  }
  await page.locator('cartbell-card .dismiss').click();
  await page.locator('cartbell-card').getByText('It is in your cart').waitFor({ state: 'detached' });
  await push(page, 'view_cart');
  await page.locator('cartbell-card').getByText('Free delivery').waitFor();
});
