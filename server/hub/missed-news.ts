import type { Logger } from 'pino';
import type { ShopperKey, Store } from '../store/store.ts';
import type { OpenPages } from './open-pages.ts';
import type { Presence } from './presence.ts';

/** Each shopper with a page open is looked after once in this time, a part of them at each look. */
const ALL_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 1_000;
/** What is on its way arrives within this time. */
const ON_ITS_WAY_MS = 2_000;
const MOST_AT_ONCE = 500;

interface Suspect {
  readonly key: ShopperKey;
  readonly seq: number;
  readonly at: number;
}

/**
 * Finds what was meant for this node's pages and never came: news between nodes may get lost. Pages that miss something
 * connect anew, and are welcomed with the truth.
 */
export class MissedNews {
  readonly #store: Store;
  readonly #pages: OpenPages;
  readonly #presence: Pick<Presence, 'doubt'>;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  #queue: ShopperKey[] = [];
  #suspects: Suspect[] = [];
  #looking = false;
  found = 0;

  constructor(store: Store, pages: OpenPages, presence: Pick<Presence, 'doubt'>, logger: Logger) {
    this.#presence = presence;
    this.#store = store;
    this.#pages = pages;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.#turn(), LOOK_EVERY_MS);
  }

  /** Looks after all at the next turn. */
  lookAfterAll(): void {
    this.#queue = this.#pages.keys();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #turn(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#judge();
      const all = this.#pages.keys();
      if (this.#queue.length === 0) this.#queue = all;
      const share = Math.ceil((all.length * LOOK_EVERY_MS) / ALL_WITHIN_MS);
      await this.#look(this.#queue.splice(0, Math.min(MOST_AT_ONCE, share)));
    } catch (error) {
      this.#logger.debug({ err: error }, 'the store could not be asked what pages have missed');
    } finally {
      this.#looking = false;
    }
  }

  async #look(keys: readonly ShopperKey[]): Promise<void> {
    const open = keys.filter((key) => this.#pages.has(key));
    if (open.length === 0) return;
    const seqs = await this.#store.readSeqs(open);
    const at = performance.now();
    for (const [index, key] of open.entries()) {
      const seq = seqs[index] ?? 0;
      if (this.#pages.misses(key, seq)) this.#suspects.push({ key, seq, at });
    }
  }

  /** What was missing a while ago and is missing still is lost. */
  #judge(): void {
    const now = performance.now();
    const isOld = ({ at }: Suspect) => at + ON_ITS_WAY_MS <= now;
    const old = this.#suspects.filter(isOld);
    this.#suspects = this.#suspects.filter((suspect) => !isOld(suspect));
    for (const { key, seq } of old) {
      if (!this.#pages.misses(key, seq)) continue;
      this.found++;
      // Perhaps commits do not tell of this node any more.
      this.#presence.doubt(key);
      this.#pages.startOver(key);
    }
  }
}
