import { z } from 'zod';
import { Scalar } from './custom-event.ts';
import { Events } from './event.ts';
import { ShopperId } from './ids.ts';
import { Products } from './product.ts';

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
export const Redeem = z.object({ orderId: z.string().min(1).max(100) });

export const HTTP_BODIES = { Beacon, ServerEvents, ProductsBody, Redeem } as const;
