import type { ShopperEvent } from '../../../shared/event.ts';
import type { ItemChange } from '../watch.ts';
import type { Shopper } from '../shopper.ts';

/** What a rule's conditions may speak of. */
export interface Facts {
  readonly shopper: Shopper;
  /** Absent when the clock decides. */
  readonly event: ShopperEvent | null;
  readonly now: number;
  /** The change of price or stock that a rule is on. */
  readonly change?: ItemChange;
  /** Where the shopper's day is counted: their own zone, or the site's when theirs is not known. */
  readonly timeZone: string;
}
