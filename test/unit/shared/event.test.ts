import { describe, expect, it } from 'vitest';
import { Events, ShopperEvent } from '../../../shared/event.ts';
import { Beacon, Redeem, ServerEvents } from '../../../shared/http-bodies.ts';
import { Claim, Track } from '../../../shared/page-messages.ts';
import { faultsIn, faultyPaths } from '../support/faults.ts';

const adding = {
  id: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
  name: 'add_to_cart',
  at: 1_795_000_000_000,
  rev: 17,
  params: { currency: 'EUR', value: 18.5, items: [{ item_id: 'mug', price: 18.5, quantity: 1 }] },
};
const times = (count: number) => Array.from({ length: count }, () => adding);
const withItem = (item: object) => ({ ...adding, params: { items: [{ item_id: 'mug', ...item }] } });
const nudged = { ...adding, name: 'nudge_dismissed' };

describe('an event is refused with the exact place', () => {
  it.each<[what: string, event: unknown, paths: string[]]>([
    ['a negative price', withItem({ price: -1 }), ['0.params.items.0.price']],
    ['a price that is a text', withItem({ price: '18.50' }), ['0.params.items.0.price']],
    ['a quantity of none', withItem({ quantity: 0 }), ['0.params.items.0.quantity']],
    ['half a piece', withItem({ quantity: 0.5 }), ['0.params.items.0.quantity']],
    ['an item without an id', withItem({ item_id: '' }), ['0.params.items.0.item_id']],
    [
      '201 items',
      { ...adding, params: { items: Array.from({ length: 201 }, () => ({ item_id: 'a' })) } },
      ['0.params.items'],
    ],
    [
      'a cart of 201 items',
      { ...adding, cart: { items: Array.from({ length: 201 }, () => ({ item_id: 'a' })) } },
      ['0.cart.items'],
    ],
    ['a cart without items', { ...adding, cart: {} }, ['0.cart.items']],
    ['a wrong currency', { ...adding, params: { currency: 'eur' } }, ['0.params.currency']],
    ['a negative value', { ...adding, params: { value: -0.01 } }, ['0.params.value']],
    ['a name that no event can have', { ...adding, name: 'add to basket' }, ['0.name']],
    ['no name', { ...adding, name: undefined }, ['0.name']],
    ['no params', { ...adding, params: undefined }, ['0.params']],
    ['an id too short', { ...adding, id: 'abc' }, ['0.id']],
    ['an id with spaces', { ...adding, id: 'abcd efgh' }, ['0.id']],
    ['a time before 1970', { ...adding, at: -1 }, ['0.at']],
    ['a rev below none', { ...adding, rev: -1 }, ['0.rev']],
    ['a rev past counting', { ...adding, rev: 2 ** 53 }, ['0.rev']],
    ['an order without its id', { ...adding, name: 'purchase' }, ['0.params.transaction_id']],
    [
      'more than the whole page',
      { ...adding, name: 'scroll', params: { percent_scrolled: 101 } },
      ['0.params.percent_scrolled'],
    ],
    [
      'time that ran backwards',
      { ...adding, name: 'user_engagement', params: { engagement_time_msec: -1 } },
      ['0.params.engagement_time_msec'],
    ],
    [
      'a fault that pages don’t find',
      { ...adding, name: 'capture_fault', params: { event: 'purchase', fault: 'no_price' } },
      ['0.params.fault'],
    ],
    ['a nudge without its id', { ...nudged, params: {} }, ['0.params.nudge']],
    [
      'a rating of its own',
      { ...nudged, params: { nudge: 'n_00000000', rating: 'meh' } },
      ['0.params.rating'],
    ],
    ['a text', 'add_to_cart', ['0']],
    ['nothing', null, ['0']],
  ])('%s', (_, event, paths) => expect(faultyPaths(Events, [event])).toEqual(paths));

  it('a name that no event can have is answered with what would do', () => {
    expect(faultsIn(Events, [{ ...adding, name: 'add-to-basket' }])).toEqual([
      '0.name: Unknown event "add-to-basket". Use GA4\'s e-commerce names, such as "add_to_cart".',
    ]);
  });

  it('too many at once, or none', () => {
    expect(faultsIn(Events, times(51))).toEqual([': At most 50 events at once.']);
    expect(faultyPaths(Events, [])).toEqual(['']);
    expect(faultyPaths(Events, times(50))).toEqual([]);
  });
});

describe('what is kept of an event', () => {
  it('all that is declared', () => expect(ShopperEvent.parse(adding)).toEqual(adding));

  it('nothing that is not', () => {
    const nosy = {
      ...adding,
      email: 'jo@example.com',
      params: { ...adding.params, user_id: 7, items: [{ item_id: 'mug', index: 3, affiliation: 'x' }] },
    };
    expect(ShopperEvent.parse(nosy)).toEqual({
      ...adding,
      params: { ...adding.params, items: [{ item_id: 'mug' }] },
    });
  });

  it.each([
    ['https://shop.example/search?q=my+illness', 'https://shop.example/search'],
    ['/cart#token=abc', '/cart'],
    ['/cart#a?b', '/cart'],
    ['?q=x', ''],
    ['/plain', '/plain'],
  ])('of the address %s only %j', (page_location, kept) => {
    const event = ShopperEvent.parse({ ...adding, name: 'page_view', params: { page_location } });
    expect(event.params).toEqual({ page_location: kept });
  });

  it('a visit needs no params, and items may be missing', () => {
    const { params: _, ...bare } = adding;
    expect(ShopperEvent.parse({ ...bare, name: 'page_view' }).params).toEqual({});
    expect(ShopperEvent.parse({ ...bare, params: {} }).params).toEqual({ items: [] });
  });
});

describe('what pages and servers send', () => {
  const shopper = 'AAAAAAAAAAAAAAAAAAAAAA';
  const claim = { nudge: 'n_00000000', tab: 'tab-aaaaaa', from: 'push' };
  it.each([
    ['a track', Track, { events: [adding, { ...adding, at: 'now' }] }, ['events.1.at']],
    ['a track without events', Track, {}, ['events']],
    ['a claim from elsewhere', Claim, { ...claim, from: 'mail' }, ['from']],
    ['a claim by no tab', Claim, { ...claim, tab: '' }, ['tab']],
    ['a claim of nothing', Claim, { ...claim, nudge: undefined }, ['nudge']],
    ['a beacon without a token', Beacon, { site: 'pk_demo', events: [adding] }, ['token']],
    ['events of nobody', ServerEvents, { shopper: 'jo', events: [adding] }, ['shopper']],
    ['events of somebody', ServerEvents, { shopper, events: [adding] }, []],
    ['a code for no order', Redeem, { orderId: '' }, ['orderId']],
  ])('%s', (_, schema, message, paths) => expect(faultyPaths(schema, message)).toEqual(paths));
});
