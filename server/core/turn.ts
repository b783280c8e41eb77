import type { CartStep } from './cart.ts';
import type { Effect } from './effects.ts';
import type { Answer } from './inputs.ts';
import type { JourneyEnd } from './journeys.ts';
import type { BudgetTake } from './offers.ts';
import type { Random } from './random.ts';
import type { Reason } from './reasons.ts';
import type { Shopper } from './shopper.ts';
import type { LiveSite } from './site.ts';

/** A nudge that left, and why: on record for each one that was never displayed. */
export interface EndedNudge {
  readonly nudge: string;
  readonly rule: string;
  readonly why:
    | 'purchased'
    | 'dismissed'
    | 'clicked'
    | 'expired'
    | 'spent'
    | 'replaced'
    | 'paused'
    | 'declined';
  readonly displayed: boolean;
}

export interface JourneyChange {
  readonly rule: string;
  readonly what: 'begun' | 'ended';
  readonly why?: JourneyEnd;
}

/** An item that was seen together with others, for learning. */
export interface Together {
  readonly how: 'viewed' | 'carted' | 'bought';
  readonly item: string;
  readonly with: readonly string[];
}

/** One decision in the making. Lives inside one call of `decide` only, which is why its parts may be filled in. */
export interface Turn {
  /** The shopper as the turn began. */
  readonly given: Shopper;
  /** As the turn has made them so far. Written by way of `draft` alone. */
  shopper: Shopper;
  readonly live: LiveSite;
  readonly now: number;
  readonly random: Random;
  readonly effects: Effect[];
  readonly reasons: Reason[];
  readonly steps: CartStep[];
  readonly ended: EndedNudge[];
  readonly together: Together[];
  /** Segments that the shopper came into, and those they went out of. */
  readonly entered: string[];
  readonly left: string[];
  /** Digests of codes handed out; each becomes findable with the commit. */
  readonly coupons: string[];
  /** Nudges whose code was spent. */
  readonly redeemed: string[];
  /** What to take from budgets, in the same commit. */
  readonly budgets: BudgetTake[];
  /** Journeys that began or ended. */
  readonly journeys: JourneyChange[];
  /** The shopper's pages stand for somebody they no longer are, or for nobody: each has to come in anew. */
  startsOver: boolean;
  /** Nothing may be kept of it, not even that it happened. */
  isUnkept: boolean;
  answer: Answer;
}

export function beginTurn(shopper: Shopper, live: LiveSite, now: number, random: Random): Turn {
  return {
    given: shopper,
    shopper,
    live,
    now,
    random,
    effects: [],
    reasons: [],
    steps: [],
    ended: [],
    together: [],
    entered: [],
    left: [],
    coupons: [],
    redeemed: [],
    budgets: [],
    journeys: [],
    startsOver: false,
    isUnkept: false,
    answer: { kind: 'none' },
  };
}

/** A shopper that may be written. */
export type Draft = { -readonly [Key in keyof Shopper]: Shopper[Key] };

/**
 * The shopper of this turn, to be written. Copied once, at the first change: a copy for each change was a third of what
 * a decision costs. Its parts are never written; they are replaced.
 */
export function draft(turn: Turn): Draft {
  if (turn.shopper === turn.given) turn.shopper = { ...turn.given };
  return turn.shopper;
}
