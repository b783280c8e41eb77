import { describe, expect, it } from 'vitest';
import { codeDigest } from '../../../server/core/code-digest.ts';
import type { Decision } from '../../../server/core/decide.ts';
import { Rule } from '../../../shared/rule.ts';
import { type Trigger, TRIGGERS } from '../../../shared/trigger.ts';
import { items } from '../support/sample-event.ts';
import type { LiveSite } from '../../../server/core/site.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { countdownOn, type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, pushedBy, Story } from '../support/story.ts';

const order = { transaction_id: 'order-1', items: items('mug') };

/** How each trigger comes about for a shopper with something in the cart. */
const COMES_ABOUT: Record<Trigger, (story: Story) => Decision> = {
  view_item_list: (story) => story.page('view_item_list', { items: items('mug') }),
  select_item: (story) => story.page('select_item', { items: items('mug') }),
  view_item: (story) => story.page('view_item', { items: items('mug') }),
  add_to_wishlist: (story) => story.page('add_to_wishlist', { items: items('mug') }),
  add_to_cart: (story) => story.adds('pot'),
  remove_from_cart: (story) => story.page('remove_from_cart', { items: items('mug') }),
  view_cart: (story) => story.page('view_cart', { items: items('mug') }),
  begin_checkout: (story) => story.page('begin_checkout', { items: items('mug') }),
  add_shipping_info: (story) => story.page('add_shipping_info'),
  add_payment_info: (story) => story.page('add_payment_info'),
  view_promotion: (story) => story.page('view_promotion'),
  select_promotion: (story) => story.page('select_promotion'),
  purchase: (story) => story.buys(),
  refund: (story) => story.server('refund', order),
  page_view: (story) => story.page('page_view'),
  search: (story) => story.page('search', { search_term: 'mug' }),
  login: (story) => story.page('login'),
  sign_up: (story) => story.page('sign_up'),
  exit_intent: (story) => story.page('exit_intent'),
  payment_failed: (story) => story.server('payment_failed'),
  scroll: (story) => story.page('scroll', { percent_scrolled: 90 }),
  user_engagement: (story) => story.page('user_engagement', { engagement_time_msec: 5_000 }),
  cart_idle: (story) => story.wait(10_000).clock(),
  checkout_stalled: (story) => lastOf(story.page('add_payment_info'), story.wait(20_000).clock()),
  cart_dwell: (story) => {
    story.page('view_cart', { items: items('mug') });
    story.wait(15_000).page('remove_from_cart', { items: items('pot') });
    return story.wait(15_000).clock();
  },
  first_visit: (story) => new Story(story.live).page('page_view'),
  return_visit: (story) => story.wait(31 * MINUTE).page('page_view'),
  cart_abandoned: (story) => story.wait(HOUR).clock(),
  cart_recovered: (story) => lastOf(story.wait(HOUR).clock(), story.buys()),
  cart_threshold: (story) => story.adds('pot x3'),
  repeat_view: (story) => {
    story.page('view_item', { items: items('pot') });
    return story.page('view_item', { items: items('pot') });
  },
  slow_page: (story) => story.page('web_vitals', { lcp: 4_001 }),
  segment_entered: (story) => story.adds('pot x20'),
  price_dropped: (story) => changed(story, {}, { price: 9 }),
  price_raised: (story) => changed(story, {}, { price: 11 }),
  low_stock: (story) => changed(story, {}, { stock: 5 }),
  back_in_stock: (story) => changed(story, { stock: 0 }, { stock: 1 }),
  schedule: (story) => story.wait(DAY).clock(),
  api: (story) => story.calls('on-api'),
  segment_left: (story) => lastOf(story.adds('pot x20'), story.page('view_cart', { items: items('mug') })),
};

/** What a rule on the trigger needs, and what else fires beside it in the same step. */
const NEEDS: Partial<Record<Trigger, Partial<GivenRule>>> = {
  cart_idle: { after: '10s' },
  checkout_stalled: { after: '20s' },
  cart_dwell: { after: '30s' },
  cart_threshold: { threshold: { value: 50, within: 10 } },
  repeat_view: { repeat: { times: 2, within: '1d' } },
  schedule: { schedule: '0 0 * * *', staleAfter: '1d' },
  segment_entered: { segment: 'high-cart-value' },
  segment_left: { segment: 'high-cart-value' },
};

const ruleFor = (on: Trigger) => ruleOn(on, NEEDS[on]);

type Mug = { price?: number; stock?: number };

/** The shop's mugs are a tenner apiece and plenty, but for what is given. */
function withCatalogue(story: Story, mug: Mug): Story {
  const product = { item_id: 'mug', item_name: 'Mug', price: 10, stock: 50, url: '/products/mug', ...mug };
  story.live = { ...story.live, site: { ...story.live.site, products: new Map([['mug', product]]) } };
  return story;
}

function changed(story: Story, from: Mug, to: Mug): Decision {
  withCatalogue(story, from).clock();
  return withCatalogue(story, to).clock();
}

function bigCarts(rules: GivenRule[]): LiveSite {
  return liveSite(rules, { segments: ['high-cart-value'] });
}

function lastOf(_: Decision, last: Decision): Decision {
  return last;
}

function withCart(live: LiveSite): Story {
  const story = new Story(liveSite([]));
  story.page('page_view', {}, { cart: { items: items('mug') } });
  const { products } = withCatalogue(story, {}).live.site;
  story.live = { ...live, site: { ...live.site, products } };
  return story;
}

/** What one step brings about beside the trigger that it is about. */
const TOGETHER: Partial<Record<Trigger, Trigger[]>> = {
  cart_recovered: ['purchase'],
  cart_threshold: ['add_to_cart'],
  repeat_view: ['view_item'],
  first_visit: ['page_view'],
  return_visit: ['page_view'],
  segment_entered: ['add_to_cart'],
  segment_left: ['view_cart'],
};

describe('each trigger fires its rule', () => {
  it.each(TRIGGERS)('%s', (trigger) => {
    const decision = COMES_ABOUT[trigger](withCart(bigCarts([ruleFor(trigger)])));
    expect(firedIn(decision)).toEqual([`on-${trigger.replaceAll('_', '-')}`]);
    expect(decision.reasons).toHaveLength(1);
  });

  it.each(TRIGGERS)('%s fires no rule on another trigger', (trigger) => {
    const apart = [trigger, ...(TOGETHER[trigger] ?? []), 'cart_idle', 'cart_abandoned'];
    const others = TRIGGERS.filter((on) => !apart.includes(on) && !comesBefore(trigger).includes(on));
    const decision = COMES_ABOUT[trigger](withCart(bigCarts(others.map(ruleFor))));
    expect(decision.reasons).toEqual([]);
    expect(decision.effects).toEqual([]);
  });
});

/** Triggers of the steps that lead up to it, whose nudges may still be ending. */
function comesBefore(trigger: Trigger): Trigger[] {
  if (trigger === 'checkout_stalled') return ['add_payment_info'];
  if (trigger === 'cart_dwell') return ['view_cart', 'remove_from_cart'];
  if (trigger === 'cart_abandoned') return ['cart_recovered'];
  if (trigger === 'segment_left') return ['add_to_cart', 'segment_entered'];
  if (trigger === 'cart_recovered') return ['return_visit'];
  return [];
}

describe('rules on several triggers that one step brings about', () => {
  it('speak in the order of their priority, and one of them fires', () => {
    const rules = [
      ruleOn('add_to_cart', { priority: 10 }),
      ruleOn('cart_threshold', { ...NEEDS.cart_threshold, priority: 20 }),
    ];
    const { reasons } = COMES_ABOUT.cart_threshold(withCart(liveSite(rules)));
    expect(reasons).toMatchObject([
      { rule: 'on-cart-threshold', result: 'fired' },
      { rule: 'on-add-to-cart', result: 'held', by: 'outranked' },
    ]);
  });
});

describe('just short of a trigger nothing fires', () => {
  it.each<[what: string, on: Trigger, does: (story: Story) => Decision]>([
    ['a second before the cart is abandoned', 'cart_abandoned', (story) => story.wait(HOUR - 1).clock()],
    [
      'back in the moment in which the cart is found abandoned',
      'cart_abandoned',
      (story) => story.wait(HOUR).adds('pot'),
    ],
    ['a purchase of a cart that was never abandoned', 'cart_recovered', (story) => story.buys()],
    [
      'half an hour of nothing to the millisecond',
      'return_visit',
      (story) => story.wait(30 * MINUTE).page('page_view'),
    ],
    ['the second page of the first visit', 'first_visit', (story) => story.page('page_view')],
    [
      'a page that is slow but not poor',
      'slow_page',
      (story) => story.page('web_vitals', { lcp: 4_000, inp: 500 }),
    ],
    [
      'two views of different items',
      'repeat_view',
      (story) => story.page('view_item', { items: items('mug', 'pot') }),
    ],
    [
      'a second view a day later',
      'repeat_view',
      (story) =>
        lastOf(
          story.page('view_item', { items: items('pot') }),
          story.wait(DAY).page('view_item', { items: items('pot') }),
        ),
    ],
    [
      'a cart one cent too far from the threshold',
      'cart_threshold',
      (story) => story.page('view_cart', { items: [{ item_id: 'a', price: 39.99 }] }),
    ],
    ['a cart that has reached the threshold', 'cart_threshold', (story) => story.adds('pot x4')],
    [
      'a cart that was near already',
      'cart_threshold',
      (story) => {
        story.live = liveSite([]);
        story.adds('pot x3');
        story.live = liveSite([ruleFor('cart_threshold')]);
        return story.page('add_to_cart', { items: [{ item_id: 'b', price: 5 }] });
      },
    ],
    [
      'a shopper who left the cart page for a product',
      'cart_dwell',
      (story) => {
        story.page('view_cart', { items: items('mug') });
        story.wait(15_000).page('view_item', { items: items('pot') });
        return story.wait(60_000).clock();
      },
    ],
    [
      'a shopper who opened another page',
      'cart_dwell',
      (story) => {
        story.page('view_cart', { items: items('mug') });
        story.wait(2_001).page('page_view');
        return story.wait(60_000).clock();
      },
    ],
    [
      'a checkout that goes on',
      'checkout_stalled',
      (story) => {
        story.page('begin_checkout');
        story.wait(19_999).page('add_shipping_info');
        return story.wait(19_999).clock();
      },
    ],
    [
      'a checkout that was left for the shop',
      'checkout_stalled',
      (story) => {
        story.page('begin_checkout');
        story.page('view_item', { items: items('pot') });
        return story.wait(60_000).clock();
      },
    ],
  ])('%s: no %s', (_, on, does) => {
    expect(does(withCart(liveSite([ruleFor(on)]))).reasons).toEqual([]);
  });
});

describe('what lasts', () => {
  it('has its turn once, and again when it begins anew', () => {
    const story = withCart(
      liveSite([
        ruleOn('checkout_stalled', { after: '20s', nudge: { kind: 'toast', title: 'x', validFor: '10s' } }),
      ]),
    );
    const stalls = () => firedIn(story.wait(20_000).clock());
    story.page('begin_checkout');
    expect(stalls()).toEqual(['on-checkout-stalled']);
    expect(stalls()).toEqual([]);
    story.page('add_payment_info');
    expect(stalls()).toEqual(['on-checkout-stalled']);
  });

  it('tells at which step a checkout stalled', () => {
    const when = { 'checkout.step': 'add_payment_info' };
    const story = withCart(liveSite([ruleOn('checkout_stalled', { after: '20s', when })]));
    story.page('begin_checkout');
    expect(story.wait(20_000).clock().reasons).toMatchObject([
      { path: 'checkout.step', actual: 'begin_checkout' },
    ]);
    story.page('add_payment_info');
    expect(firedIn(story.wait(20_000).clock())).toEqual(['on-checkout-stalled']);
  });

  it('a page that reports itself right after its cart is still the cart page', () => {
    const story = withCart(liveSite([ruleFor('cart_dwell')]));
    story.page('view_cart', { items: items('mug') });
    story.wait(2_000).page('page_view');
    expect(firedIn(story.wait(28_000).clock())).toEqual(['on-cart-dwell']);
  });

  it.each(['item', 'category'] as const)('the n-th view of an %s tells, and no other', (of) => {
    const rule = ruleOn('repeat_view', { repeat: { of, times: 3, within: '1h' } });
    const story = withCart(liveSite([rule]));
    const told = (item_id: string) =>
      story.page('view_item', { items: [{ item_id, item_category: 'garden' }] }).reasons.length;
    const viewed = of === 'item' ? ['rake', 'rake', 'rake', 'rake'] : ['spade', 'rake', 'hoe', 'seeds'];
    expect(viewed.map(told)).toEqual([0, 0, 1, 0]);
  });
});

describe('rules that are not in force', () => {
  it.each(['draft', 'paused'] as const)('a %s rule is not even considered', (status) => {
    const story = new Story(liveSite([ruleOn('add_to_cart', { status })]));
    expect(story.adds('mug').reasons).toEqual([]);
  });

  it('a rule is a draft unless told', () => {
    const { id, on, nudge } = ruleOn('add_to_cart');
    expect(Rule.parse({ id, on, nudge }).status).toBe('draft');
  });
});

describe('what is pushed', () => {
  it('carries the words in the shopper’s language, filled in', () => {
    const title = { en: 'Cart of {{cart.value}}', ko: '{{cart.quantity}}개, {{cart.value}}' };
    const rule = ruleOn('add_to_cart', {
      nudge: {
        kind: 'toast',
        title,
        body: 'For you',
        cta: { label: { ko: '계산', en: 'Pay' }, href: '/cart' },
      },
    });
    const story = new Story(liveSite([rule]));
    story.opens({ locale: 'ko-KR' });
    const pushed = pushedBy(story.adds('mug x2'));
    expect(pushed.title).toBe('2개, €20.00');
    expect(pushed.body).toBe('For you');
    expect(pushed.cta).toEqual({ label: '계산', href: '/cart' });
    expect(pushed.offer).toBeUndefined();
  });

  it('a countdown carries a code that runs out when it does', () => {
    const story = new Story(liveSite([countdownOn('add_to_cart')]));
    const pushed = pushedBy(story.adds('mug'));
    expect(pushed.expiresAt).toBe(story.now + 15 * 60_000);
    expect(pushed.offer).toMatchObject({ percentOff: 10, expiresAt: pushed.expiresAt });
    expect(pushed.title).toBe(`10 % off with ${pushed.offer?.code}`);
    expect(story.shopper.coupons.map(({ digest }) => digest)).toEqual([codeDigest(pushed.offer?.code ?? '')]);
  });

  it('a toast is worth showing for ten minutes unless its rule says otherwise', () => {
    const nudge = { kind: 'toast', title: 'Hello' } as const;
    const usual = new Story(liveSite([ruleOn('add_to_cart', { nudge })]));
    expect(pushedBy(usual.adds('mug')).expiresAt).toBe(usual.now + 600_000);
    const brief = new Story(liveSite([ruleOn('add_to_cart', { nudge: { ...nudge, validFor: '30s' } })]));
    expect(pushedBy(brief.adds('mug')).expiresAt).toBe(brief.now + 30_000);
  });

  it('a language tag that no formatter knows stops no decision', () => {
    const story = new Story(
      liveSite([ruleOn('add_to_cart', { nudge: { kind: 'toast', title: '{{cart.value}}' } })]),
    );
    story.opens({ locale: 'en-12' });
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('a budgeted offer takes one from its budget', () => {
    const offer = { percentOff: 5, validFor: '1h', budget: { count: 7 } };
    const decision = new Story(liveSite([countdownOn('add_to_cart', { offer })])).adds('mug');
    expect(decision.budgets).toEqual([{ name: 'on-add-to-cart', take: 1, most: 7 }]);
    expect(decision.coupons).toEqual([codeDigest(pushedBy(decision).offer?.code ?? '')]);
  });
});
