import type { ShopperKey } from './store.ts';

/** So long a replica may be behind and still be made the master. */
const REMEMBERED_MS = 30_000;
const MOST = 20_000;
/** So many go at once: one by one would move all the others each time. */
const GO_AT_ONCE = 1_000;

export interface RecentCommit {
  readonly key: ShopperKey;
  readonly events: readonly string[];
  readonly at: number;
}

/** What this process was told is safe lately: if another server takes over that knows less, what it lost can be named. */
export class RecentCommits {
  readonly #commits: RecentCommit[] = [];

  add(key: ShopperKey, events: readonly string[]): void {
    if (events.length === 0) return;
    const at = performance.now();
    this.#commits.push({ key, events, at });
    const isFull = this.#commits.length >= MOST;
    const isOld = (this.#commits[GO_AT_ONCE]?.at ?? at) < at - REMEMBERED_MS;
    if (isFull || isOld) this.#commits.splice(0, GO_AT_ONCE);
  }

  /** The oldest of those that were made shortly before the last one; null: there are no more. */
  next(): RecentCommit | undefined {
    const since = (this.#commits.at(-1)?.at ?? 0) - REMEMBERED_MS;
    while ((this.#commits[0]?.at ?? since) < since) this.#commits.shift();
    return this.#commits[0];
  }

  /** The one that `next` gave was looked for. */
  done(): void {
    this.#commits.shift();
  }
}
