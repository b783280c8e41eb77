import type { SiteId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';
import { nameOf } from '../core/inputs.ts';
import type { Fold } from './fold.ts';

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
  changesOf({ site, input, steps, reasons, ended, redeemed, entered, left }) {
    const changes: [string, number][] = [];
    // Most records tell of an event and nothing else, so each part is looked for by itself.
    if (input.kind === 'event') changes.push([`${site}\nevents\n${nameOf(input)}`, 1]);
    if (redeemed) for (const _ of redeemed) changes.push([`${site}\ncoupons\nredeemed`, 1]);
    if (steps) for (const step of steps) changes.push([`${site}\ncarts\n${step.replace('cart_', '')}`, 1]);
    if (reasons)
      for (const { result } of reasons) if (result === 'fired') changes.push([`${site}\nnudges\ndecided`, 1]);
    if (ended)
      for (const { why, displayed } of ended)
        changes.push([`${site}\nnudges\n${displayed ? why : `${why}_unseen`}`, 1]);
    if (entered) for (const id of entered) changes.push([`${site}\nsegments\n${id}`, 1]);
    if (left) for (const id of left) changes.push([`${site}\nsegments\n${id}`, -1]);
    return changes;
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
