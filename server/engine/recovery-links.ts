import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ShopperId, SiteId } from '../../shared/ids.ts';

/** One cart of one shopper, and until when the link leads to it. */
const Recovered = z.object({
  site: SiteId,
  shopper: ShopperId,
  /** When the cart was begun: a shopper's carts are told apart by it. */
  startedAt: z.number(),
  /** Milliseconds since 1970 by the store's clock. */
  until: z.number(),
});
export type Recovered = z.infer<typeof Recovered>;

const MAC_BYTES = 16;

/**
 * Signs the way back to a cart, for messages outside the page. Whoever has the link sees what is in that cart as long as it is
 * there, and nothing else: it makes nobody the shopper.
 */
export class RecoveryLinks {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  sign({ site, shopper, startedAt, until }: Recovered): string {
    const payload = Buffer.from(JSON.stringify([site, shopper, startedAt, until])).toString('base64url');
    return `${payload}.${this.#mac(payload).toString('base64url')}`;
  }

  /** Null unless this hub signed it, whether or not it is over. */
  read(token: string): Recovered | null {
    const [payload = '', mac = ''] = token.split('.');
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#mac(payload);
    if (given.length !== MAC_BYTES || !timingSafeEqual(given, expected)) return null;
    const [site, shopper, startedAt, until] = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    ) as unknown[];
    return Recovered.parse({ site, shopper, startedAt, until });
  }

  #mac(payload: string): Buffer {
    return createHmac('sha256', this.#secret)
      .update(`recovery link\n${payload}`)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
