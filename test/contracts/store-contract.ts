import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Commit,
  LOG_START,
  type LogPlace,
  type ShopperKey,
  type Store,
} from '../../server/store/store.ts';
import { SiteId } from '../../shared/ids.ts';
import { commitOf, keyOf, record, site, someone } from './sample-commit.ts';
import { erasureContract } from './erasure-contract.ts';
import { registersContract } from './registers-contract.ts';

/** One installation of a store that can be closed, killed and opened again. */
export interface StorePlace {
  open(clock: () => number): Promise<Store>;
}

/** What every store guarantees, whatever it is made of. */
export function storeContract(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} keeps what a store promises`, () => {
    let place: StorePlace;
    let store: Store;
    let now = 1_000;
    const clock = () => now;

    const reopen = async () => {
      await store.close();
      store = await place.open(clock);
    };

    beforeEach(async () => {
      now = 1_000;
      place = await makePlace();
      store = await place.open(clock);
      onTestFinished(() => store.close());
    });

    const contracted = { store: () => store, reopen, passUntil: (time: number) => void (now = time) };
    registersContract(contracted);
    erasureContract(contracted);

    it('knows nothing of a shopper that was never committed', async () => {
      expect(await store.load(someone(), ['some-event'])).toMatchObject({
        document: null,
        version: 0,
        counted: new Set(),
        now,
        isFresh: true,
      });
    });

    it('gives back what was committed, and after it was opened anew', async () => {
      const key = someone();
      const commit = commitOf(key, 0, { counts: ['event-1'] });
      expect(await store.commit(await loaded(commit))).toMatchObject({ ok: true });
      const expected = { document: commit.document, version: 1, counted: new Set(['event-1']) };
      expect(await store.load(key, ['event-1', 'event-2'])).toMatchObject(expected);
      await reopen();
      expect(await store.load(key, ['event-1', 'event-2'])).toMatchObject(expected);
    });

    it('lets one of many win that loaded the same version, and nothing of the others happens', async () => {
      const key = someone();
      await store.load(key, []);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.commit(
            commitOf(key, 0, { seq: index, counts: [`event-${index}`], coupons: [`CODE-${index}`] }),
          ),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const winner = results.findIndex(({ ok }) => ok);
      const ids = results.map((_, index) => `event-${index}`);
      expect((await store.load(key, ids)).counted).toEqual(new Set([`event-${winner}`]));
      const found = await Promise.all(results.map((_, index) => store.findCoupon(site, `CODE-${index}`)));
      expect(found.filter((shopper) => shopper !== null)).toHaveLength(1);
      expect((await store.readLog(LOG_START, 100)).records).toHaveLength(1);
    });

    it('refuses a commit upon a version that has moved on', async () => {
      const key = someone();
      await store.commit(await loaded(commitOf(key, 0)));
      expect(await store.commit(commitOf(key, 0))).toEqual({ ok: false, why: 'conflict' });
      expect(await store.commit(await loaded(commitOf(key, 1)))).toMatchObject({ ok: true });
    });

    it('recognises every event it counted, however many there are', async () => {
      const key = someone();
      const ids = Array.from({ length: 700 }, (_, index) => `event-${index}`);
      for (let start = 0; start < ids.length; start += 100) {
        await store.commit(
          await loaded(commitOf(key, start / 100, { counts: ids.slice(start, start + 100) })),
        );
      }
      await reopen();
      expect((await store.load(key, [...ids, 'event-new'])).counted).toEqual(new Set(ids));
    });

    it('never gives more of a budget than there is, whoever asks at once', async () => {
      const keys = Array.from({ length: 60 }, someone);
      const budgets = [{ name: 'idle-cart', take: 1, most: 25 }];
      for (const key of keys) await store.load(key, []);
      const take = async (key: ShopperKey) => store.commit(commitOf(key, 0, { budgets }));
      const results = await Promise.all(keys.map(take));
      expect(results.filter(({ ok }) => ok)).toHaveLength(25);
      expect(results).toContainEqual({ ok: false, why: 'budget_spent', name: 'idle-cart' });
      await reopen();
      const late = someone();
      await store.load(late, []);
      expect(await take(late)).toMatchObject({ ok: false, why: 'budget_spent' });
    });

    it('never gives out more of a budget of money than there is, by one commit or by many', async () => {
      const [first, second, third] = [someone(), someone(), someone()];
      const taking = async (key: ShopperKey, ...takes: number[]) => {
        await store.load(key, []);
        const budgets = takes.map((take) => ({ name: 'gift amount', take, most: 1_000 }));
        return store.commit(commitOf(key, 0, { budgets }));
      };
      expect(await taking(first, 600, 500)).toEqual({ ok: false, why: 'budget_spent', name: 'gift amount' });
      expect(await taking(first, 600, 100)).toMatchObject({ ok: true });
      await reopen();
      expect(await taking(second, 301)).toMatchObject({ ok: false, why: 'budget_spent' });
      expect(await taking(third, 300)).toMatchObject({ ok: true });
    });

    it('tells what the log has of one shopper, newest first, stretch by stretch to its beginning', async () => {
      const [key, other] = [someone(), someone()];
      for (let version = 0; version < 30; version++) {
        for (const who of [key, other])
          await store.commit(await loaded(commitOf(who, version, { records: [record(who, version)] })));
        if (version === 14) await reopen();
      }
      const seen: number[] = [];
      let before: LogPlace | null = null;
      do {
        const { records, next }: Awaited<ReturnType<Store['readLogOf']>> = await store.readLogOf(key, before);
        seen.push(...records.map(({ at }) => at));
        expect(records.every(({ shopper }) => shopper === key.shopper)).toBe(true);
        before = next;
      } while (before !== null);
      expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => 29 - index));
    });

    it('lists the shoppers of one site in the order of their ids, page by page', async () => {
      const keys = Array.from({ length: 7 }, someone);
      for (const key of keys) await store.commit(await loaded(commitOf(key, 0)));
      await reopen();
      const late = someone();
      await store.commit(await loaded(commitOf(late, 0)));
      const { site: shop } = late;
      const listed: string[] = [];
      for (let page = await store.readShoppers(shop, '', 3); page.length > 0;) {
        listed.push(...page);
        page = await store.readShoppers(shop, page.at(-1) ?? '', 3);
      }
      expect(listed).toEqual([...keys, late].map(({ shopper }) => shopper).toSorted());
      expect(await store.readShoppers('other' as typeof shop, '', 3)).toEqual([]);
    });

    it('hands out a due shopper to one caller until the lease is over or somebody has committed', async () => {
      const [due, later] = [someone(), someone()];
      await store.commit(await loaded(commitOf(due, 0, { wakeAt: 5_000 })));
      await store.commit(await loaded(commitOf(later, 0, { wakeAt: 9_000 })));
      expect(await store.claimDue(10, 1_000)).toEqual([]);
      now = 5_000;
      const claims = await Promise.all([store.claimDue(10, 1_000), store.claimDue(10, 1_000)]);
      expect(claims.flat()).toEqual([due]);
      now = 6_001;
      expect(await store.claimDue(10, 1_000)).toEqual([due]);
      await store.commit(await loaded(commitOf(due, 1, { wakeAt: null })));
      now = 8_000;
      expect(await store.claimDue(10, 1_000)).toEqual([]);
    });

    it('remembers deadlines when it is opened anew', async () => {
      const key = someone();
      await store.commit(await loaded(commitOf(key, 0, { wakeAt: 5_000 })));
      await reopen();
      now = 6_000;
      expect(await store.claimDue(10, 1_000)).toEqual([key]);
    });

    it('finds the shopper of a code on its own site alone', async () => {
      const key = someone();
      await store.commit(await loaded(commitOf(key, 0, { coupons: ['AAAA-BBBB'] })));
      await reopen();
      expect(await store.findCoupon(site, 'AAAA-BBBB')).toBe(key.shopper);
      expect(await store.findCoupon(SiteId.parse('other'), 'AAAA-BBBB')).toBeNull();
      expect(await store.findCoupon(site, 'CCCC-DDDD')).toBeNull();
    });

    it('gives the log in the order of commits, in pages, to its end', async () => {
      const key = someone();
      for (let version = 0; version < 30; version++) {
        await store.commit(await loaded(commitOf(key, version, { records: [record(key, version)] })));
      }
      const seen: number[] = [];
      for (let after = LOG_START; ;) {
        const page = await store.readLog(after, 7);
        if (page.next === after) break;
        seen.push(...page.records.map(({ at }) => at));
        after = page.next;
      }
      expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => at));
    });

    it('tells where the log ends, before and after there is something in it', async () => {
      expect(await store.readLogEnd()).toBe(LOG_START);
      await store.commit(await loaded(commitOf(someone(), 0)));
      const end = await store.readLogEnd();
      expect((await store.readLog(LOG_START, 100)).next).toBe(end);
      await store.commit(await loaded(commitOf(someone(), 0)));
      expect((await store.readLog(end, 100)).records).toHaveLength(1);
    });

    it('tells how many records come after a place, and none at the end', async () => {
      const key = someone();
      expect(await store.readLogLag(LOG_START)).toEqual({ records: 0, ms: 0 });
      for (let version = 0; version < 5; version++) {
        const records = [record(key, version), record(key, version)];
        await store.commit(await loaded(commitOf(key, version, { records })));
      }
      const { next } = await store.readLog(LOG_START, 1_000);
      expect(await store.readLogLag(LOG_START)).toMatchObject({ records: 10 });
      expect(await store.readLogLag(next)).toEqual({ records: 0, ms: 0 });
      await reopen();
      await store.commit(await loaded(commitOf(key, 5)));
      expect(await store.readLogLag(next)).toMatchObject({ records: 1 });
      expect((await store.readLogLag(next)).ms).toBeGreaterThanOrEqual(0);
    });

    it('tries whether a commit would do, and nobody has anything of it', async () => {
      const { shopper } = someone();
      for (let turn = 0; turn < 40; turn++) await store.tryCommit();
      expect((await store.readLog(LOG_START, 100)).records).toEqual([]);
      expect(await store.readShoppers(site, '', 10)).toEqual([]);
      expect((await store.load({ site, shopper }, [])).version).toBe(0);
      now += 1_000_000;
      expect(await store.claimDue(10, 1_000)).toEqual([]);
      await reopen();
      await store.tryCommit();
    });

    it('moves a fold and its sums in one step, and only from where it stands', async () => {
      const key = someone();
      const places = [LOG_START];
      for (let version = 0; version < 3; version++) {
        await store.commit(await loaded(commitOf(key, version)));
        places.push((await store.readLog(places.at(-1) ?? LOG_START, 100)).next);
      }
      const move = (from: number, to: number, ...sums: [string, number][]) =>
        store.advanceFold('totals', places[from] ?? '', places[to] ?? '', new Map(sums));
      expect(await move(0, 1, ['views', 2], ['adds', 1])).toBe(true);
      expect(await move(0, 2, ['views', 100])).toBe(false);
      expect(await move(1, 3, ['views', 3])).toBe(true);
      await reopen();
      const sums = new Map([
        ['adds', 1],
        ['views', 5],
      ]);
      expect(await store.readFold('totals')).toEqual({ place: places[3], sums });
      expect(await store.readFoldPlace('totals')).toBe(places[3]);
      expect(await store.readFold('others')).toEqual({ place: LOG_START, sums: new Map() });
      expect(await store.readFoldPlace('others')).toBe(LOG_START);
    });

    it('tells what was added to a fold since, or that this is no longer known', async () => {
      const key = someone();
      const places = [LOG_START];
      for (let version = 0; version < 3; version++) {
        await store.commit(await loaded(commitOf(key, version)));
        places.push((await store.readLog(places.at(-1) ?? LOG_START, 100)).next);
      }
      const [start = '', first = '', second = '', third = ''] = places;
      const since = async (after: string) => {
        const steps = await store.readFoldSteps('totals', after);
        // Those that are no longer known by the step are so by the sums.
        return steps ?? (await store.readFold('totals'));
      };
      await store.advanceFold('totals', start, first, new Map([['views', 1]]), true);
      expect(await store.readFoldSteps('totals', first)).toEqual({ place: first, changes: [] });
      const one = await since(start);
      expect(one.place).toBe(first);
      expect(new Map('changes' in one ? one.changes : one.sums)).toEqual(new Map([['views', 1]]));
      await store.advanceFold('totals', first, second, new Map([['views', 10]]), true);
      await store.advanceFold('totals', second, third, new Map([['adds', 5]]), true);
      const more = await since(first);
      expect(more.place).toBe(third);
      const known = 'changes' in more ? [['views', 1] as const, ...more.changes] : more.sums;
      const sums = new Map<string, number>();
      for (const [what, change] of known) sums.set(what, (sums.get(what) ?? 0) + change);
      expect(sums).toEqual(
        new Map([
          ['views', 11],
          ['adds', 5],
        ]),
      );
      expect(await store.readFoldSteps('totals', 'a place of another store')).toBeNull();
      await reopen();
      expect(await store.readFoldSteps('totals', third)).toEqual({ place: third, changes: [] });
    });

    it('forgets the sums whose keys come first, of one fold', async () => {
      const hours = Array.from({ length: 1_200 }, (_, hour) => `hour-${String(hour).padStart(4, '0')}`);
      const sums = new Map(hours.map((hour) => [hour, 1]));
      await store.commit(await loaded(commitOf(someone(), 0)));
      const { next } = await store.readLog(LOG_START, 100);
      for (const fold of ['hours', 'others'])
        expect(await store.advanceFold(fold, LOG_START, next, sums, true)).toBe(true);
      await store.forgetSums('hours', 'hour-0700');
      await store.forgetSums('hours', 'hour-0100');
      await store.forgetSums('nobody', 'hour-0700');
      await reopen();
      const kept = await store.readFold('hours');
      expect([...kept.sums.keys()].toSorted()).toEqual(hours.slice(700));
      expect(kept.place).toBe(next);
      expect((await store.readFold('others')).sums.size).toBe(1_200);
      // What comes for a key that was forgotten is counted from nothing.
      await store.advanceFold('hours', next, next, new Map([['hour-0000', 5]]));
      expect((await store.readFold('hours')).sums.get('hour-0000')).toBe(5);
    });

    it('goes on from a place that was handed out before it was opened anew', async () => {
      const key = someone();
      await store.commit(await loaded(commitOf(key, 0, { records: [record(key, 1)] })));
      const { next } = await store.readLog(LOG_START, 100);
      expect(next).not.toBe(LOG_START);
      await reopen();
      await store.commit(await loaded(commitOf(key, 1, { records: [record(key, 2)] })));
      const page = await store.readLog(next, 100);
      expect(page.records.map(({ at }) => at)).toEqual([2]);
      expect((await store.readLog(page.next, 100)).next).toBe(page.next);
    });

    it('writes a site upon the version before it alone', async () => {
      const first = { id: site, version: 1, definition: '{}', products: '[]', importedFrom: null };
      const second = { ...first, version: 2, definition: '{"a":1}' };
      expect(await store.writeSite(first, { at: 1_000, by: 'jo' })).toBe(true);
      expect(await store.writeSite(first, { at: 1_001, by: 'ann' })).toBe(false);
      expect(await store.writeSite(second, { at: 2_000, by: 'ann' })).toBe(true);
      await reopen();
      const third = { ...second, version: 3, products: '[1]' };
      expect(await store.writeSite(third, { at: 3_000, by: 'stock' })).toBe(true);
      expect(await store.readSites()).toEqual([third]);
      const [newest, oldest] = [
        { version: 2, definition: second.definition, at: 2_000, by: 'ann' },
        { version: 1, definition: first.definition, at: 1_000, by: 'jo' },
      ];
      expect(await store.readSiteVersions(site, 9, 5)).toEqual([newest, oldest]);
      expect(await store.readSiteVersions(site, 2, 5)).toEqual([oldest]);
      expect(await store.readSiteVersions(site, 9, 1)).toEqual([newest]);
    });

    it('keeps its secret and its epoch', async () => {
      const [secret, { epoch }] = [await store.readSecret(), store];
      expect(secret.length).toBeGreaterThanOrEqual(32);
      await reopen();
      expect(Buffer.from(await store.readSecret())).toEqual(Buffer.from(secret));
      expect(store.epoch).toBe(epoch);
    });

    it('agrees with a plain map over random commits, conflicts and reopenings', async () => {
      const steps = fc.array(
        fc.record({
          shopper: fc.integer({ min: 0, max: 4 }),
          stale: fc.boolean(),
          reopens: fc.integer({ min: 0, max: 19 }),
          id: fc.integer({ min: 0, max: 30 }),
        }),
        { maxLength: 60 },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (list) => {
          run++;
          const model = new Map<number, { version: number; seq: number; ids: Set<string> }>();
          for (const [index, { shopper, stale, reopens, id }] of list.entries()) {
            const key = keyOf(`run${run}-${shopper}-`);
            const known = model.get(shopper) ?? { version: 0, seq: 0, ids: new Set<string>() };
            const { version, madeBy, counted } = await store.load(key, [`event-${id}`]);
            expect(version).toBe(known.version);
            expect(counted.size === 1).toBe(known.ids.has(`event-${id}`));
            const given = stale ? version - 1 : version;
            const counts = known.ids.has(`event-${id}`) ? [] : [`event-${id}`];
            const result = await store.commit(commitOf(key, given, { madeBy, seq: index, counts }));
            expect(result.ok).toBe(!stale);
            if (result.ok)
              model.set(shopper, { version: version + 1, seq: index, ids: known.ids.add(`event-${id}`) });
            if (reopens === 0) await reopen();
          }
          for (const [shopper, { version, seq }] of model) {
            expect(await store.load(keyOf(`run${run}-${shopper}-`), [])).toMatchObject({
              version,
              document: { seq },
            });
          }
        }),
        { numRuns: 15 },
      );
    });

    /** A commit is made upon a load, as the engine does. */
    async function loaded(commit: Commit): Promise<Commit> {
      const { now: at, madeBy } = await store.load(commit.key, []);
      return { ...commit, at, madeBy };
    }
  });
}
