import { expect } from 'vitest';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { RedisStore } from '../../../server/store/redis-store.ts';
import { metricsOf } from '../../support/prometheus.ts';
import { check, type Verdict } from '../../support/rig/checker.ts';
import { History } from '../../support/rig/history.ts';
import { type HubNode, startNodes } from '../../support/rig/nodes.ts';
import { RedisServer } from '../../support/rig/redis-server.ts';
import { until } from '../../support/rig/until.ts';
import { wholeLog } from '../../support/rig/whole-log.ts';
import { siteFile } from '../../support/sample-site.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { type Health, HealthWatch } from './health-watch.ts';
import type { Back, Seen, Told } from './orders.ts';
import { Pages } from './pages.ts';

type Shop = Parameters<typeof check>[2];

/** Whoever stops for a moment gets a nudge, and keeps it: there is news for those who are cut off, too. */
const shop: Shop = {
  rules: [
    {
      id: 'idle',
      status: 'published',
      on: 'cart_idle',
      after: '2s',
      nudge: { kind: 'toast', title: 'Still there?', validFor: '1h' },
    },
  ],
  settings: { holdoutPercent: 0 },
};

const OPENED_A_SECOND = 250;
const WITHIN_MS = 120_000;
/** A hub that dies may have had a deadline in hand, which another one takes over after ten seconds. */
const NEWS_WITHIN_MS = 20_000;
/** A page that is on its way may be counted before it is there. */
const MOST = 0.9;

/** What became of the pages of a hub that was killed. */
export interface Return {
  /** Since the kill. */
  readonly pages: readonly Back[];
  /** Of the hub that they came to, until all of them were back. */
  readonly health: Health;
  /** Times that it turned a page away for now. */
  readonly refused: number;
}

interface End {
  readonly verdict: Verdict;
  readonly reported: number;
  /** Nudges whose shopper has never heard of them. */
  readonly unheard: readonly string[];
  readonly faults: readonly string[];
}

/** Two hubs over one Redis, and shoppers on both of them who look around all the time. */
export class BusyShop {
  readonly hubs: readonly [HubNode, HubNode];
  readonly #shoppers: number;
  readonly #pages: Pages;
  readonly #redis: RedisServer;
  readonly #history = new History();

  private constructor(shoppers: number, hubs: readonly [HubNode, HubNode], pages: Pages, redis: RedisServer) {
    this.#shoppers = shoppers;
    this.hubs = hubs;
    this.#pages = pages;
    this.#redis = redis;
  }

  /** Resolves when all are there. */
  static async open(shoppers: number, eventsPerSecond: number): Promise<BusyShop> {
    const redis = await RedisServer.start();
    const SITE_FILE = await siteFile(await tempDir(), { rules: shop.rules, settings: shop.settings });
    const hubs = await startNodes(2, { SITE_FILE, REDIS_URL: redis.url });
    const pages = await Pages.start(hubs.map(({ url }) => url));
    await pages.open(shoppers, (shoppers / OPENED_A_SECOND) * 1_000);
    await pages.browse(eventsPerSecond);
    await pages.until('all are welcome', ({ welcome }) => welcome === shoppers, WITHIN_MS);
    return new BusyShop(shoppers, hubs as [HubNode, HubNode], pages, redis);
  }

  /** Resolves when all pages of the hub that is killed are back, on the other one. */
  async kill(
    victim: HubNode,
    meanwhile?: (survivor: HubNode, refused: () => Promise<number>) => Promise<void>,
  ): Promise<Return> {
    const survivor = this.hubs[victim === this.hubs[0] ? 1 : 0];
    const sockets = (await metricsOf(victim.url)).of('cartbell_sockets');
    const refusedBefore = await refusedBy(survivor);
    const refused = async () => (await refusedBy(survivor)) - refusedBefore;
    const watch = new HealthWatch(survivor.url);
    const since = Date.now();
    await this.#history.kill('hub', () => victim.kill());
    await meanwhile?.(survivor, refused);
    const haveHeard = ({ cut }: Seen) => cut >= MOST * sockets;
    await this.#pages.until('the pages have heard of it', haveHeard, WITHIN_MS, since);
    const areBack = ({ cut, back }: Seen) => back.length === cut;
    const { back } = await this.#pages.until('all are back', areBack, WITHIN_MS, since);
    const health = await watch.end();
    return { pages: back, health, refused: await refused() };
  }

  /** All shoppers stop and get through what is left; what they were told and have heard is held against the log. */
  async close(): Promise<End> {
    await this.#pages.browse(0);
    const isAcked = ({ acked }: Seen) => acked === this.#shoppers;
    await this.#pages.until('all is acked', isAcked, WITHIN_MS);
    const store = await RedisStore.open(this.#redis.url);
    const isHeard = async () => unheardOf(await wholeLog(store), await this.#pages.tell()).length === 0;
    // What has not come by then is named below.
    await until('all is heard of', isHeard, NEWS_WITHIN_MS).catch(() => null);
    const records = await wholeLog(store);
    const told = await this.#pages.tell();
    await store.close();
    await this.#pages.stop();
    for (const hub of this.hubs) await hub.kill();
    await this.#redis.kill();
    const verdict = check([...told.operations, ...this.#history.operations], records, shop);
    return { verdict, unheard: unheardOf(records, told), reported: told.reported, faults: told.faults };
  }
}

export function expectSound({ verdict, reported, unheard, faults }: End): void {
  expect(faults.slice(0, 5)).toEqual([]);
  expect(verdict.violations.slice(0, 5)).toEqual([]);
  expect(verdict.counts.acked).toBe(reported);
  expect(verdict.counts.fired).toBeGreaterThan(0);
  expect(unheard.slice(0, 5)).toEqual([]);
}

function unheardOf(records: readonly LogRecord[], { heard }: Told): string[] {
  const known = new Map(heard.map(([shopper, nudges]) => [shopper, new Set(nudges)]));
  return records.flatMap(({ shopper, reasons = [] }) =>
    reasons.flatMap((reason) =>
      reason.result === 'fired' && !known.get(shopper)?.has(reason.nudge) ? [reason.nudge] : [],
    ),
  );
}

async function refusedBy({ url }: HubNode): Promise<number> {
  return (await metricsOf(url)).of('cartbell_handshakes_refused_total');
}
