import type { LogPage, LogPlace, Store } from '../store/store.ts';
import { type Fold, type RememberedFold, remembersSums } from './fold.ts';

type ChangesOf = (fold: Fold) => ReadonlyMap<string, number>;

/** So long a hub leaves the sums to the one that moved them last, before it looks whether that one still does. */
const GIVE_WAY_MS = 3_000;

/**
 * Keeps one fold's sums abreast of the log: in the store, and in this hub's memory where the fold has one. Several hubs may
 * try to move those in the store: one step from one place is taken once, so they can't count twice. Whoever comes second
 * gives way and reads what the other adds, not the log; and takes over when the other has stopped.
 */
export class Keeper {
  readonly #store: Store;
  readonly #fold: Fold;
  /** Up to here everything is in the store's sums and in memory. */
  place: LogPlace;
  #waysGivenUntil = 0;

  private constructor(store: Store, fold: Fold, place: LogPlace) {
    this.#store = store;
    this.#fold = fold;
    this.place = place;
  }

  static async start(store: Store, fold: Fold): Promise<Keeper> {
    if (!remembersSums(fold)) return new Keeper(store, fold, await store.readFoldPlace(fold.name));
    return new Keeper(store, fold, await readAll(store, fold));
  }

  /** Takes in a page of the log that begins at `place`. */
  async take({ next }: LogPage, changesOf: ChangesOf): Promise<void> {
    const changes = changesOf(this.#fold);
    if (await this.#store.advanceFold(this.#fold.name, this.place, next, changes)) {
      if (remembersSums(this.#fold)) this.#fold.absorb(changes);
      this.place = next;
      return;
    }
    await this.#giveWay();
  }

  /** Whether another hub moved them meanwhile, so that it stands where that one left them. */
  get isBehind(): boolean {
    return this.#waysGivenUntil > 0;
  }

  /** Whether it is this hub's turn to move the sums. Where it is not, what others added is in memory now. */
  async isAtWork(): Promise<boolean> {
    if (this.#waysGivenUntil === 0) return true;
    const isOver = performance.now() >= this.#waysGivenUntil;
    if (!isOver && !remembersSums(this.#fold)) return false;
    const before = this.place;
    await this.#follow();
    if (this.place !== before) this.#waysGivenUntil = performance.now() + GIVE_WAY_MS;
    else if (isOver) this.#waysGivenUntil = 0;
    return this.#waysGivenUntil === 0;
  }

  /** Goes on from where the sums stand now, also where another hub moves them. */
  async insist(): Promise<void> {
    if (this.#waysGivenUntil > 0) await this.#follow();
    this.#waysGivenUntil = 0;
  }

  async #giveWay(): Promise<void> {
    await this.#follow();
    this.#waysGivenUntil = performance.now() + GIVE_WAY_MS;
  }

  async #follow(): Promise<void> {
    this.place = remembersSums(this.#fold)
      ? await followSteps(this.#store, this.#fold, this.place)
      : await this.#store.readFoldPlace(this.#fold.name);
  }
}

async function followSteps(store: Store, fold: RememberedFold, from: LogPlace): Promise<LogPlace> {
  let place = from;
  for (;;) {
    const steps = await store.readFoldSteps(fold.name, place);
    if (!steps) return readAll(store, fold);
    if (steps.place === place) return place;
    fold.absorb(steps.changes);
    place = steps.place;
  }
}

async function readAll(store: Store, fold: RememberedFold): Promise<LogPlace> {
  const { place, sums } = await store.readFold(fold.name);
  fold.forget();
  fold.absorb(sums);
  return place;
}

/**
 * Reads one page for all who stand at the same place. `nothing`: there was nothing new for anyone. `full`: there is more to
 * read at once; otherwise more will come by the way, and is read together.
 */
export async function readOn(
  store: Store,
  keepers: readonly Keeper[],
  limit: number,
): Promise<'nothing' | 'some' | 'full'> {
  let found: 'nothing' | 'some' | 'full' = 'nothing';
  for (const place of new Set(keepers.map((keeper) => keeper.place))) {
    const page = await store.readLog(place, limit);
    if (page.next === place) continue;
    if (found !== 'full') found = page.isFull ? 'full' : 'some';
    for (const keeper of keepers)
      if (keeper.place === place) await keeper.take(page, (fold) => changesIn(page, fold));
  }
  return found;
}

function changesIn({ records }: LogPage, fold: Fold): ReadonlyMap<string, number> {
  const changes = new Map<string, number>();
  for (const record of records)
    for (const [key, change] of fold.changesOf(record)) changes.set(key, (changes.get(key) ?? 0) + change);
  return changes;
}
