import { rule } from '../support/sample-site.ts';
import { JsonTemplate } from './json-template.ts';
import { EVENTS, FRESH_ID, TOKEN } from './page-bodies.ts';

const SHOPPER = 'a-shopper-of-the-hub-0';

const draft = rule('fuzzed', {
  on: 'add_to_cart',
  when: {
    'cart.value': { $gte: 20, $not: { $in: [30, 40] } },
    $or: [{ 'shopper.orders': 0 }, { 'cart.items': { $count: { where: { item_id: 'mug' }, $gte: 1 } } }],
  },
  nudge: {
    kind: 'countdown',
    title: { en: 'Hello {{cart.value}}', ko: '안녕하세요' },
    body: '{{cart.quantity; one: # item; other: # items}}',
    cta: { label: 'Go', href: '/cart' },
  },
  offer: { percentOff: 10, validFor: '15m', minimum: 5, budget: { count: 3, amount: 50 }, marginFloor: 20 },
  steps: [
    {
      id: 'then',
      after: '1h',
      when: { 'cart.value': { $lt: 90 } },
      nudge: { kind: 'toast', title: 'Still?' },
      next: 'end',
    },
  ],
  until: ['purchase'],
  limit: { times: 1, per: '1d' },
  from: '2026-11-01T00:00:00Z',
  to: '2036-11-01T00:00:00+01:00',
  priority: 40,
  experiment: {
    id: 'which',
    arms: [{ id: 'a' }, { id: 'b', weight: 2, change: { nudge: { title: 'Hi', body: null }, limit: null } }],
  },
});

const product = {
  item_id: 'mug',
  item_name: { en: 'Mug', ko: '머그' },
  item_category: 'Kitchen',
  price: 18.5,
  stock: 3,
  cost: 6,
  url: '/p/mug',
  image: '/img/mug.svg',
};

/** A body that is taken, by the address it is for. */
const BODIES: Readonly<Record<string, readonly [JsonTemplate, ...JsonTemplate[]]>> = {
  '/v1/track': [
    new JsonTemplate({ site: 'pk_test', token: TOKEN, events: EVENTS.slice(0, 3) }),
    new JsonTemplate({ site: 'pk_test', token: TOKEN, events: EVENTS.slice(3) }),
  ],
  '/v1/events': [
    new JsonTemplate({
      shopper: SHOPPER,
      traits: { constructor: 'x', toString: 1, tier: null },
      events: EVENTS.slice(0, 4),
    }),
    new JsonTemplate({ shopper: SHOPPER, events: EVENTS.slice(10) }),
  ],
  '/v1/products': [new JsonTemplate({ products: [product, { ...product, item_id: 'bowl' }] })],
  '/v1/segments': [
    new JsonTemplate({ segments: ['vip', { id: 'constructor', when: { 'cart.value': { $gte: 5 } } }] }),
  ],
  '/v1/paused': [new JsonTemplate({ paused: false })],
  '/v1/rules/:id': [new JsonTemplate(draft)],
  '/v1/rules/:id/rollback': [new JsonTemplate({ version: 1 })],
  '/v1/rules/:id/backtest': [new JsonTemplate({ rule: draft, displays: 'all' })],
  '/v1/nudges': [
    new JsonTemplate({ rule: 'called', shopper: SHOPPER }),
    new JsonTemplate({ rule: 'called', segment: 'big' }),
  ],
  '/v1/coupons/:code/release': [new JsonTemplate({ orderId: FRESH_ID })],
  '/v1/webhooks': [new JsonTemplate({ url: 'https://shop.example/hook', types: ['cart.abandoned'] })],
  '/v1/webhooks/:id': [new JsonTemplate({ url: 'https://shop.example/hook' })],
  '/v1/coupons/:code/redeem': [new JsonTemplate({ orderId: FRESH_ID, value: 30 })],
};

/** For an address that is new, and for those that read no body. */
const ANY: readonly [JsonTemplate, ...JsonTemplate[]] = [
  new JsonTemplate({ id: FRESH_ID, name: 'x', values: [1, { a: 'b' }] }),
];

export function bodiesFor(path: string): readonly [JsonTemplate, ...JsonTemplate[]] {
  return BODIES[path] ?? ANY;
}
