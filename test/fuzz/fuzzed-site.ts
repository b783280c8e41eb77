import { rule, site } from '../support/sample-site.ts';

/** A shop whose own names are those that objects have anyway, and whose rules ask for much: what is fuzzed gets far in. */
export const fuzzedSite = site({
  settings: { holdoutPercent: 0, inspect: true, lowStock: 2 },
  events: [
    { name: 'constructor', params: { constructor: 'string', toString: 'number', hasOwnProperty: 'boolean' } },
    { name: 'quiz_finished', params: { score: 'number', grade: 'string' } },
  ],
  traits: { constructor: 'string', toString: 'number', tier: 'string', points: 'number' },
  segments: [
    { id: 'constructor', when: { 'shopper.traits.constructor': { $exists: true } } },
    { id: 'big', when: { 'cart.value': { $gte: 100 } } },
  ],
  products: [
    { item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, stock: 12, url: '/products/mug' },
    { item_id: '__proto__', item_name: 'A prototype', price: 3, stock: 2, url: '/products/proto' },
    { item_id: 'constructor', item_name: { en: 'A crane' }, price: 900, url: '/products/crane' },
  ],
  rules: [
    rule('constructor', {
      on: 'constructor',
      when: { 'event.params.constructor': { $exists: true }, 'shopper.traits.toString': { $exists: false } },
      nudge: {
        kind: 'toast',
        title: '{{event.params.constructor; else: none}} {{event.params.toString; else: none}}',
      },
    }),
    rule('quiz', {
      on: 'quiz_finished',
      when: { 'event.params.score': { $gte: 3 } },
      nudge: { kind: 'toast', title: '{{event.params.grade; else: well}} {{shopper.traits.tier; else: x}}' },
    }),
    rule('cart', {
      on: 'add_to_cart',
      when: {
        'cart.items': {
          $elemMatch: { price: { $gt: 1 }, $or: [{ item_id: 'mug' }, { quantity: { $gte: 2 } }] },
        },
      },
      nudge: {
        kind: 'countdown',
        title: { en: '{{cart.value}}', ko: '{{cart.quantity}}' },
        body: '{{cart.item; else: it}} {{offer.percentOff}}',
      },
      offer: { percentOff: 10, validFor: '15m', budget: { count: 500 } },
    }),
    rule('look', { on: 'view_item', nudge: { kind: 'recommendation', title: 'See' } }),
    rule('bought', { on: 'purchase', class: 'transactional' }),
    rule('page', { on: 'page_view', when: { 'session.device': 'mobile', 'time.hour': { $gte: 0 } } }),
    rule('called', { on: 'api' }),
    rule('idle', { on: 'cart_idle', after: '1s' }),
  ],
});
