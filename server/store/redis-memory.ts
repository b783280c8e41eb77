import type { Shopper } from '../core/shopper.ts';
import type { Layers } from './redis-document.ts';
import type { LogKey } from './log-key.ts';
import type { ShopperName } from './shopper-name.ts';

export interface Remembered {
  readonly document: Shopper;
  readonly layers: Layers;
  readonly version: number;
  readonly madeBy: string;
  /** Null: it has none yet. */
  readonly logKey: LogKey | null;
}

const MOST = 20_000;
const MOST_CHARACTERS = 64_000_000;

/**
 * The shoppers that this process committed or loaded last. Another node may have changed them since: a commit upon what is
 * remembered is refused then. Past its bounds those go that were committed or loaded the longest time ago.
 */
export class RedisMemory {
  readonly #shoppers = new Map<ShopperName, Remembered>();
  #characters = 0;

  recall(member: ShopperName): Remembered | undefined {
    return this.#shoppers.get(member);
  }

  remember(member: ShopperName, shopper: Remembered): void {
    this.forget(member);
    this.#shoppers.set(member, shopper);
    this.#characters += sizeOf(shopper);
    for (const oldest of this.#shoppers.keys()) {
      if (this.#shoppers.size <= MOST && this.#characters <= MOST_CHARACTERS) return;
      this.forget(oldest);
    }
  }

  forget(member: ShopperName): void {
    const known = this.#shoppers.get(member);
    if (!known) return;
    this.#characters -= sizeOf(known);
    this.#shoppers.delete(member);
  }

  forgetAll(): void {
    this.#shoppers.clear();
    this.#characters = 0;
  }
}

/** About the length of the document as JSON; in memory it weighs a small multiple. */
function sizeOf({ layers: { wholeSize, changesSize } }: Remembered): number {
  return wholeSize + changesSize;
}
