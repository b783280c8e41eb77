/**
 * The hub's time, carried on by the page's monotonic clock: a shopper who sets their clock changes no countdown. A
 * suspended computer may stop that clock; each welcome sets it right.
 */
export class HubClock {
  #hubNow = 0;
  #readAt = 0;

  set(hubNow: number): void {
    this.#hubNow = hubNow;
    this.#readAt = performance.now();
  }

  now(): number {
    return this.#hubNow + (performance.now() - this.#readAt);
  }
}
