/**
 * What became of one rule in one decision. `held` names the first thing that stopped it, in this order: its own
 * conditions, then the limits, then the other rules.
 */
export type Reason =
  | { readonly rule: string; readonly result: 'fired'; readonly nudge: string }
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
      readonly by: 'limit' | 'site_limit' | 'fatigue';
      readonly times: number;
      readonly per: string;
    }
  | {
      readonly rule: string;
      readonly result: 'held';
      readonly by: 'cooldown' | 'dismissed' | 'quiet_hours' | 'recent_purchase' | 'snoozed';
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
      /** `consent`: not given. `support_case`: one is open. `holdout`: it would have been shown, were this shopper not held out. `already_live`: its last nudge is still up. `offer_live`: an unspent offer is. `late_event`: the cart has moved on. */
      readonly by:
        | 'consent'
        | 'do_not_disturb'
        | 'support_case'
        | 'holdout'
        | 'already_live'
        | 'offer_live'
        | 'budget_spent'
        | 'nothing_to_recommend'
        | 'late_event';
    };
