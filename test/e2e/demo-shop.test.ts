import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const DEMO_KEY = { authorization: 'Bearer sk_demo_change_me' };
const IDLE_MS = 10_000;

let hub: HubProcess;
let shop: string;
let env: Record<string, string>;

beforeEach(async () => {
  const port = String(await freePort());
  env = { DATA_DIR: await tempDir(), PORT: port };
  hub = await startHub(env, 'demo');
  shop = `http://localhost:${port}`;
  await expect.poll(() => hub.log.join('\n'), { timeout: 20_000 }).toContain('Cartbell is ready');
});

afterAll(closeBrowser);

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const countdownIn = (page: Page) => heading(page, 'Still thinking it over?');
const timerIn = (page: Page) => page.getByRole('timer');

async function addToCart(page: Page, item = 'blanket'): Promise<void> {
  await page.goto(`${shop}/products/${item}`);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^add to cart/i })
    .first()
    .click();
}

async function secondsLeft(page: Page): Promise<number> {
  const [minutes = 0, seconds = 0] = ((await timerIn(page).textContent()) ?? '')
    .trim()
    .split(':')
    .map(Number);
  return minutes * 60 + seconds;
}

async function idleCountdown(context: BrowserContext): Promise<{ page: Page; code: string }> {
  const page = await context.newPage();
  await addToCart(page);
  await countdownIn(page).waitFor({ timeout: IDLE_MS + 5_000 });
  const code = (await page.locator('cartbell-countdown code').textContent()) ?? '';
  return { page, code };
}

async function placeOrder(page: Page, code?: string): Promise<void> {
  await page.goto(`${shop}/checkout${code ? `?code=${code}` : ''}`);
  await page.getByRole('button', { name: /fill in example/i }).click();
  await page.getByRole('button', { name: /place order/i }).click();
}

describe('a shopper of the demo shop', () => {
  it('is brought back to an idle cart by a countdown whose code works once', async () => {
    const context = await openProfile();
    const { page, code } = await idleCountdown(context);
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    await page.getByRole('link', { name: 'Back to my cart' }).click();
    await page.waitForURL(/\/cart\?code=/);
    await placeOrder(page, code);
    await page.locator('[data-order-id]').waitFor();
    const again = await call(shop, 'POST', `/v1/coupons/${code}/redeem`, { orderId: 'another' }, DEMO_KEY);
    expect(again).toMatchObject({ status: 409, body: { code: 'coupon_spent' } });
  });

  it('sees the same seconds after a reload and in a second tab, and one tab alone paints', async () => {
    const context = await openProfile();
    const { page } = await idleCountdown(context);
    const check = async (painted: Page, expected: number) => {
      await countdownIn(painted).waitFor();
      expect(Math.abs((await secondsLeft(painted)) - expected)).toBeLessThanOrEqual(1);
    };
    const [start, left] = [performance.now(), await secondsLeft(page)];
    const expected = () => left - (performance.now() - start) / 1_000;
    await page.reload();
    await check(page, expected());
    const second = await context.newPage();
    await second.goto(shop);
    await check(second, expected());
    await countdownIn(page).waitFor({ state: 'detached' });
    expect(await countdownIn(second).count()).toBe(1);
  });

  it('is rid of the countdown in every tab within a second of a purchase', async () => {
    const context = await openProfile();
    const { page: other } = await idleCountdown(context);
    const buyer = await context.newPage();
    await buyer.goto(`${shop}/checkout`);
    await countdownIn(buyer).waitFor();
    await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await countdownIn(other).waitFor();
    await buyer.getByRole('button', { name: /fill in example/i }).click();
    await buyer.getByRole('button', { name: /place order/i }).click();
    await buyer.locator('[data-order-id]').waitFor();
    await countdownIn(other).waitFor({ state: 'detached', timeout: 1_000 });
    expect(await countdownIn(buyer).count()).toBe(0);
  });

  it('gets a recommendation after an addition, of things that are neither in the cart nor sold out', async () => {
    const page = await (await openProfile()).newPage();
    await addToCart(page, 'mug');
    await heading(page, 'Goes well with your cart').waitFor();
    const items = await page
      .locator('cartbell-strip a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(items).not.toContain('/products/mug');
    expect(items).not.toContain('/products/basket');
    expect(items).toContain('/products/teapot');
  });

  it('who dismisses is left alone: after a reload, in a new tab, and while idle again', async () => {
    const context = await openProfile();
    const { page } = await idleCountdown(context);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await countdownIn(page).waitFor({ state: 'detached' });
    await page.reload();
    await heading(page, 'Linen blanket').waitFor();
    const second = await context.newPage();
    const quiet = waitForFrames(second, 'decision on clock');
    await second.goto(`${shop}/?inspect`);
    await quiet;
    expect(await countdownIn(second).count()).toBe(0);
    await expect
      .poll(() => second.getByText(/idle-cart: held by dismissed/).count(), { timeout: 5_000 })
      .toBeGreaterThan(0);
  });

  it('sees in the cart itself when it is sent, and beside it how far it is to free delivery, which moves along', async () => {
    const page = await (await openProfile()).newPage();
    await addToCart(page, 'bowls');
    await page.goto(`${shop}/cart`);
    await page.locator('[data-cartbell-slot]').getByText('Ordered before three, sent today.').waitFor();
    await heading(page, 'Free delivery is close').waitFor();
    const meter = page.getByRole('progressbar', { name: 'How far your cart has come' });
    await meter.waitFor();
    // The way to the checkout is never covered.
    await page.getByRole('link', { name: /check ?out/i }).click({ trial: true });
    expect(await meter.getAttribute('aria-valuetext')).toMatch(/^€\d+\.\d\d to go$/);
    await page.getByRole('button', { name: 'One more' }).click();
    await expect.poll(() => meter.getAttribute('aria-valuetext')).toBe('Your delivery is on us.');
    await page.locator('[data-cartbell-slot]').getByText('Ordered before three, sent today.').waitFor();
  });

  it('is spoken to in Korean on the Korean shop', async () => {
    const page = await (await openProfile({ locale: 'ko-KR' })).newPage();
    await page.goto(`${shop}/products/mug`);
    await page.getByRole('main').locator('button', { hasText: '담기' }).first().click();
    await heading(page, '함께하면 좋아요').waitFor();
    await expect.poll(() => page.getByRole('button', { name: '닫기' }).count()).toBe(1);
  });

  it('shops on undisturbed while the hub is gone, and what happened meanwhile arrives when it is back', async () => {
    const page = await (await openProfile()).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${shop}/products/mug`);
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('cartbell:pk_demo:token')))
      .not.toBeNull();
    const before = await addsCounted();
    await hub.kill();
    await page
      .getByRole('main')
      .getByRole('button', { name: /^add to cart/i })
      .first()
      .click();
    await expect.poll(() => page.getByRole('link', { name: /cart.*1/i }).count()).toBeGreaterThan(0);
    await expect
      .poll(() => page.evaluate(() => Object.keys(localStorage).some((key) => key.includes(':queue:'))))
      .toBe(true);
    hub = await startHub(env, 'demo');
    await heading(page, 'Goes well with your cart').waitFor({ timeout: 30_000 });
    expect(await addsCounted()).toBe(before + 1);
    expect(complaints.own).toEqual([]);
  });
});

async function addsCounted(): Promise<number> {
  const { events } = (await call(shop, 'GET', '/v1/metrics', undefined, DEMO_KEY)).body as {
    events: Record<string, number>;
  };
  return events['add_to_cart'] ?? 0;
}

/** Resolves when the inspector of a page shows such a line. */
async function waitForFrames(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: 30_000 });
}
