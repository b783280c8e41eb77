import type { CartSnapshot } from '../../../shared/event.ts';
import type { SeenEvent } from '../../event-queue.ts';
import type { PageStorage } from '../../page-storage.ts';
import { changeBetween, merged, valueOf } from './cart-change.ts';
import { hashOf } from './cart-hash.ts';
import type { CartSigns, Platform, PlatformCart } from './platform.ts';

/** After so long the hub takes what comes for another visit; the cart is told anew, changed or not. */
const VISIT_GAP_MS = 30 * 60_000;
/** Theme and analytics tell of one look at the cart each. */
const SAME_VIEW_MS = 3_000;
const TRY_AGAIN_MS = 3_000;
const MOST_TRIES = 3;
const TURN_WITHIN_MS = 3_000;
/** No cart has this hash. */
const UNSURE = '';

export interface FollowParts {
  readonly platform: Platform;
  /** A cart by the rules of the hub; nothing for what is none. */
  readonly checked: (cart: PlatformCart) => CartSnapshot | undefined;
  readonly storage: PageStorage;
  readonly key: string;
  readonly report: (seen: SeenEvent) => void;
  readonly seen: CartSigns['seen'];
}

/** The cart as it was last told to the hub: by any tab, and over page changes, since a classic form loads a new page. */
interface Told {
  readonly hash: string;
  readonly items: CartSnapshot['items'];
  readonly at: number;
  /** Counts up: by a clock two tabs may be in one millisecond. */
  readonly turn: number;
}

/**
 * One cart out of many voices. Whatever hints at a change only makes this look; what the platform then answers is
 * compared with what was told last, and told as one event that explains the difference and carries the whole cart.
 *
 * So nothing counts twice. The shop's own `add_to_cart` on the data layer is such a hint and does not reach the hub: as
 * a change without a snapshot it would be added on top of one that already has it, in whichever order the two come. The
 * hub orders by `rev`, where a snapshot replaces all before it; what is reported here has a later `rev` than any hint.
 */
export class FollowedCart {
  readonly #parts: FollowParts;
  readonly #stops: (() => void)[] = [];
  #cart: CartSnapshot | null = null;
  #reading: Promise<boolean> = Promise.resolve(false);
  #next: Promise<boolean> | null = null;
  #isWitnessed = false;
  #isViewed = false;
  #isFirst = true;
  #isInCharge = false;
  #tries = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #viewedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  /** Resolves when the platform has been asked for the first time, whatever came of it. */
  async start(): Promise<void> {
    const { platform, seen } = this.#parts;
    const [changed, viewed] = [() => void this.look(true), () => void this.look(false, true)];
    this.#stops.push(
      platform.listen({ changed, viewed, seen }),
      whenRequested(platform.changedBy, changed),
      whenBack(() => void this.look(false)),
    );
    await this.look(false, platform.isCartPage());
  }

  stop(): void {
    clearTimeout(this.#again);
    for (const stop of this.#stops) stop();
  }

  /** An event of the shop's about its cart, and the way on for those that are still needed. */
  hear(name: string, pass: () => void): void {
    if (name === 'purchase') this.#bought();
    // A shop that only looks like one of the platform's has its own say.
    else if (!this.#isInCharge) this.#letPass(pass);
    else if (name === 'view_cart') void this.look(false, true);
    else void this.look(true);
  }

  /**
   * Asks the platform, after the answer that is under way: that one may be of before the change. `isWitnessed`: the
   * change was made on this page. `isViewed`: the shopper looks at the cart, which is told together with what is in it.
   * Resolves with whether there was an answer.
   */
  look(isWitnessed: boolean, isViewed = false): Promise<boolean> {
    this.#isWitnessed ||= isWitnessed;
    this.#isViewed ||= isViewed;
    if (this.#next) return this.#next;
    this.#next = this.#reading.then(() => inTurn(this.#parts.key, () => this.#read()));
    this.#reading = this.#next;
    return this.#next;
  }

  #tellView(): void {
    const now = performance.now();
    if (!this.#cart || now - this.#viewedAt < SAME_VIEW_MS) return;
    this.#viewedAt = now;
    this.#report('view_cart', this.#cart, this.#cart.items);
  }

  async #read(): Promise<boolean> {
    this.#next = null;
    const isWitnessed = this.#isWitnessed;
    const isViewed = this.#isViewed;
    this.#isWitnessed = this.#isViewed = false;
    const before = this.#told()?.turn;
    try {
      const cart = this.#parts.checked(await this.#parts.platform.read());
      if (!cart) return false;
      this.#cart = merged(cart);
      this.#tries = 0;
      this.#isInCharge = true;
      // The cart was told since: this answer may be of before that.
      if (this.#told()?.turn !== before) void this.look(isWitnessed, isViewed);
      else {
        this.#compare(this.#cart, isWitnessed);
        if (isViewed) this.#tellView();
      }
      this.#isFirst = false;
      return true;
    } catch {
      this.#isWitnessed ||= isWitnessed;
      this.#lookAgain();
      return false;
    }
  }

  /** A platform that was there and does not answer will again; one that never was is left alone. */
  #lookAgain(): void {
    if (!this.#isInCharge || ++this.#tries > MOST_TRIES) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.look(false), TRY_AGAIN_MS * this.#tries);
  }

  #compare(cart: CartSnapshot, isWitnessed: boolean): void {
    const told = this.#told();
    const [hash, at] = [hashOf(cart), Date.now()];
    this.#keep({ hash, items: hash === told?.hash ? told.items : cart.items, at });
    const isNewVisit = this.#isFirst && cart.items.length > 0 && at - (told?.at ?? 0) > VISIT_GAP_MS;
    if (hash === told?.hash) {
      if (isNewVisit) this.#tellAside(cart);
      return;
    }
    const { added, removed } = changeBetween(told?.items ?? [], cart.items);
    // Emptied where nobody looked: bought at a checkout elsewhere, most likely, and not taken out piece by piece.
    const isGone = cart.items.length === 0 && !isWitnessed;
    if (told && !isGone && added.length > 0) this.#report('add_to_cart', cart, added);
    else if (told && !isGone && removed.length > 0) this.#report('remove_from_cart', cart, removed);
    // Known from nowhere, gone, or at another price than before.
    else if (cart.items.length + removed.length > 0 || told?.hash === UNSURE) this.#tellAside(cart);
  }

  /**
   * A cart that no doing of the shopper's explains goes along with the view of this page. Not with `view_cart`, which
   * would say that they are on the cart page, where rules wait for them to dwell.
   */
  #tellAside(cart: CartSnapshot): void {
    // There the view of the cart follows, and has it.
    if (this.#isFirst && this.#parts.platform.isCartPage()) return;
    const params = { page_location: location.origin + location.pathname };
    this.#parts.report({ name: 'page_view', params, cart });
  }

  #report(name: string, cart: CartSnapshot, items: CartSnapshot['items']): void {
    const { currency } = cart;
    const params = { ...(currency ? { currency } : {}), value: valueOf(items), items };
    this.#parts.report({ name, params, cart });
  }

  /** Where the platform still has what was bought, it is not told as a new cart: only another one is. */
  #bought(): void {
    const told = this.#told();
    if (told) this.#keep({ ...told, items: [] });
  }

  /** From here on the hub's cart may be another one than was told. If the platform answers after all, it is set right. */
  #letPass(pass: () => void): void {
    pass();
    this.#keep({ items: [], at: Date.now(), ...this.#told(), hash: UNSURE });
  }

  #told(): Told | null {
    const { storage, key } = this.#parts;
    try {
      return JSON.parse(storage.get(key) ?? 'null') as Told | null;
    } catch {
      return null;
    }
  }

  #keep(told: Omit<Told, 'turn'>): void {
    const turn = (this.#told()?.turn ?? 0) + 1;
    this.#parts.storage.set(this.#parts.key, JSON.stringify({ ...told, turn }));
  }
}

/**
 * One tab of the shop after the other: two that ask in one moment would both tell of one change. Whoever sleeps while
 * asking is not waited for long; where there are no locks, nobody is.
 */
async function inTurn(name: string, ask: () => Promise<boolean>): Promise<boolean> {
  if (!('locks' in navigator)) return ask();
  const turn = { signal: AbortSignal.timeout(TURN_WITHIN_MS) };
  return navigator.locks.request(name, turn, ask).catch(ask);
}

/** Sees requests of the page by their addresses once they are over. Nothing is wrapped and no answer is read. */
function whenRequested(address: RegExp, hear: () => void): () => void {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => address.test(name.replaceAll('%2F', '/')))) hear();
  });
  observer.observe({ type: 'resource' });
  return () => observer.disconnect();
}

/** Other tabs and devices may have changed the cart while the shopper was away from this page, or it from the network. */
function whenBack(hear: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') hear();
  };
  const onShow = (event: PageTransitionEvent) => {
    if (event.persisted) hear();
  };
  document.addEventListener('visibilitychange', onVisible);
  window.addEventListener('online', hear);
  window.addEventListener('pageshow', onShow);
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    window.removeEventListener('online', hear);
    window.removeEventListener('pageshow', onShow);
  };
}
