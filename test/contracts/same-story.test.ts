import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { LOG_START, type LogPlace, type ShopperKey, type Store } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { tempDir } from '../support/temp-dir.ts';

const SITES = ['shop', 'other'].map((id) => SiteId.parse(id));
const SHOPPERS = 5;
const START = 1_795_000_000_000;

/** One thing that is asked of a store. */
type Step =
  | {
      readonly kind: 'commit';
      readonly site: number;
      readonly shopper: number;
      readonly isStale: boolean;
      readonly wakeIn: number | null;
      readonly event: number;
      readonly code: number | null;
      readonly take: number;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'claim'; readonly leaseMs: number }
  | { readonly kind: 'write site'; readonly site: number; readonly isStale: boolean }
  | { readonly kind: 'sum up' }
  | { readonly kind: 'look' };

const small = (max: number) => fc.integer({ min: 0, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      site: small(1),
      shopper: small(SHOPPERS - 1),
      isStale: fc.boolean(),
      wakeIn: fc.option(small(20_000)),
      event: small(40),
      code: fc.option(small(20)),
      take: small(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: small(15_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('claim' as const), leaseMs: small(20_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('write site' as const), site: small(1), isStale: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sum up' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
);

/** A store that is told a story, and all that it has answered. */
class Listener {
  readonly store: Store;
  readonly answers: unknown[] = [];
  readonly #clock: { now: number };
  #place: LogPlace = LOG_START;
  #count = 0;
  #codes = 0;

  constructor(store: Store, clock: { now: number }) {
    this.store = store;
    this.#clock = clock;
  }

  async hear(story: readonly Step[]): Promise<void> {
    for (const next of story) this.answers.push([next.kind, await this.#do(next)]);
  }

  async #do(next: Step): Promise<unknown> {
    switch (next.kind) {
      case 'commit':
        return this.#commit(next);
      case 'wait':
        this.#clock.now += next.ms;
        return null;
      case 'claim': {
        const due = await this.store.claimDue(100, next.leaseMs);
        return due.map(({ site, shopper }) => `${site}/${shopper}`).toSorted();
      }
      case 'write site': {
        const id = siteOf(next.site);
        const version = ((await this.store.readVersions()).get(id) ?? 0) + (next.isStale ? 0 : 1);
        const definition = `{"count":${++this.#count >> 1}}`;
        const site = { id, version, definition, products: '[]', importedFrom: null };
        const isWritten = await this.store.writeSite(site, { at: this.#clock.now, by: 'jo' });
        const sites = (await this.store.readSites()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
        return { isWritten, sites, versions: await this.store.readSiteVersions(id, 1e9, 5) };
      }
      case 'sum up': {
        const page = await this.store.readLog(this.#place, 1_000);
        const sums = new Map([['records', page.records.length]]);
        const moved = await this.store.advanceFold('story', this.#place, page.next, sums);
        this.#place = page.next;
        return { moved, sums: (await this.store.readFold('story')).sums, records: page.records.length };
      }
      case 'look':
        return Promise.all(SITES.map((site) => this.#lookAt(site)));
    }
  }

  async #commit({ site, shopper, isStale, wakeIn, event, code, take }: Extract<Step, { kind: 'commit' }>) {
    const key = keyOf(site, shopper);
    const id = `event-${String(event).padStart(6, '0')}`;
    const { version, madeBy, counted, document, now } = await this.store.load(key, [id]);
    const isKnown = counted.has(id);
    const wakeAt = wakeIn === null ? null : now + wakeIn;
    const seq = (document?.seq ?? 0) + 1;
    const record: LogRecord = {
      at: now,
      ...key,
      version: 1,
      seed: [seq, 2, 3, 4],
      input: { kind: 'clock' },
    };
    const result = await this.store.commit({
      key,
      version: isStale && version > 0 ? version - 1 : version,
      madeBy,
      at: now,
      document: { ...(document ?? newShopper(key.shopper, now)), seq, wakeAt },
      counts: isKnown ? [] : [id],
      records: [record],
      // No code is made twice.
      coupons: code === null ? [] : [`CODE-${site}-${this.#codes++}`],
      // Where both the version has moved on and a budget is spent, either may be told.
      budgets: take === 0 || isStale ? [] : [{ name: 'gift', take, most: 12 }],
    });
    return { version, isKnown, document, now, result, after: await this.#read(key, id) };
  }

  /** Who made a version is each store's own affair. */
  async #read(key: ShopperKey, id: string) {
    const { madeBy: _, ...stored } = await this.store.load(key, [id]);
    return stored;
  }

  async #lookAt(site: SiteId) {
    const log = await wholeLog(this.store);
    const shoppers = await this.store.readShoppers(site, '', 100);
    const stories = await Promise.all(
      shoppers.map(async (shopper) => {
        const key = { site, shopper };
        const own = log.filter((record) => record.site === site && record.shopper === shopper);
        return { own, backwards: (await this.store.readLogOf(key, null)).records };
      }),
    );
    const codes = Array.from({ length: 20 }, (_, code) => this.store.findCoupon(site, `CODE-0-${code}`));
    const seqs = await this.store.readSeqs(shoppers.map((shopper) => ({ site, shopper })));
    return { shoppers, stories, codes: await Promise.all(codes), seqs };
  }
}

function siteOf(index: number): SiteId {
  const site = SITES[index];
  if (!site) throw new Error('There is no such site.');
  return site;
}

function keyOf(site: number, shopper: number): ShopperKey {
  return { site: siteOf(site), shopper: ShopperId.parse(`shopper-${shopper}`.padEnd(22, '-')) };
}

it('the embedded store and Redis answer any story alike, to the last value', async () => {
  const redis = await RedisServer.start();
  let stories = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (story) => {
      const clocks = [{ now: START }, { now: START }] as const;
      const embedded = await SqliteStore.open(await tempDir(), () => clocks[0].now);
      const shared = await RedisStore.open(redis.url, {
        prefix: `story${stories++}`,
        clock: () => clocks[1].now,
      });
      onTestFinished(async () => {
        await Promise.all([embedded.close(), shared.close()].map((end) => end.catch(() => undefined)));
      });
      const listeners = [new Listener(embedded, clocks[0]), new Listener(shared, clocks[1])] as const;
      await Promise.all(listeners.map((listener) => listener.hear(story)));
      expect(listeners[1].answers).toEqual(listeners[0].answers);
      await Promise.all([embedded.close(), shared.close()]);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
