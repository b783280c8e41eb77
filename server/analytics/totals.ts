import type { SiteId } from '../../shared/ids.ts';
import type { LogRecord } from '../store/log-record.ts';
import type { Store } from '../store/store.ts';
import { nameOf } from '../engine/engine.ts';
import type { Fold } from './log-folds.ts';

/** How often each thing happened on a site, since its log began. */
export interface Totals {
  /** By event name. */
  readonly events: Readonly<Record<string, number>>;
  /** By what became of carts. Started = purchased + recovered + emptied + still open. */
  readonly carts: Readonly<Record<string, number>>;
  /** `decided`, and how they ended, such as `expired` or `expired_unseen`. */
  readonly nudges: Readonly<Record<string, number>>;
  readonly coupons: Readonly<Record<string, number>>;
  /** How many shoppers are in each segment. */
  readonly segments: Readonly<Record<string, number>>;
}

const NAME = 'totals';

export const totalsFold: Fold = {
  name: NAME,
  *changesOf(record) {
    for (const [group, key] of happeningsOf(record)) yield [`${record.site}\n${group}\n${key}`, 1];
    for (const id of record.entered ?? []) yield [`${record.site}\nsegments\n${id}`, 1];
    for (const id of record.left ?? []) yield [`${record.site}\nsegments\n${id}`, -1];
  },
};

export async function readTotals(store: Store, site: SiteId): Promise<Totals> {
  const totals = { events: {}, carts: {}, nudges: {}, coupons: {}, segments: {} } as Record<
    keyof Totals,
    Record<string, number>
  >;
  for (const [name, sum] of (await store.readFold(NAME)).sums) {
    const [ofSite, group, key] = name.split('\n') as [string, keyof Totals, string];
    if (ofSite === site) totals[group][key] = sum;
  }
  return totals;
}

function* happeningsOf({
  input,
  steps = [],
  reasons = [],
  ended = [],
  redeemed = [],
}: LogRecord): Iterable<[keyof Totals, string]> {
  if (input.kind === 'event') yield ['events', nameOf(input)];
  for (const _ of redeemed) yield ['coupons', 'redeemed'];
  for (const step of steps) yield ['carts', step.replace('cart_', '')];
  for (const { result } of reasons) if (result === 'fired') yield ['nudges', 'decided'];
  for (const { why, displayed } of ended) yield ['nudges', displayed ? why : `${why}_unseen`];
}
