import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { HubError } from '../engine/hub-error.ts';

/** log2(N), r and p: 128 MB and some hundred milliseconds each, as OWASP has it. */
export interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const COST: ScryptCost = { ln: 17, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Each takes 128 MB, and a thread of the four that also serve files and names. */
const MOST_AT_ONCE = 2;
/** Past it nobody would still be there when it is their turn. */
const MOST_WAITING = 32;
const COME_BACK_AFTER_MS = 5_000;

/** `$scrypt$ln=17,r=8,p=1$salt$hash`, as the PHC string format has it: each password says how it was hashed. */
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Hashes passwords, two at once; others wait, and when too many wait, they are told to come back. */
export class Passwords {
  readonly #cost: ScryptCost;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(cost: ScryptCost = COST) {
    this.#cost = cost;
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(password, salt, this.#cost);
    const { ln, r, p } = this.#cost;
    return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /** `stored`: null where there is none. That takes as long, and nothing matches it. */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const known = stored === null ? null : partsOf(stored);
    const { cost, salt, hash } = known ?? {
      cost: this.#cost,
      salt: randomBytes(SALT_BYTES),
      hash: randomBytes(HASH_BYTES),
    };
    const isSame = timingSafeEqual(await this.#derive(password, salt, cost), hash);
    return isSame && known !== null;
  }

  /** Whether it was hashed at another cost than passwords are today. */
  isOutdated(stored: string): boolean {
    const { ln, r, p } = this.#cost;
    return !stored.startsWith(`$scrypt$ln=${ln},r=${r},p=${p}$`);
  }

  async #derive(password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> {
    await this.#turn();
    try {
      const N = 2 ** ln;
      const options = { N, r, p, maxmem: 128 * r * (N + p + 2) };
      return await new Promise((resolve, reject) =>
        scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        ),
      );
    } finally {
      this.#pass();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < MOST_AT_ONCE) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING)
      throw new HubError('busy', 'Too many people sign in at once.', { retryAfterMs: COME_BACK_AFTER_MS });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Whoever has waited longest goes on in the place of the one who is done. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}

function partsOf(stored: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const [, ln, r, p, salt = '', hash = ''] = PHC.exec(stored) ?? [];
  if (ln === undefined) throw new Error('A stored password can’t be read.');
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
