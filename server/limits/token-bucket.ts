/** So many a second, and more at once after a quiet time. Whoever asks says what time it is, by any clock that runs evenly. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, most: number, now: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = most;
    this.#left = most;
    this.#at = now;
  }

  /** Takes all of it, or nothing and says no. */
  take(now: number, amount = 1): boolean {
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }

  /** In how many milliseconds there will be enough for that, if nobody else takes any. */
  waitMs(amount = 1): number {
    return Math.max(0, (amount - this.#left) / this.#perMs);
  }

  isFull(now: number): boolean {
    return this.#left + (now - this.#at) * this.#perMs >= this.#most;
  }
}
