import type { Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import type { ShopperName } from './shopper-name.ts';

/** A shopper as memory holds it: the newest state, durable or about to be. */
export interface Hot {
  readonly site: SiteId;
  readonly shopper: ShopperId;
  document: Shopper | null;
  /** As text; null: there is none yet. */
  logKey: string | null;
  /** Whether the key is, or is about to be, on disk. */
  isKeySaved: boolean;
  /** Nothing of them is kept, and nothing ever will be. */
  isErased: boolean;
  version: number;
  /** Ids counted lately; `all`: there are no others. */
  counted: Set<string>;
  all: boolean;
  /** Commits not durable yet. */
  pending: number;
  /** While its row is older than what the log has: until then memory alone has the newest document, and keeps it. */
  unsettled: Unsettled | null;
  /** Ids that its row does not have yet. */
  unsaved: string[];
  /** About the length of the document as JSON; in memory it weighs a small multiple. */
  size: number;
}

export interface Unsettled {
  /** The first group of the log that is not in its row. */
  readonly place: number;
  readonly since: number;
}

const MOST = 20_000;
const MOST_CHARACTERS = 64_000_000;
/** As many are looked at to find one that may be forgotten: under a flood the oldest may all have to stay a while. */
const LOOKS = 64;

/** The shoppers used last. Past its bounds the one not used for the longest time is forgotten once its row is up to date. */
export class HotShoppers {
  readonly #shoppers = new Map<ShopperName, Hot>();
  #characters = 0;

  get isFull(): boolean {
    return this.#shoppers.size > MOST || this.#characters > MOST_CHARACTERS;
  }

  get #isHalfFull(): boolean {
    return this.#shoppers.size > MOST / 2 || this.#characters > MOST_CHARACTERS / 2;
  }

  /** Looks without counting it as use. */
  peek(key: ShopperName): Hot | undefined {
    return this.#shoppers.get(key);
  }

  use(key: ShopperName): Hot | undefined {
    const hot = this.#shoppers.get(key);
    // Which one is the oldest matters once one has to go, and moving an entry costs ten times as much as finding it.
    if (!hot || !this.#isHalfFull) return hot;
    this.#shoppers.delete(key);
    this.#shoppers.set(key, hot);
    return hot;
  }

  add(key: ShopperName, hot: Hot): void {
    this.#shoppers.set(key, hot);
    this.#characters += hot.size;
    this.#cool();
  }

  resize(hot: Hot, size: number): void {
    this.#characters += size - hot.size;
    hot.size = size;
  }

  forget(key: ShopperName): void {
    const hot = this.#shoppers.get(key);
    if (!hot) return;
    this.#shoppers.delete(key);
    this.#characters -= hot.size;
  }

  #cool(): void {
    let looks = 0;
    for (const [key, { pending, unsettled }] of this.#shoppers) {
      if (!this.isFull || looks >= LOOKS) return;
      if (pending === 0 && unsettled === null) this.forget(key);
      else looks++;
    }
  }
}
