import { createHash } from 'node:crypto';
import type { CartStep } from '../core/cart.ts';
import type { LogRecord } from '../store/log-record.ts';
import type { WebhookType } from '../../shared/webhook.ts';

/** One thing that happened, as every endpoint is told of it. */
export interface Message {
  /** The same however often the log is read. */
  readonly id: string;
  readonly type: WebhookType;
  readonly at: number;
  /** The very text that is signed. */
  readonly body: string;
}

type Told = readonly [type: WebhookType, data: Readonly<Record<string, unknown>>];

const STEPS: Partial<Record<CartStep, WebhookType>> = {
  cart_abandoned: 'cart.abandoned',
  cart_returned: 'cart.returned',
  cart_recovered: 'cart.recovered',
  cart_purchased: 'cart.purchased',
};

/**
 * What a record of the log has to tell. No code of a coupon is told, no token, and nothing that a shopper may have typed: who gets
 * a message may be anybody whom an owner trusts with numbers.
 */
export function messagesOf(record: LogRecord): Message[] {
  const told = [...ofCart(record), ...ofNudges(record), ...ofEvent(record), ...ofSegments(record)];
  if (told.length === 0) return [];
  const { at, site, shopper, seed, input } = record;
  const identity = JSON.stringify([at, site, shopper, seed, input]);
  return told.map(([type, data], index) => ({
    id: idOf(identity, type, index),
    type,
    at,
    body: bodyOf(type, at, { shopper, ...data }),
  }));
}

export function bodyOf(type: string, at: number, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
}

function ofCart({ steps = [] }: LogRecord): Told[] {
  return steps.flatMap((step): Told[] => {
    const type = STEPS[step];
    return type === undefined ? [] : [[type, {}]];
  });
}

function ofNudges({ input, reasons = [], ended = [], redeemed = [] }: LogRecord): Told[] {
  const decided = reasons.flatMap((reason): Told[] => {
    if (reason.result !== 'fired') return [];
    const { nudge, rule, arm } = reason;
    return [['nudge.decided', { nudge, rule, ...(arm === undefined ? {} : { arm }) }]];
  });
  const over = ended.map(({ nudge, rule, why, displayed }): Told => [
    'nudge.ended',
    { nudge, rule, why, displayed },
  ]);
  const order = input.kind === 'redeem' ? { order: input.order } : {};
  return [...decided, ...over, ...redeemed.map((nudge): Told => ['coupon.redeemed', { nudge, ...order }])];
}

function ofEvent({ input }: LogRecord): Told[] {
  if (input.kind !== 'event') return [];
  const { event, source } = input;
  switch (event.name) {
    case 'nudge_displayed':
      return [['nudge.displayed', { nudge: event.params.nudge }]];
    case 'nudge_clicked':
      return [['nudge.clicked', { nudge: event.params.nudge }]];
    case 'nudge_dismissed':
      return [['nudge.dismissed', { nudge: event.params.nudge }]];
    case 'purchase':
    case 'refund': {
      const { transaction_id: order, value, currency } = event.params;
      const worth = {
        ...(value === undefined ? {} : { value }),
        ...(currency === undefined ? {} : { currency }),
      };
      return [[event.name === 'purchase' ? 'order.reported' : 'order.refunded', { order, ...worth, source }]];
    }
    default:
      return [];
  }
}

function ofSegments({ entered = [], left = [] }: LogRecord): Told[] {
  return [
    ...entered.map((segment): Told => ['segment.entered', { segment }]),
    ...left.map((segment): Told => ['segment.left', { segment }]),
  ];
}

function idOf(identity: string, type: string, index: number): string {
  const hash = createHash('sha256').update(`${identity}\n${type}\n${index}`).digest('base64url');
  return `msg_${hash.slice(0, 32)}`;
}
