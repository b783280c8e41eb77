import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShopperEvent } from '../../../shared/event.ts';
import { EVENT_NAMES } from '../../../shared/event-names.ts';
import { capture, captureCart } from '../../../widget/sensors/captured-events.ts';

const item = (given: object) => ({ items: [{ item_id: 'mug', ...given }] });
const mug = (given: object = {}) => ({ items: [{ item_id: 'mug', quantity: 1, ...given }] });

describe('a shop’s event in the hub’s terms', () => {
  it.each<[what: string, name: string, given: unknown, expected: object | null]>([
    ['as it should be', 'add_to_cart', item({ price: 18.5, quantity: 2 }), mug({ price: 18.5, quantity: 2 })],
    ['a price as text', 'add_to_cart', item({ price: '18.50' }), mug({ price: 18.5 })],
    ['a price that is none', 'add_to_cart', item({ price: 'free' }), mug()],
    ['a blank for a price', 'add_to_cart', item({ price: ' ' }), mug()],
    ['a price below nothing', 'add_to_cart', item({ price: -1 }), mug()],
    ['a price without end', 'add_to_cart', item({ price: Number.POSITIVE_INFINITY }), mug()],
    ['a quantity as text', 'add_to_cart', item({ quantity: '3' }), mug({ quantity: 3 })],
    ['a quantity that is none', 'add_to_cart', item({ quantity: 'many' }), mug()],
    ['half a piece more', 'add_to_cart', item({ quantity: 2.5 }), mug({ quantity: 2 })],
    ['far too many', 'add_to_cart', item({ quantity: 1e9 }), mug({ quantity: 10_000 })],
    ['a number for an id', 'add_to_cart', item({ item_id: 42 }), mug({ item_id: '42' })],
    [
      'a name where the id is missing',
      'add_to_cart',
      item({ item_id: undefined, item_name: 'Mug' }),
      mug({ item_id: 'Mug', item_name: 'Mug' }),
    ],
    [
      'neither id nor name',
      'add_to_cart',
      { items: [{ price: 5 }, null, 'mug', { item_id: 'pot' }] },
      mug({ item_id: 'pot' }),
    ],
    ['what nobody asked for', 'add_to_cart', item({ index: 3, user: 'jo' }), mug()],
    ['no items', 'add_to_cart', {}, { items: [] }],
    ['items that are no list', 'add_to_cart', { items: 'mug' }, { items: [] }],
    ['nothing at all', 'add_to_cart', undefined, { items: [] }],
    [
      'a currency in lower case',
      'view_cart',
      { currency: 'eur', value: '5' },
      { currency: 'EUR', value: 5, items: [] },
    ],
    ['a currency that is none', 'view_cart', { currency: '€' }, { items: [] }],
    ['an order', 'purchase', { transaction_id: 7, tax: '1.5' }, { transaction_id: '7', tax: 1.5, items: [] }],
    ['a search', 'search', { search_term: 'mugs' }, { search_term: 'mugs' }],
    [
      'a page’s address without what was typed',
      'page_view',
      { page_location: 'https://shop.example/s?q=me#top' },
      { page_location: 'https://shop.example/s' },
    ],
    ['a payment that failed', 'payment_failed', { method: 'card' }, { method: 'card' }],
    ['a name nobody knows', 'gtm.js', {}, null],
    ['a custom event', 'newsletter', {}, null],
    ['what only the widget may say', 'nudge_displayed', { nudge: 'n_00000000' }, null],
    ['a name that every object has', 'constructor', {}, null],
  ])('%s', (_, name, given, expected) => {
    expect(capture(name, given)).toEqual(expected && { name, params: expected });
  });

  it.each(['purchase', 'refund'])(
    'of a %s without an id the hub hears that there was one, and no more',
    (name) => {
      const fault = { event: name, fault: 'no_transaction_id' };
      for (const transaction_id of [undefined, '', null, {}]) {
        const seen = capture(name, { ...item({ price: 5 }), value: 5, transaction_id });
        expect(seen).toEqual({ name: 'capture_fault', params: fault });
        expect(faultsOf(seen)).toEqual([]);
      }
    },
  );

  it('of 500 items 200 are taken', () => {
    const given = { items: Array.from({ length: 500 }, (__, index) => ({ item_id: `item-${index}` })) };
    expect(capture('view_item_list', given)?.params).toMatchObject({
      items: { length: 200, 199: { item_id: 'item-199' } },
    });
  });

  it('an order’s id is cut to what the hub takes', () => {
    const seen = capture('purchase', { transaction_id: 'x'.repeat(150) });
    expect(faultsOf(seen)).toEqual([]);
  });
});

describe('a whole cart', () => {
  it.each([
    [
      { items: [{ item_id: 'mug' }], currency: 'eur' },
      { ...mug(), currency: 'EUR' },
    ],
    [{ items: [] }, { items: [] }],
    [{ items: 'mug' }, undefined],
    [{}, undefined],
    [null, undefined],
    ['cart', undefined],
  ])('%j', (given, expected) => expect(captureCart(given)).toEqual(expected));
});

function faultsOf(seen: ReturnType<typeof capture>): unknown[] {
  const { error } = ShopperEvent.safeParse({ ...seen, id: 'event-0001', at: 0, rev: 1 });
  return error?.issues ?? [];
}

it('whatever a page says, the hub takes what is captured of it', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.string({ minLength: 90, maxLength: 300 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('12.50', '', ' ', 'EUR', null, undefined),
  );
  const fields = ['item_id', 'item_name', 'item_variant', 'price', 'quantity', 'item_category'];
  const oddItem = fc.dictionary(fc.constantFrom(...fields), odd);
  const params = [
    'transaction_id',
    'value',
    'currency',
    'page_location',
    'search_term',
    'coupon',
    'tax',
    'method',
  ];
  const given = fc.tuple(
    fc.dictionary(fc.constantFrom(...params), odd),
    fc.oneof(fc.array(fc.oneof(oddItem, odd)), odd),
  );
  fc.assert(
    fc.property(fc.constantFrom(...EVENT_NAMES), given, (name, [rest, items]) => {
      const seen = capture(name, { ...rest, items });
      const cart = captureCart({ ...rest, items });
      if (seen) expect(faultsOf({ ...seen, ...(cart ? { cart } : {}) })).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
