import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { add, countedBy, openTab, startBareShop, untilAcked, untilStarted } from '../support/bare-shop.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { dice } from '../support/dice.ts';
import { rule } from '../support/sample-site.ts';

afterAll(closeBrowser);

const TABS = 5;
const OFFERS = 30;

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
    const shop = await startBareShop([
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
  const shop = await startBareShop([]);
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
  const shop = await startBareShop([]);
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
  const shop = await startBareShop([]);
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
  const shop = await startBareShop([]);
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
  const shop = await startBareShop([
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
