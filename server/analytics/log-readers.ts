import type { LogPage, LogPlace, Store } from '../store/store.ts';
import type { Fold } from './log-folds.ts';

type ChangesOf = (fold: Fold) => ReadonlyMap<string, number>;

/** Somebody who reads the log page by page, each page once and in order. */
export interface LogReader {
  /** Up to here everything was taken in. */
  readonly place: LogPlace;
  /** A page that begins at `place`, and what it adds to the sums of a fold. */
  take(page: LogPage, changesOf: ChangesOf): Promise<void>;
}

/** Adds to the sums that a fold holds in memory: every hub has its own, whoever keeps those in the store. */
export class Listener implements LogReader {
  readonly #fold: Fold;
  place: LogPlace;

  constructor(fold: Fold, place: LogPlace) {
    this.#fold = fold;
    this.place = place;
  }

  take({ next }: LogPage, changesOf: ChangesOf): Promise<void> {
    this.#fold.absorb?.(changesOf(this.#fold));
    this.place = next;
    return Promise.resolve();
  }
}

/** So long a hub leaves the sums to the one that moved them last, before it looks whether that one still does. */
const GIVE_WAY_MS = 3_000;

/**
 * Moves a fold's sums in the store. Several hubs may try: one step from one place is taken once, so they can't count
 * twice. Whoever comes second gives way, and takes over when the other has stopped.
 */
export class Keeper implements LogReader {
  readonly #store: Store;
  readonly #fold: Fold;
  place: LogPlace;
  #waysGivenUntil = 0;

  constructor(store: Store, fold: Fold, place: LogPlace) {
    this.#store = store;
    this.#fold = fold;
    this.place = place;
  }

  async take({ next }: LogPage, changesOf: ChangesOf): Promise<void> {
    const { name } = this.#fold;
    if (await this.#store.advanceFold(name, this.place, next, changesOf(this.#fold))) this.place = next;
    else await this.#giveWay();
  }

  /** Whether another hub moved them meanwhile, so that it stands where that one left them. */
  get isBehind(): boolean {
    return this.#waysGivenUntil > 0;
  }

  /** Whether it is this hub's turn to move the sums. */
  async isAtWork(): Promise<boolean> {
    if (this.#waysGivenUntil === 0) return true;
    if (performance.now() < this.#waysGivenUntil) return false;
    const before = this.place;
    await this.#giveWay();
    if (this.place !== before) return false;
    this.#waysGivenUntil = 0;
    return true;
  }

  /** Goes on from where the sums stand now, also where another hub moves them. */
  async insist(): Promise<void> {
    if (this.#waysGivenUntil > 0) await this.#giveWay();
    this.#waysGivenUntil = 0;
  }

  async #giveWay(): Promise<void> {
    this.place = await this.#store.readFoldPlace(this.#fold.name);
    this.#waysGivenUntil = performance.now() + GIVE_WAY_MS;
  }
}

/**
 * Reads one page for all who stand at the same place. `nothing`: there was nothing new for anyone. `full`: there is more to
 * read at once; otherwise more will come by the way, and is read together.
 */
export async function readOn(
  store: Store,
  readers: readonly LogReader[],
  limit: number,
): Promise<'nothing' | 'some' | 'full'> {
  let found: 'nothing' | 'some' | 'full' = 'nothing';
  for (const place of new Set(readers.map((reader) => reader.place))) {
    const page = await store.readLog(place, limit);
    if (page.next === place) continue;
    if (found !== 'full') found = page.isFull ? 'full' : 'some';
    // Who listens and who keeps the sums add up the same.
    const known = new Map<Fold, ReadonlyMap<string, number>>();
    const changesOf = (fold: Fold) => {
      const changes = known.get(fold) ?? changesIn(page, fold);
      known.set(fold, changes);
      return changes;
    };
    for (const reader of readers) if (reader.place === place) await reader.take(page, changesOf);
  }
  return found;
}

function changesIn({ records }: LogPage, fold: Fold): ReadonlyMap<string, number> {
  const changes = new Map<string, number>();
  for (const record of records)
    for (const [key, change] of fold.changesOf(record)) changes.set(key, (changes.get(key) ?? 0) + change);
  return changes;
}
