import { describe, expect, it } from 'vitest';
import { codeDigest } from '../../../server/core/code-digest.ts';
import type { CatalogueProduct } from '../../../server/core/price-history.ts';
import { Offer } from '../../../shared/offer.ts';
import { DAY } from '../support/durations.ts';
import { faultsIn } from '../support/faults.ts';
import { countdownOn, type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, pushedBy, Story } from '../support/story.ts';

const validFor = '15m';
const rule = (offer: object, more: Partial<GivenRule> = {}) =>
  countdownOn('add_to_cart', {
    nudge: { kind: 'countdown', title: 'For you' },
    offer: { validFor, ...offer },
    ...more,
  });
const product = (item_id: string, more: Partial<CatalogueProduct> = {}): [string, CatalogueProduct] => [
  item_id,
  {
    item_id,
    item_name: { en: `A ${item_id}`, ko: `${item_id} 한 개` },
    price: 10,
    url: `/${item_id}`,
    ...more,
  },
];

function shopperOf(given: GivenRule, ...products: [string, CatalogueProduct][]): Story {
  const story = new Story(liveSite([given]));
  story.live = { ...story.live, site: { ...story.live.site, products: new Map(products) } };
  return story;
}

describe('what a code may be worth', () => {
  it.each<[offer: object, told: object]>([
    [{ percentOff: 15 }, { percentOff: 15 }],
    [
      { amountOff: 5, minimum: 40 },
      { amountOff: 5, minimum: 40 },
    ],
    [{ freeShipping: true }, { freeShipping: true }],
    [{ gift: 'soap' }, { gift: 'soap' }],
    [{ points: 200 }, { points: 200 }],
  ])('%j', (offer, told) => {
    const story = shopperOf(rule(offer), product('soap'));
    const pushed = pushedBy(story.adds('mug'));
    const { code, expiresAt, ...benefit } = pushed.offer ?? { code: '', expiresAt: 0 };
    expect(benefit).toEqual({ ...told, currency: 'EUR' });
    expect(expiresAt).toBe(pushed.expiresAt);
    const { answer } = story.redeem(code, 'order-1', 1_000);
    expect(answer).toMatchObject({
      outcome: 'redeemed',
      coupon: { digest: codeDigest(code), ...told, order: 'order-1' },
    });
  });

  it('can be named in the words', () => {
    const title = '{{offer.amountOff}} from {{offer.minimum}} on';
    const amount = rule({ amountOff: 5, minimum: 40 }, { nudge: { kind: 'countdown', title } });
    expect(pushedBy(shopperOf(amount).adds('mug')).title).toBe('€5.00 from €40.00 on');
    const gift = rule({ gift: 'soap' }, { nudge: { kind: 'countdown', title: '{{offer.gift}} for you' } });
    const story = shopperOf(gift, product('soap'));
    story.opens({ locale: 'ko' });
    expect(pushedBy(story.adds('mug')).title).toBe('soap 한 개 for you');
  });

  it('below its minimum a code is refused, and remains good', () => {
    const story = shopperOf(rule({ amountOff: 5, minimum: 40 }));
    const code = pushedBy(story.adds('mug')).offer?.code ?? '';
    expect(story.redeem(code, 'order-1', 39.99).answer).toEqual({
      kind: 'redeem',
      outcome: 'below_minimum',
      minimum: 40,
    });
    expect(story.redeem(code, 'order-1', 40).answer).toMatchObject({ outcome: 'redeemed' });
  });
});

describe('an offer is held back', () => {
  it('while the shopper has another one, of whatever rule', () => {
    const story = new Story(
      liveSite([rule({ points: 5 }), { ...rule({ percentOff: 5 }), id: 'other', on: 'view_cart' }]),
    );
    story.adds('mug');
    expect(heldBy(story.page('view_cart'), 'other')).toMatchObject({ by: 'offer_live' });
  });

  it('once the shopper was given as many as the site says, whatever became of them', () => {
    const offers = { perShopper: { times: 2, per: '1d' } };
    const story = new Story(liveSite([rule({ percentOff: 5 })], { settings: { offers } }));
    for (const order of ['order-1', 'order-2'])
      story.redeem(pushedBy(story.adds('mug')).offer?.code ?? '', order);
    expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({
      by: 'offer_limit',
      times: 2,
      per: '1d',
    });
    expect(firedIn(story.wait(DAY).adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('while the cart is younger than the site says', () => {
    const offers = { minimumCartAge: '2m' };
    const story = new Story(liveSite([rule({ percentOff: 5 })], { settings: { offers } }));
    const startedAt = story.now;
    const held = { by: 'young_cart', until: startedAt + 120_000 };
    expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject(held);
    expect(heldBy(story.wait(119_999).adds('pot'), 'on-add-to-cart')).toMatchObject(held);
    expect(firedIn(story.wait(1).adds('tray'))).toEqual(['on-add-to-cart']);
  });

  it('where the shopper is, others were given as many as may be', () => {
    const live = { ...liveSite([rule({ percentOff: 5 })]), isAddressServed: true };
    expect(heldBy(new Story(live).adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'address_limit' });
  });

  it.each<[gift: Partial<CatalogueProduct> | null]>([[null], [{ stock: 0 }]])(
    'when its gift is %j',
    (gift) => {
      const story = shopperOf(rule({ gift: 'soap' }), ...(gift ? [product('soap', gift)] : []));
      expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'gift_unavailable' });
    },
  );

  it.each<[offer: object, cost: number | undefined, margin: number | undefined, fires: boolean]>([
    [{ percentOff: 10, marginFloor: 33 }, 6, 33.3, true],
    [{ percentOff: 10, marginFloor: 34 }, 6, 33.3, false],
    [{ amountOff: 4, marginFloor: 20 }, 6, 25, true],
    [{ amountOff: 40, marginFloor: 0 }, 6, undefined, false],
    [{ gift: 'soap', marginFloor: 25 }, 6, 25, true],
    [{ gift: 'soap', marginFloor: 26 }, 6, 25, false],
    [{ freeShipping: true, cost: 3, marginFloor: 25 }, 6, 25, true],
    [{ points: 10, cost: 9, marginFloor: 0 }, 6, -5, false],
    [{ percentOff: 1, marginFloor: 0 }, undefined, undefined, false],
  ])('by its margin floor: %j at a cost of %s leaves %s', (offer, cost, margin, fires) => {
    const mug = product('mug', cost === undefined ? {} : { cost });
    const story = shopperOf(rule(offer), mug, product('soap', { cost: 3 }));
    const decision = story.adds('mug x2');
    expect(firedIn(decision)).toHaveLength(fires ? 1 : 0);
    if (fires) return;
    const reason = heldBy(decision, 'on-add-to-cart');
    expect(reason).toMatchObject({ by: 'margin_floor' });
    if (margin !== undefined) expect(reason).toMatchObject({ actual: expect.closeTo(margin, 0) as number });
  });

  it.each([['on-add-to-cart'], ['on-add-to-cart amount']])('once its budget %j is spent', (budget) => {
    const live = liveSite([rule({ percentOff: 10 })], { spentBudgets: new Set([budget]) });
    expect(heldBy(new Story(live).adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'budget_spent' });
  });
});

describe('what an offer takes from its budget of money', () => {
  it.each<[offer: object, take: number]>([
    [{ percentOff: 10 }, 2_000],
    [{ percentOff: 10, minimum: 50 }, 5_000],
    [{ amountOff: 5 }, 5_000],
    [{ gift: 'soap' }, 3_000],
    [{ gift: 'lamp' }, 10_000],
    [{ freeShipping: true, cost: 4.9 }, 4_900],
  ])('%j: %i thousandths, for a cart of 20', (offer, take) => {
    const given = rule({ ...offer, budget: { count: 9, amount: 100 } });
    const story = shopperOf(given, product('soap', { cost: 3 }), product('lamp'));
    expect(story.adds('mug x2').budgets).toEqual([
      { name: 'on-add-to-cart', take: 1, most: 9 },
      { name: 'on-add-to-cart amount', take, most: 100_000 },
    ]);
  });
});

describe('an offer that an algorithm chose by what is known of the shopper says so', () => {
  const told = (more: Partial<GivenRule>) =>
    pushedBy(shopperOf(rule({ percentOff: 5 }, more)).adds('mug')).offer?.personalised;
  it.each<[more: Partial<GivenRule>, personalised: true | undefined]>([
    [{}, undefined],
    [{ when: { 'cart.value': { $gte: 1 } } }, undefined],
    [{ when: { 'shopper.orders': 0 } }, true],
    [{ when: { $or: [{ 'cart.value': { $gte: 1 } }, { 'history.views': { $size: 0 } }] } }, true],
  ])('%j: %s', (more, personalised) => expect(told(more)).toBe(personalised));

  it('and to be in a segment is to be known', () => {
    const given = { ...rule({ percentOff: 5 }), on: 'segment_entered', segment: 'high-cart-value' } as const;
    const story = new Story(liveSite([given], { segments: ['high-cart-value'] }));
    expect(pushedBy(story.adds('mug x10')).offer?.personalised).toBe(true);
  });
});

describe('an offer is refused', () => {
  it.each<[offer: object, path: string]>([
    [{}, ''],
    [{ percentOff: 10, amountOff: 5 }, 'amountOff'],
    [{ freeShipping: false }, 'freeShipping'],
    [{ points: 10, budget: { amount: 100 } }, 'cost'],
    [{ freeShipping: true, marginFloor: 10 }, 'cost'],
    [{ percentOff: 10, cost: 3 }, 'cost'],
    [{ percentOff: 10, budget: {} }, 'budget'],
    [{ amountOff: 0 }, 'amountOff'],
    [{ percentOff: 10, marginFloor: 101 }, 'marginFloor'],
  ])('%j', (offer, path) => {
    expect(faultsIn(Offer, { validFor, ...offer }).map((fault) => fault.split(':')[0])).toContain(path);
  });
});

it('a code outlives its shopper’s absence by no more than it promised', () => {
  const story = shopperOf(rule({ percentOff: 10 }));
  const code = pushedBy(story.adds('mug')).offer?.code ?? '';
  expect(story.wait(DAY).redeem(code).answer).toMatchObject({ outcome: 'expired' });
});

it('products shown beside a price that was reduced carry the one that may be struck', () => {
  const nudge = { kind: 'toast', title: 'In your cart', items: 'cart' } as const;
  const story = shopperOf(ruleOn('add_to_cart', { nudge }), product('mug', { was: 14 }), product('pot'));
  story.page('page_view');
  const { items = [] } = pushedBy(story.adds('mug x2', 'pot', 'unknown'));
  expect(items).toMatchObject([
    { item_id: 'mug', item_name: 'A mug', price: 10, was: 14, quantity: 2 },
    { item_id: 'pot', quantity: 1 },
  ]);
  expect(items[1]).not.toHaveProperty('was');
});
