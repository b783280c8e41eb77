import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../server/core/bindings.ts';
import type { Input } from '../../../server/core/inputs.ts';
import { newShopper, type Shopper } from '../../../server/core/shopper.ts';
import { SegmentId, ShopperId } from '../../../shared/ids.ts';
import { MINUTE } from '../support/durations.ts';
import { items } from '../support/sample-event.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, SHOPPER, Story } from '../support/story.ts';

const CUSTOMER = ShopperId.parse('C'.repeat(22));
const offer = { percentOff: 10, validFor: '15m' } as const;
const countdown = { kind: 'countdown', title: 'For you' } as const;
const rules = [
  ruleOn('add_to_cart', { offer, nudge: countdown, limit: { times: 2, per: '1d' } }),
  ruleOn('view_item', { id: 'often' }),
];
const site = liveSite(rules);

/** The customer’s life so far, and that of an anonymous shopper who is about to be known as them. */
function two(live = site): { customer: Story; anonymous: Story } {
  const customer = new Story(live);
  customer.shopper = newShopper(CUSTOMER, customer.now);
  return { customer, anonymous: new Story(live, 1_000) };
}

function join({ customer, anonymous }: { customer: Story; anonymous: Story }) {
  const { rev, id } = anonymous.shopper;
  const proof = { digest: 'one', madeAt: 0, until: customer.now + MINUTE, by: id, binding: 'binding-1' };
  customer.now = Math.max(customer.now, anonymous.now);
  customer.input({ kind: 'identify', proof, from: id, rev });
  return customer.input({ kind: 'merge', shopper: anonymous.shopper });
}

describe('an anonymous shopper who turns out to be a customer', () => {
  it('is merged once, however often it is told', () => {
    const both = two();
    both.anonymous.adds('mug');
    join(both);
    const once = both.customer.shopper;
    const { effects, coupons } = both.customer.input({ kind: 'merge', shopper: both.anonymous.shopper });
    expect(both.customer.shopper).toEqual(once);
    expect([effects, coupons]).toEqual([[], []]);
  });

  it('brings what is on its way along, told under a number of its new life, and the code can be found', () => {
    const both = two();
    both.customer.adds('pot');
    both.anonymous.adds('mug');
    const [nudge] = both.anonymous.nudges;
    const { seq } = both.customer.shopper;
    const { effects, coupons } = join(both);
    expect(effects).toEqual([{ kind: 'push', nudge: { ...nudge, seq: seq + 1 } }]);
    expect(coupons).toEqual(both.anonymous.shopper.coupons.map(({ digest }) => digest));
    expect(both.customer.nudges.map(({ id }) => id)).toContain(nudge?.id);
  });

  it('has used up what both have used of a limit', () => {
    const both = two();
    for (const story of [both.customer, both.anonymous]) {
      story.adds('mug');
      story.page('nudge_displayed', { nudge: story.nudges[0]?.id });
    }
    join(both);
    // Nothing is on its way any more, so that it is the limit alone that holds.
    both.customer.wait(20 * MINUTE);
    expect(heldBy(both.customer.adds('jug'), 'on-add-to-cart')).toMatchObject({ by: 'limit', times: 2 });
  });

  it('has both carts in one, each line as often as the fuller one had it; one of two carts is counted as merged', () => {
    const both = two();
    both.customer.page('view_cart', {}, { cart: { items: items('pot', 'mug') } });
    both.anonymous.page('view_cart', {}, { cart: { items: [{ item_id: 'mug', price: 5, quantity: 3 }] } });
    const { steps } = join(both);
    const lines = both.customer.shopper.cart.lines.map(({ item_id, quantity }) => [item_id, quantity]);
    expect(Object.fromEntries(lines)).toEqual({ pot: 1, mug: 3 });
    expect(steps).toEqual(['cart_merged']);
  });

  it('keeps the cart of whichever has one, which counts as begun where it was', () => {
    const both = two();
    both.anonymous.adds('mug');
    const { cart } = both.anonymous.shopper;
    const { steps } = join(both);
    expect(both.customer.shopper.cart).toMatchObject({ value: cart.value, startedAt: cart.startedAt });
    expect(steps).toEqual([]);
  });

  it('what that browser has still to tell counts, also where another one has counted further', () => {
    const both = two();
    both.customer.page('view_cart', {}, { rev: 500, cart: { items: items('pot') } });
    both.customer.page('consent_update', { marketing: 'granted' }, { rev: 501 });
    both.anonymous.adds('mug');
    join(both);
    const [binding] = both.customer.shopper.bindings ?? [];
    if (!binding) throw new Error('Not bound.');
    const inPlace = (rev: number, id: string) => ({ rev: placeOf(binding, rev), id });
    both.customer.page('add_to_cart', { items: items('jug') }, inPlace(2, 'late-event-1'));
    both.customer.page('consent_update', { marketing: 'denied' }, inPlace(3, 'late-event-2'));
    expect(both.customer.shopper.cart.lines.map(({ item_id }) => item_id).toSorted()).toEqual([
      'jug',
      'mug',
      'pot',
    ]);
    expect(both.customer.shopper.consents.marketing?.word).toBe('denied');
  });

  it('an order that both knew, one by a page and one by the shop’s server, is one order', () => {
    const both = two();
    both.customer.server('purchase', { transaction_id: 'order-1', value: 20 });
    both.customer.server('purchase', { transaction_id: 'order-2', value: 7 });
    both.anonymous.page('purchase', { transaction_id: 'order-1', value: 20 });
    both.anonymous.page('purchase', { transaction_id: 'order-3', value: 5 });
    join(both);
    expect(both.customer.shopper.orders).toMatchObject({ count: 3, spent: 32 });
    both.customer.server('purchase', { transaction_id: 'order-3', value: 5 });
    expect(both.customer.shopper.orders.count).toBe(3);
  });

  it.each([
    ['denied', 'granted', 'granted'],
    ['granted', 'denied', 'denied'],
  ] as const)('%s by the customer and then %s by the anonymous one is %s', (first, second, last) => {
    const both = two();
    both.customer.page('consent_update', { marketing: first });
    both.anonymous.now = both.customer.now + MINUTE;
    both.anonymous.page('consent_update', { marketing: second });
    join(both);
    expect(both.customer.shopper.consents.marketing).toMatchObject({ word: last, at: both.anonymous.now });
  });

  it('wants less of what either wanted less of', () => {
    const both = two();
    both.customer.page('preferences_update', { without: ['countdown'] });
    both.anonymous.page('preferences_update', { doNotDisturb: true, without: ['toast'] });
    join(both);
    const { doNotDisturb, without } = both.customer.shopper.preferences;
    expect([doNotDisturb, without?.toSorted()]).toEqual([true, ['countdown', 'toast']]);
  });

  it('adds up, whatever both did: orders, money, what limits look at, codes and carts that are open', () => {
    const acts = fc.array(
      fc.oneof(
        fc.constantFrom('mug', 'pot', 'jug').map((item) => (story: Story) => void story.adds(item)),
        fc
          .nat(8)
          .map(
            (order) => (story: Story) =>
              void story.server('purchase', { transaction_id: `order-${order}`, value: order }),
          ),
        fc.constant((story: Story) => void story.wait(MINUTE)),
      ),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(acts, acts, (customers, anonymouss) => {
        const both = two();
        for (const act of customers) act(both.customer);
        for (const act of anonymouss) act(both.anonymous);
        const [a, b] = [both.customer.shopper, both.anonymous.shopper];
        const { ended } = join(both);
        const after = both.customer.shopper;
        const orders = new Set([...a.orders.recent, ...b.orders.recent].map(({ id }) => id));
        expect(after.orders.count).toBe(orders.size);
        expect(after.orders.spent).toBe([...orders].reduce((sum, id) => sum + Number(id.slice(6)), 0));
        const released = ended.filter(({ displayed }) => !displayed).map(({ nudge }) => nudge);
        expect([...idsOf(after.past), ...released].toSorted()).toEqual(
          [...idsOf(a.past), ...idsOf(b.past)].toSorted(),
        );
        expect(after.coupons).toHaveLength(a.coupons.length + b.coupons.length);
        expect(after.seq).toBeGreaterThanOrEqual(a.seq);
        const most = orders.size > 0 ? 0 : Math.max(a.cart.value, b.cart.value);
        expect(after.cart.value).toBeGreaterThanOrEqual(most);
      }),
      { numRuns: 300 },
    );
  });
});

const idsOf = (past: Shopper['past']) => past.map(({ nudge }) => nudge).toSorted();

describe('what is not wanted any more once it is known who they are', () => {
  it.each(['customer', 'anonymous'] as const)(
    'the cart that was perhaps bought: the order is known of the other than the %s',
    (who) => {
      const both = two();
      both[who].adds('mug');
      const other = who === 'customer' ? both.anonymous : both.customer;
      other.now = both[who].now + MINUTE;
      other.server('purchase', { transaction_id: 'order-1', value: 5 });
      const { steps, ended, effects } = join(both);
      expect(both.customer.shopper.cart).toMatchObject({ lines: [], phase: 'none' });
      expect(both.customer.nudges).toEqual([]);
      expect(steps).toEqual(['cart_purchased']);
      expect(ended.map(({ why }) => why)).toEqual(['purchased']);
      expect(effects.some(({ kind }) => kind === 'push')).toBe(false);
    },
  );

  it('a cart that was begun after the order stays', () => {
    const both = two();
    both.customer.server('purchase', { transaction_id: 'order-1', value: 5 });
    both.anonymous.now = both.customer.now + MINUTE;
    both.anonymous.adds('pot');
    join(both);
    expect(both.customer.shopper.cart.lines.map(({ item_id }) => item_id)).toEqual(['pot']);
  });

  it('a report of the cart from before, by another browser', () => {
    const both = two();
    both.customer.page('view_cart', {}, { rev: 490, cart: { items: items('mug') } });
    both.customer.page('purchase', { transaction_id: 'order-1', value: 5 }, { rev: 500 });
    join(both);
    both.customer.page('view_cart', {}, { rev: 491, id: 'late-event-1', cart: { items: items('mug') } });
    expect(both.customer.shopper.cart.lines).toEqual([]);
  });

  it.each([
    ['marketing was denied', 'consent_update', { marketing: 'denied' }],
    ['nothing may disturb', 'preferences_update', { doNotDisturb: true }],
    ['countdowns are not wanted', 'preferences_update', { without: ['countdown'] }],
    ['pauses', 'preferences_update', { snooze: '1d' }],
  ] as const)('what sells, whoever of both has said so: %s', (_, name, params) => {
    for (const who of ['customer', 'anonymous'] as const) {
      const both = two();
      const other = who === 'customer' ? both.anonymous : both.customer;
      other.adds('mug');
      both[who].now = other.now + MINUTE;
      both[who].page(name, params);
      const { effects } = join(both);
      expect(both.customer.nudges).toEqual([]);
      expect(effects.some(({ kind }) => kind === 'push')).toBe(false);
    }
  });
});

it('a document has its bounds, however many are merged into it; a code that is good stays before those that are not', () => {
  const both = two();
  both.customer.adds('mug');
  const [good] = both.customer.shopper.coupons;
  for (let index = 0; index < 60; index++) {
    const anonymous = new Story(site, 10_000 + index * 100);
    anonymous.shopper = newShopper(ShopperId.parse(`a${index}`.padEnd(22, '-')), anonymous.now);
    const lines = Array.from({ length: 60 }, (_, line) => ({ item_id: `item-${index}-${line}`, price: 1 }));
    anonymous.page('view_cart', {}, { cart: { items: lines } });
    anonymous.adds('pot');
    for (const { digest, nudge } of anonymous.shopper.coupons)
      anonymous.input({ kind: 'redeem', digest, order: nudge });
    join({ customer: both.customer, anonymous });
  }
  const { cart, past, coupons, nudges, waited } = both.customer.shopper;
  expect([cart.lines.length, past.length <= 200, coupons.length, nudges.length <= 10, waited.length]).toEqual(
    [200, true, 20, true, 0],
  );
  expect(coupons).toContainEqual(good);
  expect(JSON.stringify(both.customer.shopper).length).toBeLessThan(100_000);
});

describe('an anonymous shopper who has departed', () => {
  it('is no longer decided upon, and keeps nothing once all has arrived', () => {
    const { anonymous } = two();
    anonymous.adds('mug');
    expect(anonymous.input({ kind: 'depart', to: CUSTOMER }).startsOver).toBe(true);
    const before = anonymous.shopper;
    expect(before.departed).toMatchObject({ to: CUSTOMER, isDone: false });
    expect(before.wakeAt).not.toBeNull();
    for (const input of [{ kind: 'clock' }, { kind: 'depart', to: SHOPPER }] satisfies Input[])
      expect(anonymous.input(input).shopper).toBe(before);
    anonymous.adds('pot');
    expect(anonymous.shopper).toBe(before);
    anonymous.input({ kind: 'departed' });
    expect(anonymous.shopper).toEqual({
      ...newShopper(SHOPPER, before.createdAt),
      seq: before.seq,
      coupons: before.coupons,
      departed: { to: CUSTOMER, at: before.departed?.at, isDone: true },
    });
  });

  it('goes out of the segments that they were in', () => {
    const { anonymous } = two();
    anonymous.shopper = { ...anonymous.shopper, segments: [SegmentId.parse('vip')] };
    anonymous.input({ kind: 'depart', to: CUSTOMER });
    const { left } = anonymous.input({ kind: 'departed' });
    expect([left, anonymous.shopper.segments]).toEqual([['vip'], []]);
  });
});

describe('a browser that is bound', () => {
  const proofOf = (digest: string, by: string, until = Number.MAX_SAFE_INTEGER) => ({
    digest,
    madeAt: 0,
    until,
    by,
    binding: `b-${digest}-${by}`,
  });
  const bind = (story: Story, proof: ReturnType<typeof proofOf>) =>
    story.input({ kind: 'identify', proof, rev: 0 }).answer;

  it('has its answer again as often as it asks, and no other browser has one by the same proof', () => {
    const { customer } = two();
    const first = bind(customer, proofOf('one', 'me'));
    expect(first).toMatchObject({ outcome: 'bound', binding: { id: 'b-one-me' } });
    expect(bind(customer, { ...proofOf('one', 'me'), binding: 'another' })).toEqual(first);
    expect(bind(customer, proofOf('one', 'eve'))).toMatchObject({ outcome: 'refused' });
  });

  it('is none once it was signed out, and its proof stays used', () => {
    const { customer } = two();
    for (const by of ['a', 'b', 'c']) bind(customer, proofOf(by, by));
    const { answer, startsOver } = customer.input({ kind: 'sign_out', binding: 'b-a-a' });
    expect([answer, startsOver]).toEqual([{ kind: 'sign_out', ended: 1 }, true]);
    expect(bind(customer, proofOf('a', 'a'))).toMatchObject({ outcome: 'refused' });
    expect(customer.input({ kind: 'sign_out' }).answer).toMatchObject({ ended: 2 });
    expect(customer.input({ kind: 'sign_out' })).toMatchObject({ answer: { ended: 0 }, startsOver: false });
    expect(customer.shopper.bindings).toEqual([]);
  });

  it('is bound by no proof from before somebody signed out, shown by whoever', () => {
    const { customer } = two();
    bind(customer, proofOf('one', 'me'));
    customer.input({ kind: 'sign_out' });
    expect(bind(customer, { ...proofOf('two', 'me'), madeAt: customer.now })).toMatchObject({
      outcome: 'refused',
    });
    expect(bind(customer, { ...proofOf('three', 'me'), madeAt: customer.now + 1 })).toMatchObject({
      outcome: 'bound',
    });
  });

  it('is bound by no token that was taken before all were signed out, though nobody was signed in', () => {
    const { customer } = two();
    customer.input({ kind: 'sign_out' });
    expect(bind(customer, { ...proofOf('taken', 'eve'), madeAt: customer.now })).toMatchObject({
      outcome: 'refused',
    });
  });

  it('is bound by no proof whose time is over, used or not', () => {
    const { customer } = two();
    expect(bind(customer, proofOf('one', 'me', customer.now + 1))).toMatchObject({ outcome: 'bound' });
    expect(bind(customer, proofOf('late', 'me', customer.now))).toMatchObject({ outcome: 'refused' });
    customer.now += 1;
    expect(bind(customer, proofOf('one', 'eve', customer.now))).toMatchObject({ outcome: 'refused' });
  });

  it('is one of fifty, and a hundred proofs at once are taken; used ones that are past make room', () => {
    const { customer } = two();
    for (let index = 0; index < 100; index++)
      expect(bind(customer, proofOf(`${index}`, 'me', customer.now + MINUTE))).toMatchObject({
        outcome: 'bound',
      });
    expect(bind(customer, proofOf('next', 'me'))).toMatchObject({ outcome: 'refused' });
    customer.wait(MINUTE);
    expect(bind(customer, proofOf('next', 'me'))).toMatchObject({ outcome: 'bound' });
    expect(customer.shopper.bindings).toHaveLength(50);
    expect(customer.shopper.bindings?.some(({ id }) => id === 'b-0-me')).toBe(false);
  });
});

it('what a page tells of whoever does not allow it leaves no trace, and rules hear nothing of it', () => {
  const story = new Story(liveSite([ruleOn('add_to_cart')], { settings: { analytics: 'required' } }));
  const before = story.shopper;
  const decision = story.adds('mug');
  expect(decision).toMatchObject({ isUnkept: true, reasons: [] });
  expect(story.shopper).toBe(before);
  story.page('consent_update', { analytics: 'granted', how: 'banner', text: '2026-11' });
  expect(story.shopper.consents.analytics).toMatchObject({
    word: 'granted',
    by: 'page',
    at: story.now,
    how: 'banner',
    text: '2026-11',
  });
  expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  story.page('consent_update', { analytics: 'denied' });
  const { cart } = story.shopper;
  story.adds('pot');
  expect(story.shopper.cart).toEqual(cart);
  story.server('purchase', { transaction_id: 'order-1', value: 5 });
  expect(story.shopper.orders.count).toBe(1);
});
