import { describe, expect, it } from 'vitest';
import { CAPTURE_FAULTS, captureFaults } from '../../../server/core/capture-faults.ts';
import { newShopper } from '../../../server/core/shopper.ts';
import { eventOf, type GivenCart, items } from '../support/sample-event.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { SHOPPER, START, Story } from '../support/story.ts';

/** In euros, with mug, pot, tray and lamp in its catalogue. */
const { site } = liveSite([]);
const withoutCatalogue = { ...site, products: new Map() };
/** Somebody who had a cart once. */
const known = new Story(liveSite([]));
known.adds('mug');

function faultsOf(name: string, params: object = {}, cart?: GivenCart, of = site, shopper = known.shopper) {
  const event = eventOf({ id: 'event-0001', rev: 1, name, params, ...(cart ? { cart } : {}) });
  return captureFaults(event, of, shopper);
}

const priceless = [{ item_id: 'mug', quantity: 2 }];
const order = { transaction_id: 'order-1' };

describe('what is wrong with an event', () => {
  it.each<[what: string, name: string, params: object, faults: readonly string[]]>([
    ['nothing', 'add_to_cart', { currency: 'EUR', value: 20, items: items('mug x2') }, []],
    ['nothing, of an event that is not about items', 'page_view', {}, []],
    ['nothing, of a search', 'search', { search_term: 'mugs' }, []],

    ['an addition of nothing', 'add_to_cart', {}, ['no_items']],
    ['a view of no item', 'view_item', {}, ['no_items']],
    ['a checkout of nothing', 'begin_checkout', {}, ['no_items']],
    ['an order of nothing', 'purchase', order, ['no_items']],
    ['an empty cart, which is none', 'view_cart', {}, []],
    ['a list that found nothing, which is none', 'view_item_list', {}, []],
    ['a refund of all, which is none', 'refund', order, []],

    ['an addition without a price', 'add_to_cart', { items: priceless }, ['no_price']],
    [
      'one price of two missing',
      'add_to_cart',
      { items: [...items('pot'), ...priceless], value: 30 },
      ['no_price'],
    ],
    ['a cart without prices', 'view_cart', { items: priceless }, ['no_price']],
    ['a checkout without prices', 'begin_checkout', { items: priceless }, ['no_price']],
    ['an order that says nothing of its worth', 'purchase', { ...order, items: priceless }, ['no_price']],
    ['an order that says its worth, which is none', 'purchase', { ...order, value: 9, items: priceless }, []],
    ['a view without a price, which is none', 'view_item', { items: priceless }, []],
    ['a removal without a price, which is none', 'remove_from_cart', { items: priceless }, []],
    ['what is free, which is none', 'add_to_cart', { items: [{ item_id: 'mug', price: 0 }] }, []],

    ['an item from elsewhere', 'view_item', { items: items('shopify_DE_1_2') }, ['unknown_item']],
    ['one of two', 'view_item_list', { items: items('mug', 'shopify_DE_1_2') }, ['unknown_item']],
    ['a refund of what is no longer sold, which is none', 'refund', { ...order, items: items('bowl') }, []],
    ['a promotion of something else, which is none', 'view_promotion', { items: items('spring') }, []],

    ['dollars', 'view_item', { currency: 'USD', items: items('mug') }, ['other_currency']],
    ['amounts without a currency, which is none', 'view_item', { value: 10, items: items('mug') }, []],

    ['a value for one piece of two', 'add_to_cart', { value: 10, items: items('mug x2') }, ['value_differs']],
    ['a value of a hundredth', 'view_cart', { value: 0.2, items: items('mug x2') }, ['value_differs']],
    ['a value of nothing', 'begin_checkout', { value: 0, items: items('mug') }, ['value_differs']],
    ['a value that was rounded, which is none', 'view_cart', { value: 20.15, items: items('mug x2') }, []],
    ['a value more than rounded', 'view_cart', { value: 20.25, items: items('mug x2') }, ['value_differs']],
    [
      'a coupon, which explains it',
      'begin_checkout',
      { value: 15, coupon: 'SPRING', items: items('mug x2') },
      [],
    ],
    [
      'shipping, which explains it',
      'purchase',
      { ...order, value: 25, shipping: 5, items: items('mug x2') },
      [],
    ],
    ['tax, which explains it', 'purchase', { ...order, value: 24, tax: 4, items: items('mug x2') }, []],
    ['both', 'purchase', { ...order, value: 29, tax: 4, shipping: 5, items: items('mug x2') }, []],
    [
      'neither told in it',
      'purchase',
      { ...order, value: 20, tax: 4, shipping: 5, items: items('mug x2') },
      [],
    ],
    [
      'another sum than any of these',
      'purchase',
      { ...order, value: 22, tax: 4, shipping: 5, items: items('mug x2') },
      ['value_differs'],
    ],
    [
      'the value of a list, which may be of anything',
      'view_item_list',
      { value: 1, items: items('mug') },
      [],
    ],
    [
      'a list as long as pages tell, which may go on',
      'view_cart',
      { value: 5_000, items: items(...Array.from({ length: 200 }, () => 'mug')) },
      [],
    ],

    [
      'an order thrown away',
      'capture_fault',
      { event: 'purchase', fault: 'no_transaction_id' },
      ['no_transaction_id'],
    ],
    [
      'all at once',
      'add_to_cart',
      { currency: 'USD', items: [{ item_id: 'bowl' }] },
      ['no_price', 'unknown_item', 'other_currency'],
    ],
  ])('%s', (_, name, params, faults) => {
    expect(faultsOf(name, params)).toEqual(faults);
  });

  it('without a catalogue no item is unknown', () => {
    expect(faultsOf('view_item', { items: items('bowl') }, undefined, withoutCatalogue)).toEqual([]);
  });

  it.each<[what: string, name: string, cart: GivenCart, faults: readonly string[]]>([
    ['tells what the event leaves out', 'add_to_cart', { items: items('mug') }, []],
    ['and may be empty', 'remove_from_cart', { items: [] }, []],
    ['has its own prices', 'page_view', { items: priceless }, ['no_price']],
    ['its own items', 'page_view', { items: items('bowl') }, ['unknown_item']],
    ['its own currency', 'page_view', { items: items('mug'), currency: 'KRW' }, ['other_currency']],
  ])('a whole cart beside the event %s', (_, name, cart, faults) => {
    expect(faultsOf(name, {}, cart)).toEqual(faults);
  });

  it('a fault of both event and cart is one', () => {
    expect(faultsOf('add_to_cart', { items: priceless }, { items: priceless })).toEqual(['no_price']);
  });
});

describe('a purchase out of nowhere', () => {
  const bought = { ...order, value: 20, items: items('mug x2') };
  const by = (tell: (story: Story) => unknown, cart?: GivenCart) => {
    const story = new Story(liveSite([]));
    tell(story);
    return faultsOf('purchase', bought, cart, site, story.shopper);
  };

  it.each<[what: string, tell: (story: Story) => unknown]>([
    ['the first thing that is heard of a shopper', () => undefined],
    ['after looking around', (story) => story.page('view_item', { items: items('mug') })],
    ['from the checkout', (story) => story.page('begin_checkout', { items: items('mug') })],
  ])('%s', (_, tell) => expect(by(tell)).toEqual(['purchase_without_cart']));

  it.each<[what: string, tell: (story: Story) => unknown]>([
    ['something was put into the cart', (story) => story.adds('mug')],
    [
      'the thank-you page told the empty cart first',
      (story) => story.page('page_view', {}, { cart: { items: [] } }),
    ],
    ['it is not their first order', (story) => story.buys()],
    ['the shop’s server was quicker', (story) => story.server('purchase', bought)],
  ])('is none where %s', (_, tell) => expect(by(tell)).toEqual([]));

  it('is none where the cart comes along', () => {
    expect(by(() => undefined, { items: [] })).toEqual([]);
  });
});

it('each fault has a case here', () => {
  const shopper = newShopper(SHOPPER, START);
  const found = new Set([
    ...faultsOf('purchase', { ...order, currency: 'USD' }, undefined, site, shopper),
    ...faultsOf('add_to_cart', { items: [{ item_id: 'bowl' }] }),
    ...faultsOf('add_to_cart', { value: 1, items: items('mug') }),
    ...faultsOf('capture_fault', { event: 'refund', fault: 'no_transaction_id' }),
  ]);
  expect([...found].toSorted()).toEqual([...CAPTURE_FAULTS].toSorted());
});

describe('an order that was thrown away', () => {
  const fault = { event: 'purchase', fault: 'no_transaction_id' };
  const rules = [ruleOn('purchase'), ruleOn('page_view'), ruleOn('return_visit')];

  it('brings nothing about, and leaves nothing of itself in its shopper but its place in their order', () => {
    const story = new Story(liveSite(rules));
    story.page('view_item', { items: items('mug') });
    story.wait(60_000);
    story.adds('mug');
    const before = story.shopper;
    story.wait(60_000);
    const decision = story.page('capture_fault', fault);
    expect(decision).toMatchObject({ effects: [], reasons: [], steps: [], together: [] });
    expect(story.shopper).toEqual({ ...before, rev: before.rev + 1 });
    // So a rule that waits for the shopper to be still goes on waiting, and no cart is taken for bought.
    expect(before).toMatchObject({ activeAt: story.now - 60_000, cart: { value: 10 }, orders: { count: 0 } });
  });

  it('is no visit by itself', () => {
    const story = new Story(liveSite(rules));
    story.page('capture_fault', fault);
    expect(story.shopper.visit.number).toBe(0);
    expect(story.nudges).toEqual([]);
  });
});
