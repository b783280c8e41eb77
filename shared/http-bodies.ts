import { z } from 'zod';
import { Events } from './event.ts';
import { ShopperId } from './ids.ts';
import { Products } from './product.ts';

/** `POST /v1/track`: a page's last words. Sent as text/plain, so that no preflight delays it. */
export const Beacon = z.object({ site: z.string().max(100), token: z.string().max(200), events: Events });

/** `POST /v1/events`: what the shop's own server knows. */
export const ServerEvents = z.object({ shopper: ShopperId, events: Events });

/** `PUT /v1/products`: replaces the catalogue. */
export const ProductsBody = z.strictObject({ products: Products });

/** `POST /v1/coupons/:code/redeem`. */
export const Redeem = z.object({ orderId: z.string().min(1).max(100) });

export const HTTP_BODIES = { Beacon, ServerEvents, ProductsBody, Redeem } as const;
