const LOOK_EVERY_MS = 50;

/** How late this process gets round to things. */
export class LoopLag {
  readonly #timer: NodeJS.Timeout;
  #expectedAt = performance.now() + LOOK_EVERY_MS;
  /** At the last look, milliseconds. */
  recentMs = 0;
  #longestMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** The longest since this was asked last, milliseconds. */
  takeLongest(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.recentMs = Math.max(0, now - this.#expectedAt);
    this.#longestMs = Math.max(this.#longestMs, this.recentMs);
    this.#expectedAt = now + LOOK_EVERY_MS;
  }
}
