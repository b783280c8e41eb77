import { describe, expect, it } from 'vitest';
import {
  type CartLedger,
  emptyLedger,
  linesIn,
  reconcile,
  reportOf,
} from '../../../server/core/cart-ledger.ts';
import { eventOf, type GivenCart, type GivenItem, type GivenName, items } from '../support/sample-event.ts';

interface Told {
  rev: number;
  name: GivenName;
  items?: GivenItem[];
  cart?: GivenCart;
  id?: string;
}

const adds = (rev: number, ...texts: string[]): Told => ({
  rev,
  name: 'add_to_cart',
  items: items(...texts),
});
const removes = (rev: number, ...texts: string[]): Told => ({
  rev,
  name: 'remove_from_cart',
  items: items(...texts),
});
const views = (rev: number, ...texts: string[]): Told => ({ rev, name: 'view_cart', items: items(...texts) });
const buys = (rev: number): Told => ({ rev, name: 'purchase', items: items('mug') });

function told(
  ledger: CartLedger,
  { rev, name, items: given = [], cart, id = `event-${rev}` }: Told,
): CartLedger {
  const event = eventOf({
    id: id.padEnd(8, '-'),
    name,
    params: { items: given, transaction_id: 't' },
    rev,
    ...(cart ? { cart } : {}),
  });
  return reconcile(ledger, { id: event.id, rev }, reportOf(event));
}

function contentAfter(history: readonly Told[]): string[] {
  const ledger = history.reduce(told, emptyLedger);
  return linesIn(ledger).map(
    ({ item_id, item_variant, quantity }) =>
      `${item_id}${item_variant ? `/${item_variant}` : ''} x${quantity}`,
  );
}

const variant = (rev: number, name: GivenName, item_variant: string): Told => ({
  rev,
  name,
  items: [{ item_id: 'mug', item_variant, price: 10 }],
});

describe('what a history leaves in the cart', () => {
  it.each<[what: string, history: Told[], expected: string[]]>([
    ['additions add up', [adds(1, 'mug'), adds(2, 'mug x2', 'pot')], ['mug x3', 'pot x1']],
    ['one addition may name an item twice', [adds(1, 'mug', 'mug x2')], ['mug x3']],
    ['a removal takes away', [adds(1, 'mug x3'), removes(2, 'mug')], ['mug x2']],
    [
      'a removal below zero leaves nothing',
      [adds(1, 'mug'), removes(2, 'mug x5'), adds(3, 'mug')],
      ['mug x1'],
    ],
    ['a removal of what is not there is nothing', [removes(1, 'pot'), adds(2, 'mug')], ['mug x1']],
    ['a snapshot beats the changes before it', [adds(1, 'mug'), views(2, 'pot')], ['pot x1']],
    [
      'a snapshot beats a change that comes later but was made before',
      [views(2, 'pot'), adds(1, 'mug')],
      ['pot x1'],
    ],
    ['a change after a snapshot is put on top', [adds(3, 'mug'), views(2, 'pot')], ['pot x1', 'mug x1']],
    ['an older snapshot changes nothing', [views(2, 'pot'), views(1, 'mug')], ['pot x1']],
    ['a purchase empties the cart', [adds(1, 'mug'), buys(2)], []],
    ['a late addition does not revive a bought cart', [buys(2), adds(1, 'mug')], []],
    ['a late snapshot does not revive a bought cart', [buys(2), views(1, 'mug')], []],
    ['what is added after a purchase stays', [adds(3, 'pot'), buys(2), adds(1, 'mug')], ['pot x1']],
    [
      'a purchase empties the cart whatever snapshot comes with it',
      [{ ...buys(1), cart: { items: items('mug') } }],
      [],
    ],
    [
      'any event may bring a snapshot',
      [adds(1, 'mug'), { rev: 2, name: 'page_view', cart: { items: items('pot x2') } }],
      ['pot x2'],
    ],
    [
      'a snapshot outweighs the addition it came with',
      [{ ...adds(1, 'mug'), cart: { items: items('mug x4') } }],
      ['mug x4'],
    ],
    ['a refund says nothing about the cart', [adds(1, 'mug'), { ...buys(2), name: 'refund' }], ['mug x1']],
    [
      'variants are lines of their own',
      [
        variant(1, 'add_to_cart', 'red'),
        variant(2, 'add_to_cart', 'blue'),
        variant(3, 'remove_from_cart', 'red'),
      ],
      ['mug/blue x1'],
    ],
    [
      'an item without a variant is another line',
      [adds(1, 'mug'), variant(2, 'add_to_cart', 'red')],
      ['mug x1', 'mug/red x1'],
    ],
    [
      'a second report of one event changes nothing',
      [adds(1, 'mug'), adds(1, 'mug'), removes(2, 'pot'), adds(1, 'mug')],
      ['mug x1'],
    ],
    [
      'two events that share a place both count',
      [adds(1, 'mug'), { ...adds(1, 'mug'), id: 'other' }],
      ['mug x2'],
    ],
  ])('%s', (_, history, expected) => {
    expect(contentAfter(history)).toEqual(expected);
  });
});

describe('prices', () => {
  const priced = (rev: number, price?: number): Told => ({
    rev,
    name: 'add_to_cart',
    items: [{ item_id: 'mug', ...(price === undefined ? {} : { price }) }],
  });
  it.each<[what: string, history: Told[], expected: number]>([
    ['the latest price counts', [priced(1, 10), priced(2, 12)], 12],
    ['an addition without a price keeps the known one', [priced(1, 10), priced(2)], 10],
    ['an item that never had a price is worth nothing', [priced(1)], 0],
  ])('%s', (_, history, expected) => {
    expect(linesIn(history.reduce(told, emptyLedger))[0]?.price).toBe(expected);
  });
});

describe('bounds', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => adds(index + 1, 'mug'));

  it('more than 50 changes behind one snapshot all count', () => {
    expect(contentAfter(many(120))).toEqual(['mug x120']);
  });

  it('no more than 50 changes are kept', () => {
    expect(many(120).reduce(told, emptyLedger).pending).toHaveLength(50);
  });

  it('a change older than the 50 kept ones is dropped', () => {
    expect(contentAfter([...many(120), { ...adds(60, 'pot'), id: 'late' }])).toEqual(['mug x120']);
  });

  it('a change among the 50 kept ones is put in its place', () => {
    expect(contentAfter([...many(120), { ...adds(100, 'pot'), id: 'late' }])).toEqual(['mug x120', 'pot x1']);
  });

  it('a cart has at most 200 lines', () => {
    const history = Array.from({ length: 210 }, (_, index) => adds(index + 1, `item-${index}`));
    expect(contentAfter(history)).toHaveLength(200);
  });

  it('a report that changes nothing gives back the same ledger', () => {
    const ledger = [views(5, 'mug'), adds(6, 'pot')].reduce(told, emptyLedger);
    for (const report of [
      adds(4, 'pot'),
      adds(6, 'pot'),
      views(5, 'mug'),
      { rev: 9, name: 'search' } as const,
    ])
      expect(told(ledger, report)).toBe(ledger);
  });
});
