import type { Shopper } from '../core/shopper.ts';
import type { Layers } from './redis-document.ts';

export interface Remembered {
  readonly document: Shopper;
  readonly layers: Layers;
  readonly version: number;
  readonly madeBy: string;
}

const MOST = 20_000;

/**
 * The shoppers that this process committed or loaded last. Another node may have changed them since: a commit upon what is
 * remembered is refused then. Past its bound the one not used for the longest time is forgotten.
 */
export class RedisMemory {
  readonly #shoppers = new Map<string, Remembered>();

  recall(member: string): Remembered | undefined {
    return this.#shoppers.get(member);
  }

  remember(member: string, shopper: Remembered): void {
    this.#shoppers.delete(member);
    this.#shoppers.set(member, shopper);
    if (this.#shoppers.size <= MOST) return;
    const [oldest] = this.#shoppers.keys();
    if (oldest !== undefined) this.#shoppers.delete(oldest);
  }

  forget(member: string): void {
    this.#shoppers.delete(member);
  }

  forgetAll(): void {
    this.#shoppers.clear();
  }
}
