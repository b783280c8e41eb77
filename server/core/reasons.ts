import type { Channel } from '../../shared/journey.ts';
import type { NudgeKind } from '../../shared/nudge-kinds.ts';
import type { Holdout } from './assignment.ts';

/**
 * What became of one rule in one decision. `held` names the first thing that stopped it, in this order: its own
 * conditions, then the limits, then the other rules.
 */
export type Reason =
  | {
      readonly rule: string;
      readonly result: 'fired';
      readonly nudge: string;
      /** The experiment's arm that the shopper is in. */
      readonly arm?: string;
      /** With what probability chance chose so, where it had a choice. */
      readonly propensity?: number;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      /** It would have been shown, were this shopper not held out: by the site from all that sells, or from this rule. */
      readonly by: 'holdout';
      readonly of: Holdout;
      readonly propensity: number;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      readonly by: 'margin_floor';
      /** In percent of the cart's price; absent where the cost of an item is not known. */
      readonly wanted: number;
      readonly actual?: number;
    }
  | { readonly rule: string; readonly result: 'held'; readonly by: 'no_channel'; readonly channel: Channel }
  | { readonly rule: string; readonly result: 'held'; readonly by: 'kind_declined'; readonly kind: NudgeKind }
  | {
      readonly rule: string;
      readonly result: 'held';
      readonly by: 'condition';
      readonly path: string;
      /** The operator and its operand, such as `$gte 30`. */
      readonly wanted: string;
      readonly actual: unknown;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      readonly by: 'limit' | 'site_limit' | 'fatigue' | 'fewer' | 'offer_limit';
      readonly times: number;
      readonly per: string;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      readonly by: 'cooldown' | 'dismissed' | 'quiet_hours' | 'recent_purchase' | 'snoozed' | 'young_cart';
      readonly until: number;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      /** The event is older than the rule takes. */
      readonly by: 'stale';
      readonly ageMs: number;
      readonly mostMs: number;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      /** Before the rule's `from`, or from its `to` on. */
      readonly by: 'period';
      readonly from?: string;
      readonly to?: string;
    }
  | { readonly rule: string; readonly result: 'held'; readonly by: 'outranked'; readonly winner: string }
  | {
      readonly rule: string;
      readonly result: 'held';
      /** `site_paused`: all rules of the site are. `consent`: not given. `support_case`: one is open. `less_of_this`: the shopper has had enough of the rule. `gift_unavailable`: not in the catalogue, or out of stock. `already_live`: its last nudge is still up. `offer_live`: an unspent offer is. `address_limit`: as many codes went to the shopper's address as may. `order_unverified`: a page tells of an order, and the shop's server has not. `unsafe_link`: its link, filled in, would be none that a page may show. `late_event`: the cart has moved on. */
      readonly by:
        | 'site_paused'
        | 'consent'
        | 'do_not_disturb'
        | 'support_case'
        | 'less_of_this'
        | 'gift_unavailable'
        | 'already_live'
        | 'offer_live'
        | 'address_limit'
        | 'order_unverified'
        | 'budget_spent'
        | 'nothing_to_show'
        | 'unsafe_link'
        | 'late_event';
    };
