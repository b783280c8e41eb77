import type { BudgetTake } from '../core/offers.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { RedisKeys } from './redis-keys.ts';
import { KEEP } from './redis-lane.ts';
import type { RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-scripts.ts';

/** After this long whoever held it is asked for: a commit takes a second at most. */
const HELD_FOR_MS = 10_000;
/** As long as the mark that tells whether a commit was made. */
const MARK_FOR_MS = KEEP.countedMs;

interface Hold {
  readonly name: string;
  readonly commit: string;
}

/**
 * Budgets lie in slots of their own, so that all partitions may take from them: no script can both commit and take. So a
 * part is held first, then comes the commit, which leaves a mark, and then the hold is ended. Where the process dies in
 * between, `settleOverdue` looks for the mark; where there is none it leaves one that forbids the commit for good, and
 * gives the part back. Never is more given out than there is, and nothing stays held for ever.
 */
export class RedisBudgets {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #clock: () => string | number;
  /** Those that are listed for sure. */
  readonly #listed = new Set<string>();

  constructor(link: RedisLink, keys: RedisKeys, clock: () => string | number) {
    this.#link = link;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The name of a budget with too little left; null: all is held. What was held before one was found is given back. */
  async hold(
    site: SiteId,
    takes: readonly BudgetTake[],
    commit: string,
    partition: number,
  ): Promise<string | null> {
    const held: BudgetTake[] = [];
    for (const take of takes) {
      const name = `${site}/${take.name}`;
      await this.#list(name);
      const { taken, held: holds } = this.#keys.budget(name);
      const args = [this.#clock(), commit, take.take, take.most, partition, KEEP.shopperMs];
      if ((await this.#link.run(SCRIPTS.holdBudget, [taken, holds], args)) === 1) {
        held.push(take);
        continue;
      }
      await this.end(site, held, commit, 'back');
      return take.name;
    }
    return null;
  }

  async end(
    site: SiteId,
    takes: readonly BudgetTake[],
    commit: string,
    how: 'taken' | 'back',
  ): Promise<void> {
    await Promise.all(takes.map(({ name }) => this.#settle({ name: `${site}/${name}`, commit }, how)));
  }

  /** Ends what was held by commits that nobody answers for any more. */
  async settleOverdue(now: number): Promise<void> {
    const names = await this.#link.ask((client) => client.smembers(this.#keys.budgets));
    for (const name of names) {
      const holds = await this.#link.ask((client) => client.hgetall(this.#keys.budget(name).held));
      for (const [commit, hold] of Object.entries(holds)) {
        const [, at, partition] = hold.split(' ').map(Number);
        if (at === undefined || at + HELD_FOR_MS > now) continue;
        const mark = this.#keys.partitions[partition ?? 0]?.take(commit) ?? '';
        const state = await this.#link.run(SCRIPTS.markTake, [mark], [MARK_FOR_MS]);
        await this.#settle({ name, commit }, state === 'done' ? 'taken' : 'back');
      }
    }
  }

  async #settle({ name, commit }: Hold, how: 'taken' | 'back'): Promise<void> {
    const { taken, held } = this.#keys.budget(name);
    await this.#link.run(SCRIPTS.settleBudget, [taken, held], [commit, how]);
  }

  async #list(name: string): Promise<void> {
    if (this.#listed.has(name)) return;
    await this.#link.ask((client) => client.sadd(this.#keys.budgets, name));
    this.#listed.add(name);
  }
}
