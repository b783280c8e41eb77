import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ShopperId, type SiteId } from '../../shared/ids.ts';

/** Whom a token names. `binding`: the browser that it was given to, of a shopper who is known by name; null: an anonymous one. */
export interface Named {
  readonly shopper: ShopperId;
  readonly binding: string | null;
}

const ID_BYTES = 16;
const BINDING_BYTES = 12;

/**
 * Names of shoppers: 128 bits, random for anonymous ones, and of the shop's own word for others. A token is signed for one site with
 * the installation's secret: it proves that this hub gave out that id, and to which browser; nobody can make one for another's.
 */
export class Tokens {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  mint(): ShopperId {
    return ShopperId.parse(randomBytes(ID_BYTES).toString('base64url'));
  }

  newBinding(): string {
    return randomBytes(BINDING_BYTES).toString('base64url');
  }

  /** The id of whom the shop calls `subject`, the same wherever they sign in. `life`: how often they were erased. */
  idOf(site: SiteId, subject: string, life: number): ShopperId {
    const mac = this.#mac(`subject\n${site}\n${life}\n${subject}`);
    return ShopperId.parse(mac.subarray(0, ID_BYTES).toString('base64url'));
  }

  sign(site: SiteId, shopper: ShopperId, binding: string | null = null): string {
    const named = binding === null ? `cb1.${shopper}` : `cb2.${shopper}.${binding}`;
    const claim = binding === null ? `${site}\n${shopper}` : `binding\n${site}\n${shopper}\n${binding}`;
    return `${named}.${this.#mac(claim).toString('base64url')}`;
  }

  /** Null unless this hub made it for this site. */
  verify(site: SiteId, token: string): Named | null {
    const [kind, id, third] = token.split('.');
    const shopper = ShopperId.safeParse(id);
    if (!shopper.success) return null;
    const binding = kind === 'cb2' ? (third ?? '') : null;
    const given = Buffer.from(token);
    const expected = Buffer.from(this.sign(site, shopper.data, binding));
    const isGood = given.length === expected.length && timingSafeEqual(given, expected);
    return isGood ? { shopper: shopper.data, binding } : null;
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#secret).update(text).digest();
  }
}
