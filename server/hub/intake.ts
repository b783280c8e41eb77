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
  #left = MOST_AT_ONCE;
  #at = performance.now();
  #admittedAt = performance.now();
  refused = 0;

  constructor(lag: LoopLag) {
    this.#lag = lag;
  }

  admits(): boolean {
    const now = performance.now();
    this.#left = Math.min(MOST_AT_ONCE, this.#left + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
    const isLate = this.#lag.recentMs > MOST_LAG_MS && now - this.#admittedAt < TRICKLE_MS;
    if (this.#left < 1 || isLate) {
      this.refused++;
      return false;
    }
    this.#left--;
    this.#admittedAt = now;
    return true;
  }
}
