/** What was heard out of order and waits for what is missing before it; past it all of it counts as missing. */
const MOST_AHEAD = 64;

/** Which messages to a shopper's pages have come by this node. They are numbered without gaps. */
export class Told {
  #upTo: number | null = null;
  readonly #ahead = new Set<number>();

  /** A page was welcomed with all that was meant up to here. */
  begin(seq: number): void {
    this.#upTo ??= seq;
    this.#closeUp();
  }

  hear(seq: number): void {
    if (this.#upTo !== null && seq <= this.#upTo) return;
    if (this.#ahead.size < MOST_AHEAD) this.#ahead.add(seq);
    this.#closeUp();
  }

  /** Whether something up to there was never heard; null: nobody has been welcomed yet. */
  misses(seq: number): boolean | null {
    return this.#upTo === null ? null : this.#upTo < seq;
  }

  #closeUp(): void {
    if (this.#upTo === null) return;
    for (const seq of this.#ahead) if (seq <= this.#upTo) this.#ahead.delete(seq);
    while (this.#ahead.delete(this.#upTo + 1)) this.#upTo++;
  }
}
