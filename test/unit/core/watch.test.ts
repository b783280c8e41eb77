import { describe, expect, it } from 'vitest';
import type { Product } from '../../../shared/product.ts';
import { items } from '../support/sample-event.ts';
import { type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, pushedBy, Story } from '../support/story.ts';

type Given = Record<string, Partial<Product>>;

/** What the shop has, twenty of each at ten unless told. */
function stocked(story: Story, given: Given): Story {
  const products = Object.entries(given).map(([item_id, more]): [string, Product] => [
    item_id,
    { item_id, item_name: `A ${item_id}`, price: 10, stock: 20, url: `/products/${item_id}`, ...more },
  ]);
  story.live = { ...story.live, site: { ...story.live.site, products: new Map(products) } };
  return story;
}

const shopperOf = (...rules: GivenRule[]) =>
  stocked(new Story(liveSite(rules)), { mug: {}, pot: {}, tray: {} });
const dropped = ruleOn('price_dropped', {
  nudge: {
    kind: 'toast',
    title: '{{change.item}}: {{change.previousPrice}} → {{change.price}}',
    body: '{{change.stock; else: Many}} left',
  },
});

describe('a change of price', () => {
  it('of an item in the cart is told once, with what it was', () => {
    const story = shopperOf(dropped);
    story.adds('mug');
    const decision = stocked(story, { mug: { price: 8 } }).clock();
    expect(pushedBy(decision)).toMatchObject({ title: 'A mug: €10.00 → €8.00', body: '20 left' });
    expect(story.clock().reasons).toEqual([]);
  });

  it('of an item that was viewed is told too; of any other it is not', () => {
    const story = shopperOf(dropped);
    story.page('view_item', { items: items('pot') });
    expect(stocked(story, { mug: { price: 8 }, pot: {} }).clock().reasons).toEqual([]);
    expect(firedIn(stocked(story, { pot: { price: 9 } }).clock())).toHaveLength(1);
  });

  it('is noticed by whoever comes back, at the first thing that they do', () => {
    const story = shopperOf(dropped);
    story.adds('mug');
    stocked(story, { mug: { price: 8 } }).wait(7 * 86_400_000);
    expect(firedIn(story.page('page_view'))).toEqual(['on-price-dropped']);
  });

  it('up is another trigger than down', () => {
    const story = shopperOf(dropped, ruleOn('price_raised'));
    story.adds('mug');
    expect(firedIn(stocked(story, { mug: { price: 12 } }).clock())).toEqual(['on-price-raised']);
  });

  it('may be asked about: how large, of what, and whether it is in the cart', () => {
    const when = {
      'change.percent': { $gte: 20 },
      'change.inCart': true,
      'change.previousPrice': { $gt: 5 },
    };
    const story = shopperOf(ruleOn('price_dropped', { when }));
    story.adds('mug');
    const small = stocked(story, { mug: { price: 8.5 } }).clock();
    expect(heldBy(small, 'on-price-dropped')).toMatchObject({ path: 'change.percent', actual: 15 });
    expect(firedIn(stocked(story, { mug: { price: 6.8 } }).clock())).toHaveLength(1);
  });

  it('of several items is told of the one in the cart', () => {
    const story = shopperOf(dropped);
    story.adds('mug');
    story.page('view_item', { items: items('pot') });
    expect(pushedBy(stocked(story, { mug: { price: 9 }, pot: { price: 2 } }).clock()).title).toMatch(
      /^A mug/,
    );
  });

  it('is no news about an item that the shopper meets at that price', () => {
    const story = shopperOf(dropped);
    stocked(story, { mug: { price: 3 } });
    expect(firedIn(story.adds('mug'))).toEqual([]);
  });
});

describe('a change of stock', () => {
  const [low, back] = [ruleOn('low_stock'), ruleOn('back_in_stock')];

  it.each<[what: string, from: number | undefined, to: number | undefined, fires: string[]]>([
    ['comes to five', 6, 5, ['on-low-stock']],
    ['stays low', 5, 4, []],
    ['runs out', 2, 0, []],
    ['comes back', 0, 9, ['on-back-in-stock']],
    ['comes back and is low', 0, 2, ['on-back-in-stock']],
    ['comes back uncounted', 0, undefined, ['on-back-in-stock']],
    ['is counted from now on, and low', undefined, 3, ['on-low-stock']],
    ['grows', 7, 30, []],
  ])('%s', (_, from, to, fires) => {
    const story = shopperOf(low, back);
    const has = (stock: number | undefined) => {
      const { stock: __, ...uncounted } = { stock: 0, price: 10 };
      return stocked(story, { mug: stock === undefined ? uncounted : { stock } });
    };
    const given = (stock: number | undefined) => {
      has(stock);
      if (stock !== undefined) return;
      const bare = new Map(
        [...story.live.site.products].map(([id, { stock: _stock, ...rest }]) => [id, rest]),
      );
      story.live = { ...story.live, site: { ...story.live.site, products: bare } };
    };
    given(from);
    story.adds('mug');
    story.wait(3_600_000).clock();
    given(to);
    expect(firedIn(story.clock())).toEqual(fires);
  });

  it('an item that is low when the shopper first meets it is told of: these are the last', () => {
    const story = shopperOf(low);
    stocked(story, { mug: { stock: 3 } });
    expect(firedIn(story.adds('mug'))).toEqual(['on-low-stock']);
    expect(firedIn(story.adds('mug'))).toEqual([]);
  });

  it('the owner says what is low', () => {
    const story = stocked(new Story(liveSite([low], { settings: { lowStock: 15 } })), { mug: { stock: 15 } });
    expect(firedIn(story.adds('mug'))).toEqual(['on-low-stock']);
  });
});

it('of each shopper at most 20 items are watched, those in the cart before those that were viewed', () => {
  const names = Array.from({ length: 30 }, (_, index) => `item-${index}`);
  const story = shopperOf(dropped);
  stocked(story, Object.fromEntries(names.map((name) => [name, {}])));
  story.adds('item-0');
  for (const name of names) story.page('view_item', { items: items(name) });
  expect(story.shopper.watched).toHaveLength(20);
  expect(story.shopper.watched[0]?.item_id).toBe('item-0');
  expect(story.shopper.watched.at(-1)?.item_id).toBe('item-11');
});

it('nothing is watched where no rule asks', () => {
  const story = shopperOf(dropped);
  story.adds('mug');
  expect(story.shopper.watched).toHaveLength(1);
  story.live = liveSite([]);
  story.page('page_view');
  expect(story.shopper.watched).toEqual([]);
});

describe('a rule that the shop’s server calls for', () => {
  it('answers with what became of it', () => {
    const story = new Story(liveSite([ruleOn('api', { when: { 'cart.quantity': { $gte: 1 } } })]));
    expect(story.calls('on-api').answer).toMatchObject({
      kind: 'call',
      reason: { result: 'held', by: 'condition' },
    });
    story.adds('mug');
    expect(story.calls('on-api').answer).toMatchObject({ kind: 'call', reason: { result: 'fired' } });
    expect(story.calls('on-other').answer).toEqual({ kind: 'call', reason: null });
  });

  it('for a segment means those in it as of now, though their segment is newer than their last step', () => {
    const story = new Story(liveSite([ruleOn('api')]));
    story.adds('mug x10');
    story.live = liveSite([ruleOn('api')], { segments: ['high-cart-value'] });
    expect(story.calls('on-api', 'high-cart-value').answer).toMatchObject({ reason: { result: 'fired' } });
  });

  it('for a segment means those in it', () => {
    const story = new Story(liveSite([ruleOn('api')], { segments: ['high-cart-value', 'vip'] }));
    story.adds('mug x10');
    expect(story.calls('on-api', 'vip').answer).toEqual({ kind: 'call', reason: null });
    expect(story.calls('on-api', 'high-cart-value').answer).toMatchObject({ reason: { result: 'fired' } });
  });
});
