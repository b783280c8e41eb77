import type { ShopperEvent } from '../../shared/event.ts';

/** Everything that can happen to a shopper. */
export type Input =
  | {
      readonly kind: 'event';
      readonly source: 'page' | 'server';
      readonly event: ShopperEvent;
      readonly locale?: string;
      readonly tab?: string;
    }
  | { readonly kind: 'clock' }
  | { readonly kind: 'claim'; readonly nudge: string; readonly tab: string; readonly from: 'push' | 'page' }
  | { readonly kind: 'redeem'; readonly code: string; readonly order: string };

/** What whoever gave the input is told. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'claim'; readonly granted: true }
  | { readonly kind: 'claim'; readonly granted: false; readonly reason: 'gone' | 'taken' }
  | {
      readonly kind: 'redeem';
      readonly outcome: 'redeemed';
      readonly percentOff: number;
      readonly expiresAt: number;
    }
  | { readonly kind: 'redeem'; readonly outcome: 'spent' | 'expired' | 'unknown' };
