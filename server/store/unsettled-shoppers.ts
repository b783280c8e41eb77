import type { Hot } from './hot-shoppers.ts';
import type { ShopperName } from './shopper-name.ts';
import type { ShopperRow } from './sqlite-file.ts';

/** A document waits so long for further changes before it is written to its row; after a crash as much is read again. */
const SETTLE_AFTER_MS = 5_000;
/** As many rows ride along in one group's transaction; it costs about a millisecond. */
const SETTLE_WITH_GROUP = 64;
/** Past so many waiting documents every group settles more, whatever their age. */
const MOST = 10_000;

/** Shoppers whose row is older than what the log has, those that wait longest first. */
export class UnsettledShoppers {
  readonly #waiting = new Map<ShopperName, Hot>();

  get size(): number {
    return this.#waiting.size;
  }

  values(): Iterable<Hot> {
    return this.#waiting.values();
  }

  has(key: ShopperName): boolean {
    return this.#waiting.has(key);
  }

  /** Once a group with a change of this shopper is durable. */
  add(key: ShopperName, hot: Hot, place: number, now: number): void {
    if (hot.unsettled) return;
    hot.unsettled = { place, since: now };
    this.#waiting.set(key, hot);
  }

  delete(key: ShopperName): void {
    const hot = this.#waiting.get(key);
    if (hot) hot.unsettled = null;
    this.#waiting.delete(key);
  }

  isDue(now: number): boolean {
    const [oldest] = this.#waiting.values();
    return oldest !== undefined && isOld(oldest, now);
  }

  /** Those whose turn it is to go with a group of so many commits. */
  due(now: number, commits: number, isMemoryFull: boolean): Map<ShopperName, Hot> {
    const isCrowded = isMemoryFull || this.#waiting.size > MOST;
    const most = isCrowded ? 8 * SETTLE_WITH_GROUP + commits : SETTLE_WITH_GROUP;
    const due = new Map<ShopperName, Hot>();
    for (const [key, hot] of this.#waiting) {
      if (due.size >= most || !(isCrowded || isOld(hot, now))) break;
      due.set(key, hot);
    }
    return due;
  }

  all(): Map<ShopperName, Hot> {
    return new Map(this.#waiting);
  }

  /** The first group of the log that is still needed once these are settled; null: none before the one in hand. */
  firstPlaceWithout(settled: ReadonlyMap<ShopperName, Hot>): number | null {
    for (const [key, { unsettled }] of this.#waiting)
      if (unsettled && !settled.has(key)) return unsettled.place;
    return null;
  }
}

/** What goes to the row of a shopper: the newest document, which holds all commits up to the group it goes with. */
export function rowOf({ site, shopper, version, document, unsaved }: Hot): ShopperRow {
  const wakeAt = document?.wakeAt ?? null;
  return { site, shopper, version, wakeAt, document: JSON.stringify(document), counts: [...unsaved] };
}

function isOld({ unsettled }: Hot, now: number): boolean {
  return unsettled !== null && unsettled.since + SETTLE_AFTER_MS <= now;
}
