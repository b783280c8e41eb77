import type { CaptureFault } from '../core/capture-faults.ts';
import type { CartStep } from '../core/cart.ts';
import type { Input } from '../core/inputs.ts';
import type { Reason } from '../core/reasons.ts';
import type { EndedNudge, JourneyChange, Together } from '../core/turn.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';

/** One input and what was decided on it: enough to decide it again, and all that counts and learns reads. */
export interface LogRecord {
  readonly at: number;
  readonly site: SiteId;
  readonly shopper: ShopperId;
  /** The version of the site's rules. */
  readonly version: number;
  readonly seed: readonly [number, number, number, number];
  readonly input: Input;
  readonly steps?: readonly CartStep[];
  readonly reasons?: readonly Reason[];
  readonly ended?: readonly EndedNudge[];
  readonly together?: readonly Together[];
  readonly journeys?: readonly JourneyChange[];
  /** Nudges whose code was spent. */
  readonly redeemed?: readonly string[];
  /** Segments that the shopper came into, and those they went out of. */
  readonly entered?: readonly string[];
  readonly left?: readonly string[];
  /** What was wrong with a page's event, by the catalogue of that time. */
  readonly faults?: readonly CaptureFault[];
}
