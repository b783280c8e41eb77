import { z } from 'zod';
import { Conditions } from './conditions.ts';
import { didYouMean } from './did-you-mean.ts';
import { SegmentId } from './ids.ts';

/** A named set of shoppers: all who meet the conditions, at any moment. */
export interface Segment {
  readonly id: string;
  readonly when: Record<string, unknown>;
}

/** Definitions to begin with. Name one to use it as it is; write your own under its id to change it. */
export const READY_MADE: readonly Segment[] = [
  { id: 'first-time', when: { 'shopper.visits': 1, 'shopper.orders': 0 } },
  { id: 'first-order', when: { 'shopper.orders': 1 } },
  { id: 'loyal', when: { 'shopper.orders': { $gte: 3 }, 'shopper.lastOrder': { $lt: '180d' } } },
  { id: 'dormant', when: { 'shopper.orders': { $gte: 1 }, 'shopper.lastSeen': { $gte: '60d' } } },
  { id: 'vip', when: { 'shopper.orders': { $gte: 3 }, 'shopper.spent': { $gte: 500 } } },
  { id: 'high-cart-value', when: { 'cart.value': { $gte: 100 } } },
  { id: 'price-sensitive', when: { 'shopper.redeemed': { $gte: 2 } } },
];

export const MAX_SEGMENTS = 50;

const Definition = z.preprocess(
  (given) => READY_MADE.find(({ id }) => id === given) ?? given,
  z.strictObject({ id: SegmentId, when: Conditions }, { error: ({ input }) => notReadyMade(input) }),
);

function notReadyMade(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const hint = didYouMean(
    input,
    READY_MADE.map(({ id }) => id),
  );
  return `There is no ready-made segment "${input.slice(0, 40)}".${hint}`;
}

export const Segments = z
  .array(Definition)
  .max(MAX_SEGMENTS, `At most ${MAX_SEGMENTS} segments.`)
  .refine(
    (segments) => new Set(segments.map(({ id }) => id)).size === segments.length,
    'An id is used twice.',
  );
