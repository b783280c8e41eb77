import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import { type Commit, LOG_START, type ShopperKey } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import type { Contracted } from './registers-contract.ts';

const site = SiteId.parse('shop');
const someone = (): ShopperKey => ({ site, shopper: ShopperId.parse(randomBytes(16).toString('base64url')) });

/** What every store guarantees of shoppers who were erased. */
export function erasureContract({ store, reopen, passUntil }: Contracted): void {
  const commit = async (key: ShopperKey, more: Partial<Commit> = {}) => {
    const { version, madeBy, now: at } = await store().load(key, []);
    const document = { ...newShopper(key.shopper, at), wakeAt: 5_000 };
    const input = { kind: 'clock' } as const;
    const records = [{ at, ...key, version: 1, seed: [1, 2, 3, 4] as const, input }];
    const nothing = { counts: [], coupons: [], budgets: [] };
    return store().commit({ key, version, madeBy, at, document, records, ...nothing, ...more });
  };
  const coupon = (digest: string) => ({
    digest,
    nudge: 'nudge-1',
    percentOff: 10,
    expiresAt: 9_000,
    order: null,
  });
  const traces = async (key: ShopperKey) => {
    const { records } = await store().readLog(LOG_START, 1_000);
    passUntil(10_000);
    const isTheirs = ({ shopper }: { shopper: string }) => shopper === key.shopper;
    return {
      document: (await store().load(key, [])).document,
      counted: [...(await store().load(key, ['event-1'])).counted],
      log: records.filter(isTheirs),
      logOf: (await store().readLogOf(key, null)).records,
      lines: (await store().readLogLines(LOG_START, 1_000)).lines.includes(key.shopper),
      listed: (await store().readShoppers(site, '', 1_000)).includes(key.shopper),
      coupon: await store().findCoupon(site, `${key.shopper.slice(0, 4)}-CODE`),
      due: (await store().claimDue(1_000, 10_000)).filter(isTheirs),
    };
  };
  const none = {
    document: null,
    counted: [],
    log: [],
    logOf: [],
    lines: false,
    listed: false,
    coupon: null,
    due: [],
  };

  it('has nothing of a shopper who was erased, and all of the others, also after it was opened anew', async () => {
    const [gone, stays] = [someone(), someone()];
    for (const key of [gone, stays]) {
      const code = `${key.shopper.slice(0, 4)}-CODE`;
      const document = { ...newShopper(key.shopper, 1_000), coupons: [coupon(code)], wakeAt: 5_000 };
      expect(await commit(key, { document, counts: ['event-1'], coupons: [code] })).toMatchObject({
        ok: true,
      });
      expect(await commit(key, { document })).toMatchObject({ ok: true });
    }
    await store().erase(gone);
    const kept = await traces(stays);
    expect(kept).toMatchObject({
      document: { id: stays.shopper },
      counted: ['event-1'],
      listed: true,
      lines: true,
    });
    expect([kept.log.length, kept.logOf.length, kept.coupon]).toEqual([2, 2, stays.shopper]);
    expect(await traces(gone)).toEqual(none);
    await reopen();
    expect(await traces(gone)).toEqual(none);
    expect((await traces(stays)).logOf).toHaveLength(2);
  });

  it('has no code of theirs, also none that their document had no more room for', async () => {
    const gone = someone();
    const codes = Array.from({ length: 30 }, (_, index) => `${gone.shopper.slice(0, 4)}-${index}`);
    for (const code of codes) expect(await commit(gone, { coupons: [code] })).toMatchObject({ ok: true });
    const found = () => Promise.all(codes.map((code) => store().findCoupon(site, code)));
    expect(new Set(await found())).toEqual(new Set([gone.shopper]));
    await store().erase(gone);
    expect(new Set(await found())).toEqual(new Set([null]));
  });

  it('takes nothing more of a shopper who was erased: loaded before, unknown before, after it was opened anew', async () => {
    const [known, unknown] = [someone(), someone()];
    await commit(known);
    const { version, madeBy, now: at } = await store().load(known, []);
    await store().erase(known);
    await store().erase(unknown);
    const document = newShopper(known.shopper, at);
    const late = {
      key: known,
      version,
      madeBy,
      at,
      document,
      counts: [],
      records: [],
      coupons: [],
      budgets: [],
    };
    expect(await store().commit(late)).toMatchObject({ ok: false });
    expect(await store().load(known, [])).toMatchObject({ document: null, version: 0, isErased: true });
    for (const key of [known, unknown]) expect(await commit(key)).toEqual({ ok: false, why: 'erased' });
    await reopen();
    for (const key of [known, unknown]) expect(await commit(key)).toEqual({ ok: false, why: 'erased' });
    expect(await store().load(someone(), [])).toMatchObject({ isErased: false });
  });

  it('erases for good though commits race with it', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const key = someone();
      await commit(key);
      await Promise.all([commit(key), commit(key), store().erase(key), commit(key)]);
      expect(await traces(key)).toEqual(none);
      passUntil(1_000);
    }
  });
}
