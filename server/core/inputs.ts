import type { Scalar } from '../../shared/custom-event.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import type { GivenContact } from './contact.ts';
import type { Reason } from './reasons.ts';
import type { ShopperId } from '../../shared/ids.ts';
import type { Binding, Coupon, Proof, Shopper } from './shopper.ts';
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
  | { readonly kind: 'page'; readonly page: Page; readonly from?: string }
  /** What the shop's server says of the shopper; null takes a trait back. */
  | { readonly kind: 'traits'; readonly traits: Readonly<Record<string, Scalar | null>> }
  /** Where the shop may write to the shopper, sealed. */
  | { readonly kind: 'contact'; readonly contact: GivenContact }
  /** The shop's server calls for a rule on `api`; for a segment only those in it are meant. */
  | { readonly kind: 'call'; readonly rule: string; readonly segment?: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'claim'; readonly nudge: string; readonly tab: string; readonly from: 'push' | 'page' }
  /** `digest`: of the code, as `codeDigest` makes it. */
  | { readonly kind: 'redeem'; readonly digest: string; readonly order: string; readonly value?: number }
  /** The order that has spent the code is off: it is good again until its deadline. */
  | { readonly kind: 'release'; readonly digest: string; readonly order: string }
  /** The shop has shown who is at a browser, so far known as the anonymous shopper `from`, whose page had counted up to `rev`. */
  | { readonly kind: 'identify'; readonly proof: Proof; readonly from?: ShopperId; readonly rev: number }
  /** One browser is signed out; without a binding all are. */
  | { readonly kind: 'sign_out'; readonly binding?: string }
  /** This anonymous shopper is `to`, who is given all that is known. */
  | { readonly kind: 'depart'; readonly to: ShopperId }
  /** An anonymous shopper was this one: all that was known of them. */
  | { readonly kind: 'merge'; readonly shopper: Shopper }
  /** What was known has arrived at whoever this one is. */
  | { readonly kind: 'departed' }
  /** They are about to be erased. */
  | { readonly kind: 'end' };

/** What whoever gave the input is told. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'claim'; readonly granted: true }
  | { readonly kind: 'claim'; readonly granted: false; readonly reason: 'gone' | 'taken' }
  | { readonly kind: 'redeem'; readonly outcome: 'redeemed'; readonly coupon: Coupon }
  | { readonly kind: 'redeem'; readonly outcome: 'below_minimum'; readonly minimum: number }
  | { readonly kind: 'redeem'; readonly outcome: 'spent' | 'expired' | 'unknown' }
  | { readonly kind: 'release'; readonly outcome: 'released' | 'spent' | 'unknown' }
  | { readonly kind: 'identify'; readonly outcome: 'bound'; readonly binding: Binding }
  /** Another browser has shown that proof, it was made before somebody signed out, or too many were shown lately. */
  | { readonly kind: 'identify'; readonly outcome: 'refused' }
  | { readonly kind: 'sign_out'; readonly ended: number }
  /** Null: no such rule is on call, or the shopper is not in the segment. */
  | { readonly kind: 'call'; readonly reason: Reason | null };

/** As the log and its readers call it: an event by its own name. */
export function nameOf(input: Input): string {
  if (input.kind !== 'event') return input.kind;
  return input.event.name === 'custom_event' ? input.event.event : input.event.name;
}
