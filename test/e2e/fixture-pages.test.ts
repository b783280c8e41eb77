import type { BrowserContextOptions, Frame, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { atFileEnd } from '../support/file-end.ts';
import { type FixtureShop, startFixtureShop } from '../support/fixture-shop.ts';
import { seenBy, watchPages } from '../support/witness.ts';

let site: FixtureShop;
const atEnd = atFileEnd();

beforeAll(async () => {
  site = await startFixtureShop(atEnd);
});

afterAll(closeBrowser);

/** A page as it is open in a browser of its own. */
interface Visit {
  readonly page: Page;
  /** Where the shop is: the page, or a frame in it. */
  readonly shop: Frame;
  readonly complaints: ReturnType<typeof complaintsOf>;
  /** What could not be loaded; a hub that is busy may send a socket away, which comes back. */
  readonly notLoaded: string[];
}

async function visit(file: string, how: BrowserContextOptions = {}): Promise<Visit> {
  const profile = await openProfile(how);
  await watchPages(profile);
  const page = await profile.newPage();
  const complaints = complaintsOf(page);
  const notLoaded: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().startsWith(`${site.hub}/socket.io`))
      notLoaded.push(response.url());
  });
  await page.goto(
    `${file === 'framed' ? site.shop.replace('127.0.0.1', 'localhost') : site.shop}/${file}.html`,
  );
  return { page, shop: page.frame('shop') ?? page.mainFrame(), complaints, notLoaded };
}

const card = ({ shop }: Visit) => shop.locator('cartbell-card');
const bar = ({ shop }: Visit) => shop.locator('cartbell-bar');
const chat = ({ shop }: Visit) => shop.locator('[data-control=chat]');

/** The shopper does this; the hub has a nudge for it. */
async function shopperDoes({ shop }: Visit, event: string): Promise<void> {
  await shop.evaluate((name) => {
    const items = [{ item_id: 'mug', price: 18.5 }];
    const { dataLayer } = window as unknown as { dataLayer: unknown[] };
    dataLayer.push({ event: name, ecommerce: { currency: 'EUR', items } });
  }, event);
}

async function pressCentre({ page }: Visit, control: Locator): Promise<void> {
  const box = await control.boundingBox();
  if (!box) throw new Error(`${String(control)} is not on the page.`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

const clicksOn = ({ shop }: Visit, control: string) =>
  shop.evaluate((of) => (window as unknown as { clicks: Record<string, number> }).clicks[of] ?? 0, control);

async function isReached(at: Visit, name: string, control: Locator): Promise<boolean> {
  const before = await clicksOn(at, name);
  await pressCentre(at, control);
  // A frame tells of it a little later.
  return expect
    .poll(() => clicksOn(at, name), { timeout: 1_500 })
    .toBe(before + 1)
    .then(
      () => true,
      () => false,
    );
}

/** Those controls in view that a press on their centre does not reach, or not even after a scroll where that is allowed. */
async function outOfReach(at: Visit, { within = '', mayScroll = false } = {}): Promise<string[]> {
  const all = at.shop.locator(`${within} [data-control]`);
  const names = await all.evaluateAll((controls) =>
    controls
      .filter((control) => {
        const { top, bottom, height } = control.getBoundingClientRect();
        return height > 0 && top >= 0 && bottom <= innerHeight;
      })
      .map((control) => control.getAttribute('data-control') ?? ''),
  );
  expect(names).not.toEqual([]);
  const missed: string[] = [];
  for (const name of names) {
    const control = at.shop.locator(`[data-control="${name}"]`);
    if (await isReached(at, name, control)) continue;
    if (mayScroll) await control.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    if (!mayScroll || !(await isReached(at, name, control))) missed.push(name);
  }
  return missed;
}

/** Those controls over which a nudge lies, found without a pointer, which would hold the nudge. */
function covered({ shop }: Visit): Promise<string[]> {
  return shop.locator('[data-control]').evaluateAll((controls) =>
    controls
      .filter((control) => {
        const { left, top, width, height } = control.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2)?.localName === 'cart-bell';
      })
      .map((control) => control.getAttribute('data-control') ?? ''),
  );
}

async function nudgesAreDisplayed(at: Visit): Promise<void> {
  await bar(at).waitFor();
  await card(at).waitFor();
  await expect
    .poll(async () => (await seenBy(at.shop)).displayed.toSorted(), { timeout: 10_000 })
    .toEqual(['bar', 'toast']);
}

async function canBeDismissed(at: Visit, nudge: Locator): Promise<void> {
  // It may be on its way to another place, as anything that a shopper wants to press.
  const left = async () => {
    if (await nudge.isVisible()) await pressCentre(at, nudge.locator('.dismiss'));
    return nudge.count();
  };
  await expect.poll(left, { timeout: 10_000 }).toBe(0);
}

async function nothingToComplainOf({ shop, complaints, notLoaded }: Visit): Promise<void> {
  const { violations, shifts } = await seenBy(shop);
  expect({ violations, shifts }).toEqual({ violations: [], shifts: [] });
  expect({ complaints: complaints.own, notLoaded }).toEqual({ complaints: [], notLoaded: [] });
}

interface FixturePage {
  readonly what: string;
  readonly file: string;
  readonly how?: BrowserContextOptions;
  /** There is more to press than room to leave: what a card covers a shopper can scroll to. */
  readonly mayScroll?: boolean;
  /** What comes when the nudges are up. */
  comes?(at: Visit): Promise<unknown>;
}

const PAGES: readonly FixturePage[] = [
  { what: 'a plain page', file: 'plain' },
  {
    what: 'a header that sticks below a line of news, over a panel as high as almost half of the window',
    file: 'sticky-header',
    comes: ({ page }) => page.mouse.wheel(0, 400),
  },
  { what: 'a bar to buy by that sticks to the lower edge', file: 'sticky-buy-bar' },
  {
    what: 'a bar to buy by that comes with scrolling',
    file: 'scrolled-buy-bar',
    comes: async ({ page, shop }) => {
      await page.mouse.move(400, 300);
      await page.mouse.wheel(0, 600);
      await shop.locator('[data-control=buy]').waitFor();
    },
  },
  { what: 'a cookie banner along the lower edge', file: 'cookie-banner' },
  { what: 'a cookie banner over the lower half', file: 'cookie-half' },
  {
    what: 'a cookie banner that slides in when nudges are up',
    file: 'late-banner',
    comes: ({ shop }) =>
      expect
        .poll(() => shop.evaluate(() => document.querySelector('.cookies')?.getBoundingClientRect().bottom))
        .toBe(800),
  },
  { what: 'a chat in a layer that lets presses through', file: 'chat' },
  {
    what: 'a chat that comes two seconds after the nudges, in a shadow root',
    file: 'late-chat',
    comes: (at) => chat(at).waitFor(),
  },
  { what: 'a chat in a closed shadow root', file: 'closed-chat' },
  { what: 'a payment frame in the corner', file: 'payment-frame' },
  { what: 'the shop in a frame of another site', file: 'framed' },
  { what: 'a policy of nonces and strict-dynamic', file: 'strict-nonce' },
  { what: 'a policy that lists hosts', file: 'allowed-hosts' },
  { what: 'a policy that trusts no text as script', file: 'trusted-types' },
  { what: 'a shop that has a Lit of its own, and its policy', file: 'own-lit' },
  { what: 'scripts that replaced what browsers have', file: 'patched-globals' },
  { what: 'Prototype.js, by which a list becomes other JSON', file: 'prototype-js' },
  { what: 'everything as far in front as it goes', file: 'z-index-war' },
  { what: 'a page that is read from right to left', file: 'right-to-left' },
  {
    what: 'a tiny phone',
    file: 'tiny-phone',
    how: { viewport: { width: 320, height: 480 }, hasTouch: true, isMobile: true },
  },
  { what: 'text of twice the size', file: 'large-text' },
  { what: 'style sheets that reach for everything', file: 'hostile-css' },
  { what: 'a body that is transformed', file: 'transformed-body' },
  { what: 'a shell that does not scroll around a part that does', file: 'app-shell' },
  { what: 'a body that spreads its parts over the window', file: 'spread-body' },
  {
    what: 'a router that draws the whole body anew when nudges are up',
    file: 'replaced-body',
    comes: (at) => chat(at).waitFor(),
  },
  { what: 'a base that is elsewhere', file: 'other-base' },
  { what: 'a field that is filled in where a card would be', file: 'field-in-corner' },
  { what: 'a long list of buttons, scrolled half-way', file: 'long-list', mayScroll: true },
  { what: 'a shopper who wants no motion', file: 'calm', how: { reducedMotion: 'reduce' } },
  {
    what: 'a window that becomes so narrow that the shop shows its tabs',
    file: 'narrow-tabs',
    comes: ({ page }) => page.setViewportSize({ width: 600, height: 500 }),
  },
];

describe('nudges leave the shop as it is, and can be closed', () => {
  it.each(PAGES.map((page) => [page.what, page] as const))(
    'on %s',
    async (_, { file, how, comes, mayScroll = false }) => {
      const at = await visit(file, how);
      expect(await outOfReach(at)).toEqual([]);
      const field = at.shop.locator('[data-focus]');
      if ((await field.count()) > 0) await field.focus();
      const focused = await at.shop.evaluateHandle(() => document.activeElement);
      await shopperDoes(at, 'view_item');
      await shopperDoes(at, 'add_to_cart');
      await nudgesAreDisplayed(at);
      expect(
        await at.shop.evaluate(
          (before) => document.activeElement === before || !before?.isConnected,
          focused,
        ),
      ).toBe(true);
      await comes?.(at);
      // One that goes elsewhere is nowhere for a moment.
      const isUp = async () => (await bar(at).isVisible()) && (await card(at).isVisible());
      if (!mayScroll)
        await expect
          .poll(async () => ({ covered: await covered(at), isUp: await isUp() }), { timeout: 10_000 })
          .toEqual({ covered: [], isUp: true });
      expect(await outOfReach(at, { mayScroll })).toEqual([]);
      await canBeDismissed(at, card(at));
      await canBeDismissed(at, bar(at));
      await shopperDoes(at, 'view_cart');
      await card(at).getByText('Free delivery').waitFor();
      await canBeDismissed(at, card(at));
      await nothingToComplainOf(at);
    },
  );
});

describe('while a modal dialog is open nothing is shown', () => {
  const within = 'dialog';
  const answer = async (at: Visit) => {
    await pressCentre(at, at.shop.locator('[data-control=subscribe]'));
    await at.shop.locator('dialog[data-answered]').waitFor();
  };
  const close = (at: Visit) => pressCentre(at, at.shop.locator('[data-control=close]'));

  it('and what comes meanwhile is shown when it is closed', async () => {
    const at = await visit('modal-dialog');
    await shopperDoes(at, 'view_item');
    await shopperDoes(at, 'add_to_cart');
    await bar(at).waitFor({ state: 'attached' });
    await card(at).waitFor({ state: 'attached' });
    await answer(at);
    expect(await outOfReach(at, { within })).toEqual([]);
    expect([await bar(at).isVisible(), await card(at).isVisible()]).toEqual([false, false]);
    expect((await seenBy(at.shop)).displayed).toEqual([]);
    await close(at);
    await nudgesAreDisplayed(at);
    await canBeDismissed(at, card(at));
    await canBeDismissed(at, bar(at));
    await nothingToComplainOf(at);
  });

  it('and what is up when it opens comes back afterwards', async () => {
    const at = await visit('late-dialog');
    await shopperDoes(at, 'view_item');
    await shopperDoes(at, 'add_to_cart');
    await nudgesAreDisplayed(at);
    await at.shop.locator('dialog[open]').waitFor();
    await bar(at).waitFor({ state: 'hidden' });
    await card(at).waitFor({ state: 'hidden' });
    await answer(at);
    expect(await outOfReach(at, { within })).toEqual([]);
    expect([await bar(at).isVisible(), await card(at).isVisible()]).toEqual([false, false]);
    await close(at);
    await bar(at).waitFor();
    await card(at).waitFor();
    await canBeDismissed(at, card(at));
    await canBeDismissed(at, bar(at));
    await nothingToComplainOf(at);
  });
});

it('a card does not move for a shopper who wants no motion', async () => {
  const at = await visit('plain', { reducedMotion: 'reduce' });
  await shopperDoes(at, 'add_to_cart');
  await card(at).waitFor();
  expect(
    await card(at)
      .locator('article')
      .evaluate((element) => getComputedStyle(element).animationName),
  ).toBe('none');
});
