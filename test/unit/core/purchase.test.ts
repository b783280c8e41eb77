import { describe, expect, it } from 'vitest';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, Story } from '../support/story.ts';

const rules = [
  countdownOn('add_to_cart', { id: 'added' }),
  ruleOn('exit_intent', { id: 'leaving' }),
  ruleOn('purchase', { id: 'thanks' }),
];

describe('a purchase', () => {
  it('takes away every nudge about the cart, and nothing else', () => {
    const story = new Story(liveSite(rules));
    story.buys('order-0');
    const [thanks] = story.nudges;
    story.adds('mug');
    story.page('exit_intent');
    const aboutCart = story.nudges.filter(({ rule }) => rule !== 'thanks').map(({ id }) => id);
    expect(aboutCart).toHaveLength(2);

    const decision = story.wait(1_000).buys('order-1');
    const withdrawn = decision.effects.filter(({ kind }) => kind === 'withdraw');
    expect(withdrawn).toMatchObject(aboutCart.map((id) => ({ id, reason: 'purchased' })));
    expect(story.nudges).toEqual([thanks]);
  });

  it('says why each of them left, and whether it was seen', () => {
    const story = new Story(liveSite(rules));
    story.adds('mug');
    story.sees();
    story.page('exit_intent');
    expect(story.buys().ended).toMatchObject([
      { rule: 'added', why: 'purchased', displayed: true },
      { rule: 'leaving', why: 'purchased', displayed: false },
    ]);
  });

  it('empties the cart', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    expect(story.buys().steps).toEqual(['cart_purchased']);
    expect(story.shopper.cart).toMatchObject({ lines: [], value: 0, phase: 'none', startedAt: null });
  });

  it('of an abandoned cart recovers it', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    story.wait(3_600_000).page('page_view');
    expect(story.buys().steps).toEqual(['cart_recovered']);
  });

  it('a late add does not revive a bought cart', () => {
    const story = new Story(liveSite(rules));
    story.adds('mug');
    story.page('purchase', { transaction_id: 'order-1' }, { rev: 9 });
    const decision = story.page('add_to_cart', { items: items('pot') }, { rev: 8, id: 'page-late' });
    expect(decision.reasons).toMatchObject([{ by: 'late_event' }]);
    expect(story.shopper.cart.lines).toEqual([]);
  });

  it('a late report of it spares what the shopper added since', () => {
    const story = new Story(liveSite([]));
    story.page('add_to_cart', { items: items('mug') }, { rev: 1 });
    story.page('add_to_cart', { items: items('pot') }, { rev: 3 });
    const { steps } = story.page('purchase', { transaction_id: 'order-1' }, { rev: 2, id: 'page-late' });
    expect(steps).toEqual(['cart_purchased', 'cart_started']);
    expect(story.shopper.cart.lines).toMatchObject([{ item_id: 'pot', quantity: 1 }]);
  });

  it('counts once, whether page or server or both report it', () => {
    const story = new Story(liveSite(rules));
    const order = { transaction_id: 'order-1', value: 12.5 };
    expect(firedIn(story.page('purchase', order))).toEqual(['thanks']);
    expect(story.wait(600_000).server('purchase', order).reasons).toEqual([]);
    expect(story.shopper.orders).toMatchObject({ count: 1, spent: 12.5 });
  });

  it('adds up what was spent, from its items where it has no value', () => {
    const story = new Story(liveSite([]));
    story.page('purchase', { transaction_id: 'order-1', value: 0.1 });
    story.page('purchase', { transaction_id: 'order-2', value: 0.2 });
    story.page('purchase', { transaction_id: 'order-3', items: items('mug x3') });
    expect(story.shopper.orders).toMatchObject({ count: 3, spent: 30.3 });
  });
});

describe('what the shop’s server reports', () => {
  it('a purchase comes after all that the pages have said', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    expect(story.server('purchase', { transaction_id: 'order-1' }).steps).toEqual(['cart_purchased']);
  });

  it('a purchase empties the cart that the server itself filled', () => {
    const story = new Story(liveSite([]));
    story.server('view_cart', { items: items('mug') });
    story.server('purchase', { transaction_id: 'order-1' });
    expect(story.shopper.cart.lines).toEqual([]);
  });

  it('two additions in a row both count', () => {
    const story = new Story(liveSite([]));
    story.server('add_to_cart', { items: items('mug') });
    story.server('add_to_cart', { items: items('pot') });
    expect(story.shopper.cart.lines.map(({ item_id }) => item_id)).toEqual(['mug', 'pot']);
  });

  it('of two snapshots in a row the later one holds, whatever their ids', () => {
    const story = new Story(liveSite([]));
    story.server('view_cart', { items: items('mug') }, 'server-b');
    story.server('view_cart', { items: items('pot') }, 'server-a');
    expect(story.shopper.cart.lines.map(({ item_id }) => item_id)).toEqual(['pot']);
  });

  it('an order reported again leaves alone the cart that was begun since', () => {
    const story = new Story(liveSite(rules));
    story.adds('mug');
    story.buys('order-1');
    story.wait(60_000).adds('pot');
    const decision = story.server('purchase', { transaction_id: 'order-1' });
    expect(decision.steps).toEqual([]);
    expect(decision.ended).toEqual([]);
    expect(story.shopper.cart.lines.map(({ item_id }) => item_id)).toEqual(['pot']);
  });

  it('a place in the count that a server made up does not outrank the pages for good', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    const event = { id: 'server-1', name: 'purchase', at: 0, rev: 1_000_000 } as const;
    const params = { transaction_id: 'order-1', items: [] };
    story.input({ kind: 'event', source: 'server', event: { ...event, params } });
    story.adds('pot');
    expect(story.shopper.cart.lines.map(({ item_id }) => item_id)).toEqual(['pot']);
  });
});
