import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  type BareShop,
  countedBy,
  OF_CARTS,
  openTab,
  say,
  startBareShop,
  untilAcked,
  untilStarted,
} from '../support/bare-shop.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { dice } from '../support/dice.ts';
import { meant } from '../support/meant-cart.ts';
import { metricsOf } from '../support/prometheus.ts';
import { rule } from '../support/sample-site.ts';

afterAll(closeBrowser);

/** Longer than the shopper takes to end the cart, and shorter than a left queue waits to be taken over. */
const LATE_MS = 2_500;
const STEPS = 60;
/** At the end the cart is filled and not emptied, so that there is something to compare. */
const LAST_STEPS = 12;

const mug = [{ item_id: 'mug', price: 5, quantity: 1 }];

/** Events that came again. */
const repeated = async ({ hub }: BareShop) =>
  (await metricsOf(hub.url)).of('cartbell_events_total{result="duplicate"}');

/** Its last words go out by a beacon. */
const leave = async (page: Page) => {
  await page.goto('about:blank');
  await page.close();
};

describe('an addition that a closing page sent by a slow way, and that comes again and again', () => {
  it.each([
    [
      'has been bought',
      (page: Page) => say(page, 'purchase', { transaction_id: 'A-1', items: mug, value: 5 }),
    ],
    ['was emptied', (page: Page) => say(page, 'view_cart', { items: [], value: 0 })],
    [
      'was emptied piece by piece',
      async (page: Page) => {
        await say(page, 'remove_from_cart', { items: mug });
        await say(page, 'remove_from_cart', { items: mug });
      },
    ],
  ])('revives no cart that %s since, and reminds nobody of it', async (_, end) => {
    const shop = await startBareShop([rule('idle', { on: 'cart_idle', after: '5s' })]);
    const context = await openProfile();
    const reminders: string[] = [];
    await context.exposeFunction('told', (what: string) => void reminders.push(what));
    const stays = await openTab(context, shop);
    const leaves = await openTab(context, shop, '/detour');
    await add(stays);
    await untilAcked(stays);
    shop.detour.delay({ latencyMs: LATE_MS }, 'requests');
    await add(leaves);
    await leave(leaves);
    await end(stays);
    // All but the one that is on its way.
    await untilAcked(stays, 1);
    // The queue that was left is taken over after ten seconds: by then an idle cart would have been spoken of.
    await untilAcked(stays);
    expect(await repeated(shop)).toBeGreaterThan(0);
    const { events, cart } = await countedBy(shop);
    const last = events.findLast(({ name }) => name === 'add_to_cart');
    const before = events.findLast(({ name }) => /^(purchase|view_cart|remove_from_cart)$/.test(name));
    if (!last || !before) throw new Error('Nothing of it has arrived.');
    // It came after what was said after it.
    expect(events.indexOf(last)).toBeGreaterThan(events.indexOf(before));
    expect(Number(last.rev)).toBeLessThan(Number(before.rev));
    expect(events.filter(({ id }) => id === last.id)).toHaveLength(1);
    expect(reminders).toEqual([]);
    expect(cart).toMatchObject({ lines: [], quantity: 0, phase: 'none' });
  });
});

it('however events of several pages overtake one another and are repeated, the cart is as the pages said it last', async () => {
  const shop = await startBareShop([]);
  const context = await openProfile();
  const path = (place: number) => (place % 2 === 0 ? '/' : '/detour');
  const tabs: Page[] = [];
  for (let place = 0; place < 4; place++) tabs.push(await openTab(context, shop, path(place)));
  shop.detour.delay({ latencyMs: 200, jitterMs: 1_500 });
  const random = dice(5);
  let said = 0;
  for (let step = 0; step < STEPS; step++) {
    const place = random(tabs.length);
    const what = step < STEPS - LAST_STEPS ? random(20) : random(14);
    const page = tabs[place];
    if (!page) continue;
    const items = [{ item_id: `item-${random(4)}`, price: 5, quantity: 1 + random(3) }];
    if (what < 10) await say(page, 'add_to_cart', { items });
    else if (what < 14) await say(page, 'remove_from_cart', { items });
    else if (what < 15) await say(page, 'view_cart', { items });
    else if (what < 16) await say(page, 'purchase', { transaction_id: `order-${step}`, items });
    else if (what < 18) {
      await add(page, `item-${random(4)}`);
      await leave(page);
      tabs[place] = await openTab(context, shop, path(place));
    } else {
      await page.reload();
      await untilStarted(page);
    }
    if (what < 18) said++;
    // What was acked is not heard of, and is sent again.
    if (step === STEPS / 2) shop.detour.halfOpen('replies');
  }
  await shop.detour.heal();
  if (tabs[0]) await untilAcked(tabs[0]);
  expect(await repeated(shop)).toBeGreaterThan(0);
  const { events, cart } = await countedBy(shop);
  expect(events.filter(({ name }) => OF_CARTS.includes(name))).toHaveLength(said);
  const placed = events.map((event) => ({ ...event, rev: event.rev ?? 0 }));
  const revs = placed.map(({ rev }) => rev);
  expect(revs).not.toEqual(revs.toSorted((a, b) => a - b));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const lines = (cart?.lines ?? []).map(({ item_id, quantity }) => [item_id, quantity] as const);
  expect(new Map(lines)).toEqual(meant(placed));
  expect(lines.length).toBeGreaterThan(0);
});
