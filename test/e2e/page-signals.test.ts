import { afterAll, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { PUBLISHABLE_KEY, siteFile } from '../support/sample-site.ts';
import { pageOf, serve } from '../support/storefronts/storefront.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const SOON = { timeout: 10_000 };
const TAG = `<script async src="HUB/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`;

const PRODUCT = `<script type="application/ld+json">${JSON.stringify({
  '@context': 'https://schema.org/',
  '@type': 'Product',
  name: 'Stoneware mug',
  sku: 'mug',
  offers: { '@type': 'Offer', price: '18.50', priceCurrency: 'EUR' },
})}</script>`;

const MARKS = `<section data-cartbell-item='{"item_id":"mug","price":18.5,"currency":"EUR"}'>
<button data-cartbell-event="add_to_cart"><b>Add the mug</b></button></section>
<form data-cartbell-event="search" onsubmit="event.preventDefault()"><input aria-label="Search"><button>Find</button></form>
<a href="/elsewhere">Elsewhere</a><p style="height: 5000px"></p>`;

async function openShop(device: Parameters<typeof openProfile>[0] = {}) {
  const port = await freePort();
  const dir = await tempDir();
  const sites = await siteFile(dir, { origins: [`http://127.0.0.1:${port}`] });
  const { url: hub } = await startHub({ DATA_DIR: dir, SITE_FILE: sites });
  const shop = await serve(
    ({ path }) => ({ html: pageOf({ hub, tag: TAG, body: path === '/' ? PRODUCT + MARKS : '' }) }),
    port,
  );
  const page = await (await openProfile(device)).newPage();
  const complaints = complaintsOf(page);
  await page.goto(shop);
  await page.waitForFunction(() => 'shopper' in window);
  return {
    page,
    complaints,
    told: () => page.evaluate(() => (window as unknown as { told: string[] }).told),
    counted: async () =>
      (await call(hub, 'GET', '/v1/metrics')).body['events'] as Readonly<Record<string, number>>,
  };
}

it('a shop that reports nothing by itself is understood by its marks and its structured data', async () => {
  const { page, complaints, told, counted } = await openShop();
  await expect.poll(told, SOON).toEqual(['view_item']);
  await page.getByText('Add the mug').click();
  await page.getByRole('textbox', { name: 'Search' }).click();
  await page.getByRole('button', { name: 'Find' }).click();
  await expect.poll(told, SOON).toEqual(['view_item', 'add_to_cart', 'search']);
  await page.getByRole('link', { name: 'Elsewhere' }).click();
  await expect
    .poll(counted, SOON)
    .toMatchObject({ view_item: 1, add_to_cart: 1, search: 1, web_vitals: 1, user_engagement: 1 });
  expect(complaints.own).toEqual([]);
});

it('on a phone, a flick up after some reading is a shopper on the way out; a slow swipe is none', async () => {
  const { page, told } = await openShop({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const finger = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  /** The fewer steps, each of them a frame, the faster. */
  const swipe = async (from: number, to: number, steps: number) => {
    await touch('touchStart', { x: 195, y: from });
    for (let step = 1; step <= steps; step++)
      await touch('touchMove', { x: 195, y: from + ((to - from) * step) / steps });
    await touch('touchEnd');
  };
  // Nobody leaves in the first ten seconds.
  await page.waitForFunction(() => performance.now() > 13_000, null, { timeout: 30_000 });
  // On a busy machine a flick may come out slow.
  const readOn = async () => {
    await swipe(800, 50, 6);
    return page.evaluate(() => scrollY > innerHeight);
  };
  await expect.poll(readOn, SOON).toBe(true);
  await swipe(100, 700, 60);
  expect(await told()).not.toContain('exit_intent');
  const flickUntilTold = async () => {
    await swipe(800, 50, 6);
    await swipe(100, 800, 5);
    return told();
  };
  await expect.poll(flickUntilTold, SOON).toContain('exit_intent');
  await flickUntilTold();
  expect((await told()).filter((name) => name === 'exit_intent')).toHaveLength(1);
});
