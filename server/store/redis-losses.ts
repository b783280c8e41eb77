import type { ShopperKey } from './store.ts';

/** So long a replica may be behind and still be made the master. */
const REMEMBERED_MS = 30_000;
const MOST = 20_000;
/** So many go at once: one by one would move all the others each time. */
const GO_AT_ONCE = 1_000;
/** Asked for together, so that what a busy hub has acked is gone through in a second and leaves room for its work. */
const ASKED_AT_ONCE = 100;

interface Acked {
  readonly key: ShopperKey;
  readonly events: readonly string[];
  readonly at: number;
}

/** Those of the events that are there. */
type Find = (key: ShopperKey, events: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * What this process has acked lately. When another server takes over that knows less, each event that it lost is named, once.
 * They are looked for by the way: the hub goes on with its work meanwhile, and what fails is looked for again.
 */
export class RedisLosses {
  readonly #find: Find;
  readonly #onLost: (key: ShopperKey, events: readonly string[]) => void;
  readonly #acked: Acked[] = [];
  readonly #named = new WeakSet<Acked>();
  #owed: readonly Acked[] = [];
  #isLooking = false;

  constructor(find: Find, onLost: (key: ShopperKey, events: readonly string[]) => void) {
    this.#find = find;
    this.#onLost = onLost;
  }

  add(key: ShopperKey, events: readonly string[]): void {
    if (events.length === 0) return;
    this.#acked.push({ key, events, at: performance.now() });
    if (this.#acked.length >= MOST + GO_AT_ONCE) this.#acked.splice(0, GO_AT_ONCE);
  }

  /** Those of a shopper who was erased are not lost. */
  forget({ site, shopper }: ShopperKey): void {
    const isOthers = ({ key }: Acked) => key.site !== site || key.shopper !== shopper;
    this.#acked.splice(0, this.#acked.length, ...this.#acked.filter(isOthers));
    this.#owed = this.#owed.filter(isOthers);
  }

  /** No other server had taken over by then: whichever does will have been told what was made long before. */
  sawSame(at: number): void {
    const young = this.#acked.findIndex((acked) => acked.at >= at - REMEMBERED_MS);
    this.#acked.splice(0, young === -1 ? this.#acked.length : young);
    void this.#goOn();
  }

  /** Another one has: it is asked for everything, also for what the one before it had. */
  sawAnother(): void {
    this.#owed = [...this.#acked];
    void this.#goOn();
  }

  async #goOn(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#owed.length > 0 && (await this.#lookForSome()));
    this.#isLooking = false;
  }

  /** False where some could not be looked for: they stay owed. */
  async #lookForSome(): Promise<boolean> {
    const owed = this.#owed;
    const some = owed.slice(0, ASKED_AT_ONCE);
    const found = await Promise.allSettled(some.map(({ key, events }) => this.#find(key, events)));
    const done = new Set<Acked>();
    for (const [index, acked] of some.entries()) {
      const result = found[index];
      if (result?.status !== 'fulfilled') continue;
      done.add(acked);
      const lost = acked.events.filter((event) => !result.value.has(event));
      if (lost.length === 0 || this.#named.has(acked)) continue;
      this.#named.add(acked);
      this.#onLost(acked.key, lost);
    }
    // Yet another one took over meanwhile, and has to be asked for all of them again.
    if (this.#owed === owed) this.#owed = owed.filter((acked) => !done.has(acked));
    return done.size === some.length;
  }
}
