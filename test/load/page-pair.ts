import type { Crowd, CrowdPage } from '../bench/crowd.ts';
import { type PageListener, ShopperPage } from '../bench/shopper-page.ts';
import { WatchingPage } from './watching-page.ts';

/** One shopper with a page on each of two nodes. What is done in one of them gives a nudge that both get. */
export class PagePair implements CrowdPage, PageListener {
  readonly #crowd: Crowd;
  #first: ShopperPage | null = null;
  #second: WatchingPage | null = null;
  #sentAt = 0;
  #awaitsSecond = false;

  private constructor(crowd: Crowd) {
    this.#crowd = crowd;
  }

  static async open(at: URL, alsoAt: URL, number: number, crowd: Crowd): Promise<PagePair> {
    const pair = new PagePair(crowd);
    const first = await ShopperPage.open(at, number, pair);
    pair.#first = first;
    try {
      pair.#second = await WatchingPage.open(alsoAt, first.token, () => pair.#nudgedElsewhere());
    } catch (error) {
      // Whoever tries again begins anew.
      first.close();
      throw error;
    }
    return pair;
  }

  get isSettled(): boolean {
    return this.#first?.isSettled === true && !this.#awaitsSecond;
  }

  get isOpen(): boolean {
    return this.#first?.isOpen === true && this.#second?.isOpen === true;
  }

  /** Each addition of a pair gives a nudge. */
  addToCart(startedAt: number): void {
    this.#sentAt = startedAt;
    this.#awaitsSecond = true;
    this.#first?.addToCart(startedAt, 1);
  }

  browse(startedAt: number, answer: 'ack' | 'push'): void {
    this.#first?.browse(startedAt, answer);
  }

  close(): void {
    this.#first?.close();
    this.#second?.close();
  }

  acked(ms: number, ok: boolean): void {
    this.#crowd.acked(ms, ok);
  }

  nudged(ms: number, bytes: number): void {
    this.#crowd.nudged(ms, bytes);
  }

  settled(): void {
    if (this.isSettled) this.#crowd.settled(this);
  }

  #nudgedElsewhere(): void {
    if (!this.#awaitsSecond) return;
    this.#awaitsSecond = false;
    this.#crowd.nudgedElsewhere(performance.now() - this.#sentAt);
    this.settled();
  }
}
