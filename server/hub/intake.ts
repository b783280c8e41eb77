import { TokenBucket } from '../limits/token-bucket.ts';
import type { LoopLag } from '../loop-lag.ts';

/** New connections a second, and at once after a quiet time. */
const PER_SECOND = 1_000;
const MOST_AT_ONCE = 1_000;
/** Past it those who are connected would be served late, */
const MOST_LAG_MS = 250;
/** and one page in so long is let in: a hub on a computer that others keep busy would be empty for ever. */
const TRICKLE_MS = 50;

/**
 * How many pages may connect. After a node has died all of its pages come at once: whoever is refused comes back after a
 * random time, and those who are connected notice nothing.
 */
export class Intake {
  readonly #lag: LoopLag;
  readonly #openings = new TokenBucket(PER_SECOND, MOST_AT_ONCE, performance.now());
  #admittedAt = performance.now();
  refused = 0;

  constructor(lag: LoopLag) {
    this.#lag = lag;
  }

  admits(): boolean {
    const now = performance.now();
    const isLate = this.#lag.recentMs > MOST_LAG_MS && now - this.#admittedAt < TRICKLE_MS;
    if (isLate || !this.#openings.take(now)) {
      this.refused++;
      return false;
    }
    this.#admittedAt = now;
    return true;
  }
}
