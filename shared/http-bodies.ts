import { z } from 'zod';
import { Scalar } from './custom-event.ts';
import { Events } from './event.ts';
import { RuleId, SegmentId, ShopperId } from './ids.ts';
import { Amount } from './money.ts';
import { Products } from './product.ts';
import { Segments } from './segment.ts';

/** `POST /v1/track`: a page's last words. Sent as text/plain, so that no preflight delays it. */
export const Beacon = z.object({ site: z.string().max(100), token: z.string().max(200), events: Events });

/** `POST /v1/events`: what the shop's own server knows. A trait that is null is forgotten. */
export const ServerEvents = z
  .object({
    shopper: ShopperId,
    traits: z.record(z.string().max(40), Scalar.nullable()).optional(),
    events: Events.optional(),
  })
  .refine(({ traits, events }) => traits !== undefined || events !== undefined, {
    error: 'Give events, traits or both.',
    path: ['events'],
  });

/** `PUT /v1/products`: replaces the catalogue. */
export const ProductsBody = z.strictObject({ products: Products });

/** `POST /v1/coupons/:code/redeem`. */
export const Redeem = z.object({
  orderId: z.string().min(1).max(100),
  /** What the order is worth, for codes that have a minimum. */
  value: Amount.optional(),
});

/** `POST /v1/nudges`: fires a rule on `api` for one shopper, or for all in a segment. */
export const CallBody = z
  .strictObject({ rule: RuleId, shopper: ShopperId.optional(), segment: SegmentId.optional() })
  .refine(({ shopper, segment }) => (shopper === undefined) !== (segment === undefined), {
    error: 'Name a shopper or a segment.',
    path: ['shopper'],
  });

/** `PUT /v1/segments`: all of them. */
export const SegmentsBody = z.strictObject({ segments: Segments });

/** `PUT /v1/paused`: the switch for everything. */
export const PausedBody = z.strictObject({ paused: z.boolean() });

const Version = z.coerce.number().int().min(1);

/** `GET /v1/rules/:id/diff?from=…&to=…`, versions of the site. */
export const Between = z.object({ from: Version, to: Version });

/** `POST /v1/rules/:id/rollback`. */
export const Rollback = z.strictObject({ version: Version });

/** `POST /v1/rules/:id/backtest`. Without a rule the stored one is tried. */
export const BacktestBody = z.strictObject({
  rule: z.record(z.string(), z.unknown()).optional(),
  displays: z.enum(['all', 'logged']).optional(),
});

export const HTTP_BODIES = {
  Beacon,
  ServerEvents,
  ProductsBody,
  CallBody,
  SegmentsBody,
  PausedBody,
  Rollback,
  BacktestBody,
  Redeem,
} as const;
