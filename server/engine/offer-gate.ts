import type { SiteId } from '../../shared/ids.ts';

/** Counts the codes that go to one address, over all hubs. */
export interface OfferGate {
  /** Counts one more, given today, and resolves with how many that makes. `from`: the mark of an address. */
  tally(site: SiteId, from: string): Promise<number>;
}

/** For a hub that is not asked where its shoppers are. */
export const openGate: OfferGate = { tally: () => Promise.resolve(0) };
