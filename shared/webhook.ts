import { z } from 'zod';

/** What a webhook tells of; `docs/webhooks.md` says what comes with each. */
export const WEBHOOK_TYPES = [
  'cart.abandoned',
  'cart.returned',
  'cart.recovered',
  'cart.purchased',
  'nudge.decided',
  'nudge.displayed',
  'nudge.clicked',
  'nudge.dismissed',
  'nudge.ended',
  'coupon.redeemed',
  'order.reported',
  'order.refunded',
  'segment.entered',
  'segment.left',
] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

export const MAX_WEBHOOKS = 10;

/** `POST /v1/webhooks`, `PUT /v1/webhooks/:id`. */
export const WebhookBody = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Absent: all there are, those of later versions included. */
  types: z
    .array(z.enum(WEBHOOK_TYPES))
    .min(1)
    .max(WEBHOOK_TYPES.length)
    .transform((types) => [...new Set(types)])
    .optional(),
  description: z.string().max(200).optional(),
});
export type WebhookBody = z.infer<typeof WebhookBody>;
