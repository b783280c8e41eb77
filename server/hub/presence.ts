import { nameOfShopper, type ShopperName } from '../store/shopper-name.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import type { OpenPages } from './open-pages.ts';

const LOOK_EVERY_MS = 15_000;
const ENTERED_AT_ONCE = 100;
/** The store forgets after a day. */
const SAY_AGAIN_AFTER_MS = 12 * 3_600_000;

interface Said {
  readonly key: ShopperKey;
  readonly at: number;
  /** Resolves once the store knows. */
  readonly known: Promise<void>;
}

/**
 * Tells the store which shoppers have a page open on this node. A shopper who leaves is kept for a while: most of them only
 * go to the next page.
 */
export class Presence {
  readonly #store: Store;
  readonly #pages: OpenPages;
  readonly #said = new Map<ShopperName, Said>();
  readonly #timer: NodeJS.Timeout;
  #gone = new Set<ShopperName>();

  constructor(store: Store, pages: OpenPages) {
    this.#store = store;
    this.#pages = pages;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Resolves once commits tell of this node. What is decided from then on comes here; what was before is in the store. */
  enter(key: ShopperKey): Promise<void> {
    const name = nameOfShopper(key);
    const said = this.#said.get(name);
    if (said && performance.now() - said.at < SAY_AGAIN_AFTER_MS) return said.known;
    const known = this.#store.enterPages(key);
    this.#said.set(name, { key, at: performance.now(), known });
    known.catch(() => this.#said.delete(name));
    return known;
  }

  /** Says it all again, some at a time, as after others may have taken this node for gone, or the store has forgotten. */
  async enterAll(): Promise<void> {
    this.#said.clear();
    const keys = this.#pages.keys();
    for (let from = 0; from < keys.length; from += ENTERED_AT_ONCE)
      await Promise.allSettled(keys.slice(from, from + ENTERED_AT_ONCE).map((key) => this.enter(key)));
  }

  /** The store does not seem to know of this shopper: it is said again when they come back. */
  doubt(key: ShopperKey): void {
    this.#said.delete(nameOfShopper(key));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whoever was gone at the last look and is gone now has left. */
  #look(): void {
    const before = this.#gone;
    this.#gone = new Set();
    // Those whose entry has failed are not among them.
    for (const key of this.#pages.keys())
      if (!this.#said.has(nameOfShopper(key))) this.enter(key).catch(() => undefined);
    for (const [name, { key, at }] of this.#said) {
      if (this.#pages.has(key)) {
        if (performance.now() - at >= SAY_AGAIN_AFTER_MS) this.enter(key).catch(() => undefined);
      } else if (before.has(name)) {
        this.#said.delete(name);
        this.#store.leavePages(key, this.#store.node).catch(() => undefined);
      } else this.#gone.add(name);
    }
  }
}
