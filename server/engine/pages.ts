import type { Effect } from '../core/effects.ts';
import type { Reason } from '../core/reasons.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { ShopperKey } from '../store/store.ts';

/**
 * A shopper's open pages. A hint channel: what is handed over may be lost, and never throws. Pages learn the truth when
 * they connect.
 */
export interface Pages {
  /** The shoppers of a site who have a page open on this node. */
  connected(site: SiteId): readonly ShopperKey[];
  carryOut(key: ShopperKey, effect: Effect): void;
  /** Pages may have been told less than was decided: each connects anew, and is welcomed with the truth. */
  startOver(key: ShopperKey): void;
  /** For pages that watch decisions. */
  showDecision(key: ShopperKey, input: string, reasons: readonly Reason[]): void;
}
