import type { Scalar } from '../../shared/custom-event.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import type { Reason } from './reasons.ts';
import type { Coupon } from './shopper.ts';
import type { Page } from '../../shared/page-messages.ts';

/** Everything that can happen to a shopper. */
export type Input =
  | {
      readonly kind: 'event';
      readonly source: 'page' | 'server';
      readonly event: ShopperEvent;
      readonly tab?: string;
      /** How long it took to reach the hub, where that was more than a moment. */
      readonly ageMs?: number;
    }
  /** A page was opened; comes with the first events that it reports. */
  | { readonly kind: 'page'; readonly page: Page }
  /** What the shop's server says of the shopper; null takes a trait back. */
  | { readonly kind: 'traits'; readonly traits: Readonly<Record<string, Scalar | null>> }
  /** The shop's server calls for a rule on `api`; for a segment only those in it are meant. */
  | { readonly kind: 'call'; readonly rule: string; readonly segment?: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'claim'; readonly nudge: string; readonly tab: string; readonly from: 'push' | 'page' }
  | { readonly kind: 'redeem'; readonly code: string; readonly order: string; readonly value?: number };

/** What whoever gave the input is told. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'claim'; readonly granted: true }
  | { readonly kind: 'claim'; readonly granted: false; readonly reason: 'gone' | 'taken' }
  | { readonly kind: 'redeem'; readonly outcome: 'redeemed'; readonly coupon: Coupon }
  | { readonly kind: 'redeem'; readonly outcome: 'below_minimum'; readonly minimum: number }
  | { readonly kind: 'redeem'; readonly outcome: 'spent' | 'expired' | 'unknown' }
  /** Null: no such rule is on call, or the shopper is not in the segment. */
  | { readonly kind: 'call'; readonly reason: Reason | null };
