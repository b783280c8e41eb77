import type { ShopperId } from '../../../shared/ids.ts';
import type { PageStorage } from '../../../widget/page-storage.ts';
import type { ShopPage } from './shop-page.ts';

/** A map as a page's storage; `onSet` is told of what is written. */
export function storageOf(
  kept: Map<string, string>,
  onSet: (key: string, value: string) => void,
): PageStorage {
  return {
    get: (key) => kept.get(key) ?? null,
    set(key, value) {
      kept.set(key, value);
      onSet(key, value);
    },
    remove: (key) => void kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** A tab outlives its pages; so does what they keep in it. */
export interface TabSlot {
  readonly session: Map<string, string>;
  page: ShopPage | null;
}

/** A shopper's browser: what its tabs share. */
export class Device {
  readonly name: string;
  readonly shopper: ShopperId;
  readonly storage = new Map<string, string>();
  readonly tabs: TabSlot[] = [];
  isOnline = true;
  /** How far its clock is off. */
  skewMs = 0;
  #mostSkewMs = 0;
  readonly #held = new Map<string, ShopPage>();

  constructor(name: string, shopper: ShopperId) {
    this.name = name;
    this.shopper = shopper;
  }

  setClock(skewMs: number): void {
    this.skewMs = skewMs;
    this.#mostSkewMs = Math.max(this.#mostSkewMs, skewMs);
  }

  /** Later than it ever was: what a dead tab has left is found by when that tab was last alive. */
  setClockAhead(): void {
    this.skewMs = this.#mostSkewMs;
  }

  get pages(): ShopPage[] {
    return this.tabs.flatMap(({ page }) => (page ? [page] : []));
  }

  locksFor(page: ShopPage): { request: LockManager['request'] } {
    const request = (name: string, _: unknown, use: (lock: object | null) => unknown): Promise<unknown> => {
      const holder = this.#held.get(name);
      if (holder && !holder.isGone) return Promise.resolve(use(null));
      this.#held.set(name, page);
      return Promise.resolve(use({})).finally(() => {
        if (this.#held.get(name) === page) this.#held.delete(name);
      });
    };
    return { request: request as LockManager['request'] };
  }
}
