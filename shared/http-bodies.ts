import { z } from 'zod';
import { Scalar } from './custom-event.ts';
import { Duration, durationMs } from './duration.ts';
import { Events } from './event.ts';
import { RuleId, SegmentId, ShopperId } from './ids.ts';
import { Amount } from './money.ts';
import { Products } from './product.ts';
import { Segments } from './segment.ts';
import { WebhookBody } from './webhook.ts';

const LONGEST_LINK_MS = 30 * 86_400_000;

/** `POST /v1/track`: a page's last words. Sent as text/plain, so that no preflight delays it. */
export const Beacon = z.object({
  site: z.string().max(100),
  token: z.string().max(200),
  events: Events,
  /** As in `Track`. */
  sentAt: z.number().int().min(0).max(8.64e15).optional(),
});

/** `POST /v1/shoppers/sign-out`: a browser speaks for a shopper no longer. Sent as `Beacon` is. */
export const SignOut = Beacon.omit({ events: true, sentAt: true });

/** What it has to tell before that; whatever is wrong with it, nobody stays signed in by it. */
export const LastWords = Beacon.pick({ events: true, sentAt: true });

/** `POST /v1/identities`: whom the shop calls so; its `sub` in the tokens that it signs. */
export const IdentityBody = z.strictObject({ subject: z.string().min(1).max(200) });

/** `POST /v1/recovery-links`: a way back to the shopper's cart as it is now. */
export const RecoveryBody = z.strictObject({
  shopper: ShopperId,
  validFor: Duration.refine(
    (text) => durationMs(text) <= LONGEST_LINK_MS,
    'A link is good for 30 days at most.',
  ).default('7d'),
});

/** `POST /v1/events`: what the shop's own server knows. A trait that is null is forgotten. */
export const ServerEvents = z
  .object({
    shopper: ShopperId,
    traits: z.record(z.string().max(40), Scalar.nullable()).optional(),
    /** Where the shop may write to them. Kept sealed; null takes it back. */
    contact: z
      .strictObject({
        email: z.email().max(254).nullable().optional(),
        /** As E.164 has it. */
        phone: z
          .string()
          .regex(/^\+[1-9]\d{6,14}$/, 'A number is like "+821012345678".')
          .nullable()
          .optional(),
      })
      .optional(),
    events: Events.optional(),
  })
  .refine((given) => given.traits ?? given.events ?? given.contact, {
    error: 'Give events, traits or a contact.',
    path: ['events'],
  });

/** `PUT /v1/products`: replaces the catalogue. */
export const ProductsBody = z.strictObject({ products: Products });

/** `POST /v1/coupons/:code/redeem`. */
export const Redeem = z.object({
  orderId: z.string().min(1).max(100),
  /** What the order is worth, for codes that have a minimum. */
  value: Amount.optional(),
  /** Who typed it, as the shop tells people apart: an address, a session. Whoever guesses is stopped by it. */
  client: z.string().min(1).max(100).optional(),
});

/** `POST /v1/coupons/:code/release`: the order that has spent it is off. */
export const Release = Redeem.omit({ value: true });

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
  SignOut,
  IdentityBody,
  RecoveryBody,
  ServerEvents,
  ProductsBody,
  CallBody,
  SegmentsBody,
  PausedBody,
  Rollback,
  BacktestBody,
  Release,
  Redeem,
  WebhookBody,
} as const;
