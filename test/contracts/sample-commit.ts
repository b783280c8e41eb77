import { randomBytes } from 'node:crypto';
import { newShopper } from '../../server/core/shopper.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import type { Commit, ShopperKey } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';

export const site = SiteId.parse('shop');
export const keyOf = (name: string): ShopperKey => ({ site, shopper: ShopperId.parse(name.padEnd(22, 'x')) });
export const someone = () => keyOf(randomBytes(16).toString('base64url'));

export function record(key: ShopperKey, at: number): LogRecord {
  return { at, ...key, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } };
}

export function commitOf(
  key: ShopperKey,
  version: number,
  more: Partial<Commit> & { seq?: number; wakeAt?: number | null } = {},
): Commit {
  const { seq = version + 1, wakeAt = null, ...rest } = more;
  const document = { ...newShopper(key.shopper, 1_000), seq, wakeAt };
  return {
    key,
    version,
    madeBy: '',
    at: 1_000,
    document,
    counts: [],
    records: [record(key, 1_000)],
    coupons: [],
    budgets: [],
    ...rest,
  };
}
