import { expect } from 'vitest';
import { RedisStore } from '../../server/store/redis-store.ts';
import { check, type Verdict } from '../support/rig/checker.ts';
import { shop } from '../support/rig/eager-shop.ts';
import { History } from '../support/rig/history.ts';
import { type HubNode, startNodes } from '../support/rig/nodes.ts';
import { Crowd } from '../support/rig/shoppers.ts';
import { until } from '../support/rig/until.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

export async function startHubs(
  count: number,
  env: Readonly<Record<string, string>> | ((index: number) => Readonly<Record<string, string>>),
): Promise<HubNode[]> {
  const SITE_FILE = await siteFile(await tempDir(), { rules: shop.rules, settings: shop.settings });
  const own = (index: number) => (typeof env === 'function' ? env(index) : env);
  return startNodes(count, (index) => ({ SITE_FILE, DRAIN_MS: '500', ...own(index) }));
}

export interface Pressure {
  readonly urls: () => readonly string[];
  readonly shoppers: number;
  readonly tabs?: number;
  readonly events: number;
  readonly duplicates?: number;
}

/** A crowd at work: what goes wrong meanwhile, and whether all that it was told is true in the end. */
export class CrowdedShop {
  readonly history = new History();
  readonly crowd: Crowd;
  readonly #all: number;

  constructor({ urls, shoppers, tabs = 2, events, duplicates = 0.3 }: Pressure) {
    this.#all = shoppers * tabs * events;
    this.crowd = Crowd.start({
      urls,
      history: this.history,
      shoppers,
      tabs,
      events,
      duplicates,
      pauseMs: 60,
      patienceMs: 600_000,
    });
  }

  get acked(): number {
    const acked = this.history.operations.flatMap(({ id, op, result }) =>
      op === 'event' && result === 'acked' ? [id] : [],
    );
    return new Set(acked).size;
  }

  /** Resolves when a share of all events is acked. */
  async untilAcked(share: number): Promise<void> {
    await until(`${Math.round(share * 100)} % is acked`, () => this.acked >= share * this.#all, 300_000);
  }

  /** The crowd gets the rest through, and goes. */
  async finish(): Promise<void> {
    await this.crowd.sent;
    await this.crowd.settled();
    await this.crowd.stop();
  }

  /** What the crowd was told, held against the log that Redis has now. */
  async judge(redisUrl: string): Promise<Verdict> {
    const store = await RedisStore.open(redisUrl, { allowVolatile: true });
    const verdict = check(this.history.operations, await wholeLog(store), shop);
    await store.close();
    return verdict;
  }

  /** All of it was acked, nothing that was acked is missing, and nothing happened twice. */
  expectSound(verdict: Verdict): void {
    expect(verdict.violations.slice(0, 5)).toEqual([]);
    expect(verdict.counts.acked).toBeGreaterThanOrEqual(this.#all);
    expect(verdict.counts.granted).toBeGreaterThan(0);
  }
}
