import type { Page } from 'playwright';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const DEMO_KEY = { authorization: 'Bearer sk_demo_change_me' };
const STRIP = 'Goes well with your cart';

let shop: string;

beforeEach(async () => {
  const port = String(await freePort());
  const hub = await startHub({ DATA_DIR: await tempDir(), PORT: port }, 'demo');
  await expect.poll(() => hub.log.join('\n'), { timeout: 20_000 }).toContain('Cartbell is ready');
  shop = `http://localhost:${port}`;
});

afterAll(closeBrowser);

const card = (page: Page) => page.locator('cartbell-card');
const panel = (page: Page, name: string) => page.getByRole('dialog', { name });
const bell = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function addToCart(page: Page, item: string): Promise<void> {
  await page.goto(`${shop}/products/${item}`);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^add to cart/i })
    .first()
    .click();
}

/** A page on which the recommendation was seen. */
async function shownStrip(page: Page): Promise<void> {
  await addToCart(page, 'mug');
  await page.getByRole('heading', { name: STRIP }).waitFor();
  await bell(page, 'Messages, 1 new').waitFor();
}

/** Reasons of the last decisions, newest first, as the owner is told. */
async function lastReasons(page: Page): Promise<string> {
  const token = await page.evaluate(() => localStorage.getItem('cartbell:pk_demo:token'));
  const { body } = await call(
    shop,
    'GET',
    `/v1/shoppers/${token?.split('.')[1]}/reasons`,
    undefined,
    DEMO_KEY,
  );
  return JSON.stringify(body);
}

describe('a message', () => {
  it('can be read again after it was closed, and what one tab has read is read in the other', async () => {
    const context = await openProfile();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await shownStrip(page);
    await card(page).getByRole('button', { name: 'Dismiss' }).click();
    await other.goto(shop);
    await bell(other, 'Messages').click();
    await expect.poll(() => panel(other, 'Messages').getByText(STRIP).count()).toBe(1);
    await bell(page, 'Messages').waitFor();
  });

  it('that nobody has read is new on every tab until the inbox was closed on one', async () => {
    const context = await openProfile();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await shownStrip(page);
    await other.goto(shop);
    await bell(other, 'Messages, 1 new').click();
    await panel(other, 'Messages').getByRole('button', { name: 'Close' }).click();
    await bell(other, 'Messages').waitFor();
    await bell(page, 'Messages').waitFor();
  });

  it('about a cart is gone from every tab once that cart was ordered', async () => {
    const context = await openProfile();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await shownStrip(page);
    await other.goto(shop);
    await bell(other, 'Messages, 1 new').waitFor();
    await page.goto(`${shop}/checkout`);
    await page.getByRole('button', { name: /fill in example/i }).click();
    await page.getByRole('button', { name: /place order/i }).click();
    await page.locator('[data-order-id]').waitFor();
    await expect
      .poll(() => other.evaluate(() => localStorage.getItem('cartbell:pk_demo:inbox')))
      .not.toContain(STRIP);
  });

  it('leads in two taps to why it is seen, to a rating, and to less of the same', async () => {
    const page = await (await openProfile()).newPage();
    await shownStrip(page);
    await card(page).getByRole('button', { name: 'More about this message' }).click();
    await page.getByText('Because there is something in your cart.').waitFor();
    await card(page).getByRole('button', { name: 'Useful', exact: true }).click();
    await page.getByRole('button', { name: 'Useful', exact: true, pressed: true }).waitFor();
    await card(page).getByRole('button', { name: 'Less of this' }).click();
    await card(page).waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.cartbell-announcer').textContent()).toContain('less of this');
    await addToCart(page, 'bowls');
    await expect.poll(() => lastReasons(page)).toContain('less_of_this');
    expect(await card(page).count()).toBe(0);
  });
});

it('a note in the page itself has the same menu: two taps to settings and messages, and less of it is less of it', async () => {
  const page = await (await openProfile()).newPage();
  await addToCart(page, 'mug');
  await page.goto(`${shop}/cart`);
  const note = page.locator('cartbell-inline');
  const more = note.getByRole('button', { name: 'More about this message' });
  await more.click();
  await note.getByText('Because there is something in your cart.').waitFor();
  await note.getByRole('button', { name: 'Useful', exact: true }).click();
  await note.getByRole('button', { name: 'Settings' }).click();
  await panel(page, 'How you want messages').waitFor();
  await page.keyboard.press('Escape');
  await note.getByRole('button', { name: 'All messages' }).click();
  await panel(page, 'Messages').waitFor();
  await page.keyboard.press('Escape');
  await note.getByRole('button', { name: 'Less of this' }).click();
  await note.waitFor({ state: 'detached' });
  await expect.poll(() => page.locator('.cartbell-announcer').textContent()).toContain('less of this');
  await page.reload();
  await expect.poll(() => lastReasons(page)).toContain('less_of_this');
  expect(await note.count()).toBe(0);
});

it('a nudge comes also where the inbox can’t be loaded', async () => {
  const page = await (await openProfile()).newPage();
  await shownStrip(page);
  await page.route('**/panel-*.js', (route) => route.abort());
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/panel-'));
  await addToCart(page, 'blanket');
  await failed;
  await page.getByRole('heading', { name: 'Still thinking it over?' }).waitFor({ timeout: 20_000 });
});

describe('preferences', () => {
  it('hold from the moment they are said, on every tab, and the owner is told that they do', async () => {
    const context = await openProfile();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await shownStrip(page);
    await card(page).getByRole('button', { name: 'More about this message' }).click();
    await card(page).getByRole('button', { name: 'Settings' }).click();
    const settings = panel(page, 'How you want messages');
    await settings.getByRole('checkbox', { name: 'Products that may suit me' }).uncheck();
    await settings.getByRole('radio', { name: 'One a day at most' }).check();
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    await addToCart(other, 'bowls');
    await expect.poll(() => lastReasons(other)).toContain('kind_declined');
    await bell(other, 'Messages, 1 new').click();
    await panel(other, 'Messages').getByRole('button', { name: 'How you want messages' }).click();
    const there = panel(other, 'How you want messages');
    expect(await there.getByRole('checkbox', { name: 'Products that may suit me' }).isChecked()).toBe(false);
    expect(await there.getByRole('radio', { name: 'One a day at most' }).isChecked()).toBe(true);
  });

  it('switched off are one switch away from being on again', async () => {
    const page = await (await openProfile()).newPage();
    await shownStrip(page);
    await bell(page, 'Messages, 1 new').click();
    await panel(page, 'Messages').getByRole('button', { name: 'How you want messages' }).click();
    const all = page.getByRole('switch', { name: 'Messages while I shop' });
    await all.uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await addToCart(page, 'bowls');
    await expect.poll(() => lastReasons(page)).toContain('do_not_disturb');
    await bell(page, 'Messages').click();
    await panel(page, 'Messages').getByRole('button', { name: 'How you want messages' }).click();
    await all.check();
    await expect.poll(() => page.getByRole('radio').count()).toBeGreaterThan(0);
  });

  it('let a shopper be forgotten on this device: nothing of the shop is left there, and the next page is a stranger’s', async () => {
    const page = await (await openProfile()).newPage();
    await shownStrip(page);
    const kept = () =>
      page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('cartbell:')));
    const before = await page.evaluate(() => localStorage.getItem('cartbell:pk_demo:token'));
    await bell(page, 'Messages, 1 new').click();
    await panel(page, 'Messages').getByRole('button', { name: 'How you want messages' }).click();
    await page.getByRole('button', { name: 'Forget me on this device' }).click();
    await page.getByRole('button', { name: 'Forget me', exact: true }).click();
    await page.getByText('From the next page on you are new here.').waitFor();
    await expect.poll(kept).toEqual([]);
    await page.goto(shop);
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('cartbell:pk_demo:token')))
      .toMatch(/^cb1\./);
    expect(await page.evaluate(() => localStorage.getItem('cartbell:pk_demo:token'))).not.toBe(before);
  });
});

it('the panel takes the focus that it was given, keeps within it by Escape, and gives it back', async () => {
  const page = await (await openProfile()).newPage();
  await shownStrip(page);
  await card(page).getByRole('button', { name: 'Dismiss' }).click();
  await bell(page, 'Messages').focus();
  await page.keyboard.press('Enter');
  await panel(page, 'Messages').waitFor();
  const focused = () =>
    page.evaluate(() => {
      let one = document.activeElement;
      while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
      return one?.getAttribute('part');
    });
  await expect.poll(focused).toBe('panel');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('bell');
  await page.evaluate(() =>
    (window as Window & { cartbell?: (...call: string[]) => void }).cartbell?.('open', 'preferences'),
  );
  await panel(page, 'How you want messages').waitFor();
  await page.mouse.click(5, 300);
  await panel(page, 'How you want messages').waitFor({ state: 'detached' });
});
