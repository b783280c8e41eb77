import type { LogPage, LogPlace, Store } from '../store/store.ts';
import { type Fold, type RememberedFold, remembersSums } from './fold.ts';

type Changes = ReadonlyMap<string, number>;

/** So long a hub leaves the sums to the one that moved them last, before it looks whether that one still does. */
const GIVE_WAY_MS = 3_000;
/** A step that changes more would keep a store from all else for too long: where there are records enough for two, they are read in two. */
export const MOST_CHANGES = 20_000;

/**
 * Keeps one fold's sums abreast of the log: in the store, and in this hub's memory where the fold has one. Several hubs may
 * try to move those in the store: one step from one place is taken once, so they can't count twice. Whoever comes second
 * gives way and reads what the other adds, not the log; and takes over when the other has stopped.
 */
export class Keeper {
  readonly #store: Store;
  readonly fold: Fold;
  /** Up to here everything is in the store's sums and in memory. */
  place: LogPlace;
  #waysGivenUntil = 0;
  #tryAgainAt = 0;
  #firstKept: string | undefined;

  private constructor(store: Store, fold: Fold, place: LogPlace) {
    this.#store = store;
    this.fold = fold;
    this.place = place;
  }

  static async start(store: Store, fold: Fold): Promise<Keeper> {
    if (!remembersSums(fold)) return new Keeper(store, fold, await store.readFoldPlace(fold.name));
    return new Keeper(store, fold, await readAll(store, fold));
  }

  /** Takes in a page of the log that begins at `place`. */
  async take({ records, next }: LogPage, changes: Changes): Promise<void> {
    const isFollowed = remembersSums(this.fold);
    if (await this.#store.advanceFold(this.fold.name, this.place, next, changes, isFollowed)) {
      if (remembersSums(this.fold)) this.fold.absorb(changes);
      this.place = next;
      await this.#forgetBefore(records.at(-1)?.at);
      return;
    }
    await this.#giveWay();
  }

  /** What is dropped is of no more use, so it need not be dropped in one step with anything else, nor by one hub alone. */
  async #forgetBefore(at: number | undefined): Promise<void> {
    const first = at === undefined ? undefined : this.fold.firstKept?.(at);
    if (first === undefined || first === this.#firstKept) return;
    await this.#store.forgetSums(this.fold.name, first);
    this.#firstKept = first;
  }

  /** Whether another hub moved them meanwhile, so that it stands where that one left them. */
  get isBehind(): boolean {
    return this.#waysGivenUntil > 0;
  }

  /** Whether it is this hub's turn to move the sums. Where it is not, what others added is in memory now. */
  async isAtWork(): Promise<boolean> {
    if (this.#waysGivenUntil === 0) return true;
    const now = performance.now();
    const isOver = now >= this.#waysGivenUntil;
    if (now < this.#tryAgainAt || (!isOver && !remembersSums(this.fold))) return false;
    const before = this.place;
    // What could not be told may be too much for one answer: not all hubs ask for it again at once.
    this.#tryAgainAt = now + GIVE_WAY_MS * (0.5 + Math.random());
    await this.#follow();
    this.#tryAgainAt = 0;
    if (this.place !== before) this.#waysGivenUntil = performance.now() + GIVE_WAY_MS;
    else if (isOver) this.#waysGivenUntil = 0;
    return this.#waysGivenUntil === 0;
  }

  /** Goes on from where the sums stand now, also where another hub moves them, or where a server took over that has less. */
  async insist(): Promise<void> {
    await this.#follow();
    this.#waysGivenUntil = 0;
  }

  async #giveWay(): Promise<void> {
    // Whatever comes of it, the other one has the next turn.
    this.#waysGivenUntil = performance.now() + GIVE_WAY_MS;
    await this.#follow();
  }

  async #follow(): Promise<void> {
    if (remembersSums(this.fold)) await this.#followSteps(this.fold);
    else this.place = await this.#store.readFoldPlace(this.fold.name);
  }

  async #followSteps(fold: RememberedFold): Promise<void> {
    for (;;) {
      const steps = await this.#store.readFoldSteps(fold.name, this.place);
      if (steps?.place === this.place) return;
      // Step by step: what is in memory and what is not has to be known also where the next answer fails to come.
      if (steps) fold.absorb(steps.changes);
      this.place = steps ? steps.place : await readAll(this.#store, fold);
    }
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
    const here = keepers.filter((keeper) => keeper.place === place);
    const { page, changes } = await readStep(store, here, place, limit);
    if (page.next === place) continue;
    if (found !== 'full') found = page.isFull ? 'full' : 'some';
    for (const [keeper, its] of changes) await keeper.take(page, its);
  }
  return found;
}

interface Step {
  readonly page: LogPage;
  readonly changes: ReadonlyMap<Keeper, Changes>;
}

async function readStep(
  store: Store,
  keepers: readonly Keeper[],
  place: LogPlace,
  limit: number,
): Promise<Step> {
  const page = await store.readLog(place, limit);
  const changes = new Map(keepers.map((keeper) => [keeper, changesIn(page, keeper.fold)]));
  const isTooMuch = limit > 1 && [...changes.values()].some(({ size }) => size > MOST_CHANGES);
  return isTooMuch ? readStep(store, keepers, place, Math.floor(limit / 2)) : { page, changes };
}

function changesIn({ records }: LogPage, fold: Fold): Changes {
  const changes = new Map<string, number>();
  for (const record of records)
    for (const [key, change] of fold.changesOf(record)) changes.set(key, (changes.get(key) ?? 0) + change);
  return changes;
}
