import { describe, expect, it } from 'vitest';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const thanks = ruleOn('purchase');
const loyal = countdownOn('add_to_cart', { id: 'loyal', when: { 'shopper.orders': { $gte: 1 } } });
const idle = ruleOn('cart_idle', { id: 'idle' });

const shopper = (orders: 'server' | 'page') =>
  new Story(liveSite([thanks, loyal, idle], { settings: { orders, restAfterPurchase: '1h' } }));

const order = { transaction_id: 'order-1', items: items('mug') };

describe('where the shop’s server has the last word, what a page tells of an order', () => {
  it('makes nobody a good customer, and brings no rule about', () => {
    const story = shopper('server');
    story.adds('mug');
    const decision = story.page('purchase', order);
    expect(story.shopper.orders).toMatchObject({ count: 0, spent: 0, recent: [] });
    expect(decision.together).toEqual([]);
    expect(heldBy(story.wait(2 * 3_600_000).adds('mug'), 'loyal')).toMatchObject({ by: 'condition' });
  });

  it('rules on it wait for the server', () => {
    const story = shopper('server');
    story.adds('mug');
    expect(heldBy(story.page('purchase', order), 'on-purchase')).toMatchObject({ by: 'order_unverified' });
    expect(firedIn(story.server('purchase', order))).toEqual(['on-purchase']);
    expect(story.shopper.orders).toMatchObject({ count: 1, recent: [{ id: 'order-1' }] });
    expect(firedIn(story.server('purchase', order, 'told-again-1'))).toEqual([]);
  });

  it('ends what reminds of the cart all the same, and lets the shopper rest', () => {
    const story = shopper('server');
    story.adds('mug');
    story.wait(10_000).clock();
    expect(story.nudges).toHaveLength(1);
    story.page('purchase', order);
    expect(story.nudges).toEqual([]);
    expect(story.shopper.cart.lines).toEqual([]);
    story.adds('pot');
    expect(heldBy(story.wait(10_000).clock(), 'idle')).toMatchObject({ by: 'recent_purchase' });
  });
});

it('where pages have it, their word counts', () => {
  const story = shopper('page');
  story.adds('mug');
  expect(firedIn(story.page('purchase', order))).toEqual(['on-purchase']);
  expect(story.shopper.orders).toMatchObject({ count: 1, recent: [{ id: 'order-1' }] });
});
