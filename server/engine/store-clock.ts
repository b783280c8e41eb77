/** The store's clock for those who can't wait for it: what it said last, and the time since then by this process's. */
export class StoreClock {
  #said = 0;
  #heardAt = 0;

  note(now: number): void {
    this.#said = now;
    this.#heardAt = performance.now();
  }

  now(): number {
    return Math.floor(this.#said + performance.now() - this.#heardAt);
  }
}
