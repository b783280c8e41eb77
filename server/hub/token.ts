import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ShopperId, type SiteId } from '../../shared/ids.ts';

/**
 * Names of anonymous shoppers: 128 random bits, signed for one site with the installation's secret. A token proves that
 * this hub gave out that id; nobody can make one for another's.
 */
export class Tokens {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  mint(): ShopperId {
    return ShopperId.parse(randomBytes(16).toString('base64url'));
  }

  sign(site: SiteId, shopper: ShopperId): string {
    return `cb1.${shopper}.${this.#mac(site, shopper).toString('base64url')}`;
  }

  /** The shopper that the token names; null unless this hub made it for this site. */
  verify(site: SiteId, token: string): ShopperId | null {
    const shopper = ShopperId.safeParse(token.split('.')[1]);
    if (!shopper.success) return null;
    const given = Buffer.from(token);
    const expected = Buffer.from(this.sign(site, shopper.data));
    return given.length === expected.length && timingSafeEqual(given, expected) ? shopper.data : null;
  }

  #mac(site: SiteId, shopper: ShopperId): Buffer {
    return createHmac('sha256', this.#secret).update(`${site}\n${shopper}`).digest();
  }
}
