import type { Shopper } from '../core/shopper.ts';

/** A shopper as memory holds it: the newest state, durable or about to be. */
export interface Hot {
  document: Shopper | null;
  version: number;
  /** Ids counted lately; `all`: there are no others. */
  readonly counted: Set<string>;
  readonly all: boolean;
  /** Commits not durable yet: until then this is the only truth, and stays. */
  pending: number;
  /** Length of the document as JSON; in memory it weighs a small multiple. */
  size: number;
}

const MOST = 20_000;
const MOST_CHARACTERS = 64_000_000;

/** The shoppers used last. Past its bounds the one not used for the longest time is forgotten; the file knows it. */
export class HotShoppers {
  readonly #shoppers = new Map<string, Hot>();
  #characters = 0;

  /** Looks without counting it as use. */
  peek(key: string): Hot | undefined {
    return this.#shoppers.get(key);
  }

  use(key: string): Hot | undefined {
    const hot = this.#shoppers.get(key);
    if (!hot) return undefined;
    this.#shoppers.delete(key);
    this.#shoppers.set(key, hot);
    return hot;
  }

  add(key: string, hot: Hot): void {
    this.#shoppers.set(key, hot);
    this.#characters += hot.size;
    this.#cool();
  }

  resize(hot: Hot, size: number): void {
    this.#characters += size - hot.size;
    hot.size = size;
  }

  forget(key: string): void {
    const hot = this.#shoppers.get(key);
    if (!hot) return;
    this.#shoppers.delete(key);
    this.#characters -= hot.size;
  }

  #cool(): void {
    for (const [key, { pending }] of this.#shoppers) {
      if (this.#shoppers.size <= MOST && this.#characters <= MOST_CHARACTERS) return;
      if (pending === 0) this.forget(key);
    }
  }
}
