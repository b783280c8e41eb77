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
    this.#commits.push({ key, events, at: performance.now() });
    if (this.#commits.length >= MOST + GO_AT_ONCE) this.#commits.splice(0, GO_AT_ONCE);
  }

  /** No other server had taken over by then: whichever does will have been told what was made long before. */
  sawSame(at: number): void {
    const isYoung = (commit: RecentCommit) => commit.at >= at - REMEMBERED_MS;
    const young = this.#commits.findIndex(isYoung);
    this.#commits.splice(0, young === -1 ? this.#commits.length : young);
  }

  /** The oldest; undefined: there are no more. */
  next(): RecentCommit | undefined {
    return this.#commits[0];
  }

  /** It was looked for; false where somebody else did so meanwhile. */
  done(recent: RecentCommit): boolean {
    return this.#commits[0] === recent && this.#commits.shift() !== undefined;
  }
}
