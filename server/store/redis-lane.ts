import type { Written } from './redis-document.ts';
import type { RedisLink } from './redis-link.ts';
import type { Partition, RedisKeys } from './redis-keys.ts';
import { linesOf } from './record-lines.ts';
import { type LogKey, logKeyToText } from './log-key.ts';
import { sealLines } from './sealed-lines.ts';
import { SCRIPTS } from './redis-scripts.ts';
import type { Commit } from './store.ts';

const DAY_MS = 86_400_000;

/** How long Redis keeps what nobody touches, and how many ids of one shopper it recognises. */
export const KEEP = {
  shopperMs: 400 * DAY_MS,
  /** For as long pages may come back that know an erased shopper's id. */
  erasedMs: 800 * DAY_MS,
  countedMs: 2 * DAY_MS,
  countedIds: 20_000,
  pagesMs: DAY_MS,
} as const;

/** A decision's time may be ahead of the store's by the difference of two computers' speeds, and behind by a slow commit. */
const MOST_AHEAD_MS = 50;
const MOST_BEHIND_MS = 5_000;
/** Commits that travel in one command. */
const MOST_TOGETHER = 64;
/** What was read of the time is good for so long: clocks of two computers run apart by less than 0.1 ms in it. */
const CLOCK_GOOD_FOR_MS = 1_000;

/** `null`: refused, load anew. `erased`: nothing is kept of the shopper. Otherwise the nodes on which they have a page open. */
export type Committed = readonly string[] | 'erased' | null;

/** The key that a commit's records are sealed with. */
export interface Sealing {
  readonly logKey: LogKey;
  /** Whether the commit has to bring it. */
  readonly isNew: boolean;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
  resolve(result: Committed): void;
  reject(error: unknown): void;
}

/** The commits of one partition. While some are on their way the next ones gather: commands grow with the load. */
export class RedisLane {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #partition: Partition;
  readonly #clock: () => string | number;
  #gathering: Waiting[] = [];
  #isSending = false;
  #read: { now: number; at: number } | null = null;

  constructor(link: RedisLink, keys: RedisKeys, partition: Partition, clock: () => string | number) {
    this.#link = link;
    this.#keys = keys;
    this.#partition = partition;
    this.#clock = clock;
  }

  /** The partition's time, as far as it was read lately; null: ask. */
  now(): number | null {
    if (!this.#read) return null;
    const since = performance.now() - this.#read.at;
    return since < CLOCK_GOOD_FOR_MS ? this.#read.now + Math.floor(since) : null;
  }

  /** Notes what time Redis said it was; never puts it back. */
  heard(now: number): void {
    const known = this.now();
    if (known === null || known < now) this.#read = { now, at: performance.now() };
  }

  /** `id`: which attempt it is that changes the shopper. */
  commit(
    commit: Commit,
    { text, isWhole }: Written,
    id: string,
    { logKey, isNew }: Sealing,
  ): Promise<Committed> {
    const { member, shopper, counted, pages, erased, coupons: own } = this.#keys.shopper(commit.key);
    const { key, version, document, at, counts, records, coupons, budgets } = commit;
    const takes = budgets.length > 0;
    const keys = [
      shopper,
      counted,
      pages,
      this.#partition.index(key.site),
      ...(version === 0 ? [erased()] : []),
      ...(takes ? [this.#partition.take(id)] : []),
      ...(coupons.length > 0 ? [own] : []),
      ...coupons.map((code) => this.#partition.coupon(key.site, code)),
    ];
    const args = [
      member,
      key.shopper,
      version,
      commit.madeBy,
      id,
      at,
      document.wakeAt ?? '',
      document.seq,
      text,
      isWhole ? '1' : '',
      sealLines(linesOf(records), logKey),
      logKey.id,
      isNew ? logKeyToText(logKey) : '',
      takes ? '1' : '',
      coupons.length,
      counts.length,
      ...counts,
    ];
    return new Promise((resolve, reject) => {
      this.#gathering.push({ keys, args, resolve, reject });
      if (!this.#isSending) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    // Everything that this turn of the event loop brings goes into one command.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#gathering.length > 0) await this.#sendSome(this.#gathering.splice(0, MOST_TOGETHER));
    this.#isSending = false;
  }

  async #sendSome(some: readonly Waiting[]): Promise<void> {
    const { due, log, logKeys } = this.#partition;
    const keys = [due, log, logKeys, ...some.flatMap((one) => one.keys)];
    const bounds = [MOST_AHEAD_MS, MOST_BEHIND_MS, KEEP.shopperMs, KEEP.countedMs, KEEP.countedIds];
    const args = [this.#clock(), ...bounds, ...some.flatMap((one) => one.args)];
    try {
      const [now, ...results] = (await this.#link.run(SCRIPTS.commit, keys, args)) as [
        number,
        ...Committed[],
      ];
      this.heard(now);
      for (const [index, { resolve }] of some.entries()) resolve(results[index] ?? null);
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}
