import { codeDigest } from '../../../server/core/code-digest.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { expect } from 'vitest';
import { ShopperId, SiteId } from '../../../shared/ids.ts';
import { eventOf, items } from '../support/sample-event.ts';

const AT = Date.UTC(2026, 10, 27, 8, 30);
export const shopper = ShopperId.parse('jo'.padEnd(22, '-'));

export const record = (more: Partial<LogRecord>): LogRecord => ({
  at: AT,
  site: SiteId.parse('test'),
  shopper,
  version: 3,
  seed: [1, 2, 3, 4],
  input: { kind: 'clock' },
  ...more,
});

const event = (name: string, params: object, source: 'page' | 'server' = 'page'): LogRecord =>
  record({ input: { kind: 'event', source, event: eventOf({ id: 'event-00001', name, params }) } });

const nudge = 'nudge-00001';
const order = { transaction_id: 'o-1', value: 18.5, currency: 'EUR', items: items('mug') };
const SECRET_CODE = 'SAVE-7KQ2';

/** A record, and what is told of it. */
export const CASES: readonly (readonly [LogRecord, readonly unknown[]])[] = [
  [record({ steps: ['cart_abandoned'] }), [['cart.abandoned', { shopper }]]],
  [record({ steps: ['cart_returned'] }), [['cart.returned', { shopper }]]],
  [record({ steps: ['cart_recovered'] }), [['cart.recovered', { shopper }]]],
  [record({ steps: ['cart_purchased', 'cart_started'] }), [['cart.purchased', { shopper }]]],
  [record({ steps: ['cart_started', 'cart_idle', 'cart_emptied'] }), []],
  [
    record({
      reasons: [
        { rule: 'idle', result: 'fired', nudge, arm: 'b', propensity: 0.5 },
        { rule: 'other', result: 'held', by: 'consent' },
      ],
    }),
    [['nudge.decided', { shopper, nudge, rule: 'idle', arm: 'b' }]],
  ],
  [
    record({ ended: [{ nudge, rule: 'idle', why: 'expired', displayed: false }] }),
    [['nudge.ended', { shopper, nudge, rule: 'idle', why: 'expired', displayed: false }]],
  ],
  [event('nudge_displayed', { nudge }), [['nudge.displayed', { shopper, nudge }]]],
  [event('nudge_clicked', { nudge }), [['nudge.clicked', { shopper, nudge }]]],
  [event('nudge_dismissed', { nudge }), [['nudge.dismissed', { shopper, nudge }]]],
  [
    record({
      input: { kind: 'redeem', digest: codeDigest(SECRET_CODE), order: 'o-1', value: 20 },
      redeemed: [nudge],
    }),
    [['coupon.redeemed', { shopper, nudge, order: 'o-1' }]],
  ],
  [record({ input: { kind: 'redeem', digest: codeDigest(SECRET_CODE), order: 'o-1' } }), []],
  [
    event('purchase', { ...order, coupon: SECRET_CODE }, 'server'),
    [['order.reported', { shopper, order: 'o-1', value: 18.5, currency: 'EUR', source: 'server' }]],
  ],
  [
    event('purchase', { transaction_id: 'o-1', items: [] }),
    [['order.reported', { shopper, order: 'o-1', source: 'page' }]],
  ],
  [event('refund', order, 'server'), [['order.refunded', expect.objectContaining({ order: 'o-1' })]]],
  [record({ entered: ['vip'] }), [['segment.entered', { shopper, segment: 'vip' }]]],
  [record({ left: ['new'] }), [['segment.left', { shopper, segment: 'new' }]]],
  [event('search', { search_term: 'my secret wish', page_title: 'A wish' }), []],
  [event('add_to_cart', { items: items('mug') }), []],
  [record({ input: { kind: 'traits', traits: { name: 'Jo' } } }), []],
];
