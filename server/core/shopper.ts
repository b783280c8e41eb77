import type { ShopperId } from '../../shared/ids.ts';
import type { Scalar } from '../../shared/custom-event.ts';
import type { Nudge, ShownOffer } from '../../shared/nudge.ts';
import type { Page } from '../../shared/page-messages.ts';
import type { Preferences } from '../../shared/preferences.ts';
import { type Cart, emptyCart } from './cart.ts';
import { noPreferences } from './preferences.ts';

/** All that the hub knows about one shopper. Never mutated: each decision makes the next one. */
export interface Shopper {
  /** The shape's version; `currentShape` mends documents that an older hub wrote. */
  readonly v: 3;
  readonly id: ShopperId;
  readonly createdAt: number;
  /** When the shopper last did anything. */
  readonly activeAt: number;
  readonly locale: string | null;
  /** IANA name, where the shopper's device told it. */
  readonly timeZone: string | null;
  /** What the shop's server says of them, under the names that the site declares. */
  readonly traits: Readonly<Record<string, Scalar>>;
  /** Whether they may be sold to by nudges; null: they have not said. */
  readonly consent: 'granted' | 'denied' | null;
  readonly consentSaid: SaidAt | null;
  readonly preferences: Preferences;
  readonly preferencesSaid: SaidAt | null;
  /** Open cases with the shop's support. */
  readonly supportCases: readonly string[];
  /** Ids of the segments they are in. */
  readonly segments: readonly string[];
  readonly visit: Visit;
  readonly session: Session;
  /** Where in the shop the shopper is, as far as rules ask; null: elsewhere. */
  readonly place: Place | null;
  /** The waits that are over and have had their turn. */
  readonly waited: readonly Waited[];
  /** Counts the messages to this shopper's pages. */
  readonly seq: number;
  /** The highest `rev` seen. */
  readonly rev: number;
  readonly cart: Cart;
  /** Items viewed in this visit, newest first, each once. */
  readonly viewed: readonly string[];
  /** Every view of an item, over all visits, newest last. */
  readonly views: readonly View[];
  /** Items in the cart or lately viewed, on sites that ask for changes of price or stock. */
  readonly watched: readonly Watched[];
  readonly orders: {
    readonly count: number;
    readonly spent: number;
    readonly recent: readonly string[];
    readonly lastAt: number | null;
  };
  readonly nudges: readonly LiveNudge[];
  readonly past: readonly PastNudge[];
  /** Ended without word of their display, though a page had the right to: word that comes late counts them again. */
  readonly unconfirmed: readonly PastNudge[];
  readonly journeys: readonly Journey[];
  readonly coupons: readonly Coupon[];
  /** When the clock has something to decide here; null: nothing is due. */
  readonly wakeAt: number | null;
}

/** When something was said, in the shopper's own order: what was said later counts, whenever it arrives. */
export interface SaidAt {
  readonly rev: number;
  readonly id: string;
}

/** What is known of the visit's circumstances. */
export interface Session {
  /** When it was first told of. */
  readonly at: number;
  readonly device?: NonNullable<Page['device']>;
  readonly bot?: boolean;
  /** For how long pages were in sight, as far as they have been left. */
  readonly engagedMs?: number;
  readonly page?: string;
  readonly landing?: string;
  readonly referrer?: string;
  readonly utm?: NonNullable<Page['utm']>;
}

/** Visits are parted by half an hour in which the shopper did nothing. */
export interface Visit {
  /** 1 is the first; 0 before the shopper has done anything. */
  readonly number: number;
  readonly startedAt: number;
  /** When the shopper last did something in the visit before; null in the first. */
  readonly previousEndedAt: number | null;
}

/** `since`: when the cart page was opened, or the checkout got to this step. */
export type Place =
  | { readonly on: 'cart'; readonly since: number }
  | { readonly on: 'checkout'; readonly since: number; readonly step: CheckoutStep };

export type CheckoutStep = 'begin_checkout' | 'add_shipping_info' | 'add_payment_info';

/** A rule had its turn for the wait that began at `since`, or for the time on the clock; another one is another turn. */
export interface Waited {
  readonly rule: string;
  readonly since: number;
}

/** What an item cost and how many there were at the shopper's last step. */
export interface Watched {
  readonly item_id: string;
  readonly price: number;
  readonly stock?: number;
}

export interface View {
  readonly item_id: string;
  readonly item_category?: string;
  readonly at: number;
}

/** A nudge that may still be painted, or is. */
export interface LiveNudge {
  readonly nudge: Nudge;
  /** `claimed`: a tab got the right to paint; `displayed`: the shopper has seen it. */
  readonly state: 'offered' | 'claimed' | 'displayed';
  readonly tab: string | null;
  /** Whether it is about the cart, so that a purchase ends it. */
  readonly aboutCart: boolean;
}

/** What the limits count. Counted from the decision on, so that no two decisions share the last place under a cap. */
export interface PastNudge {
  readonly nudge: string;
  readonly rule: string;
  readonly at: number;
  /** The site's caps and cooldown count neither: the shopper waited for it, or it interrupted nobody. */
  readonly isTransactional?: true;
  readonly isQuiet?: true;
  readonly displayedAt: number | null;
  readonly clickedAt: number | null;
  readonly dismissedAt: number | null;
}

/** Where a shopper stands in what follows a rule's nudge. */
export interface Journey {
  readonly rule: string;
  /** The step that is due next. */
  readonly step: string;
  readonly startedAt: number;
  readonly dueAt: number;
}

export interface Coupon extends Omit<ShownOffer, 'currency'> {
  readonly nudge: string;
  /** Absent in coupons of an older hub, which knew percentages alone. */
  readonly currency?: string;
  /** The order that spent it. */
  readonly order: string | null;
}

/** Bounds of one document. The oldest entry goes, except that a full `past` holds every rule back. */
export const KEPT = {
  viewed: 20,
  views: 60,
  recentOrders: 50,
  nudges: 10,
  past: 200,
  coupons: 20,
  supportCases: 20,
  watched: 20,
  unconfirmed: 10,
  journeys: 10,
} as const;

export function newShopper(id: ShopperId, now: number): Shopper {
  return {
    v: 3,
    id,
    createdAt: now,
    activeAt: now,
    locale: null,
    timeZone: null,
    traits: {},
    consent: null,
    consentSaid: null,
    preferences: noPreferences,
    preferencesSaid: null,
    supportCases: [],
    segments: [],
    visit: { number: 0, startedAt: now, previousEndedAt: null },
    session: { at: now },
    place: null,
    waited: [],
    seq: 0,
    rev: 0,
    cart: emptyCart,
    viewed: [],
    views: [],
    watched: [],
    orders: { count: 0, spent: 0, recent: [], lastAt: null },
    nudges: [],
    past: [],
    unconfirmed: [],
    journeys: [],
    coupons: [],
    wakeAt: null,
  };
}

/** A document in the shape of today, whichever hub wrote it: what it does not tell is as it is for a new shopper. */
export function currentShape(document: Shopper | OldShopper): Shopper {
  if (document.v === 3) return document;
  const past = document.past.map((entry) => ({ displayedAt: null, clickedAt: null, ...entry }));
  const visit: Visit = { number: 1, startedAt: document.createdAt, previousEndedAt: null };
  return { ...newShopper(document.id, document.createdAt), visit, ...document, past, v: 3 };
}

/** 1: before visits, places and views were kept; 2: before sessions, traits, wishes and segments were. */
type OldShopper = Pick<
  Shopper,
  | 'id'
  | 'createdAt'
  | 'activeAt'
  | 'locale'
  | 'seq'
  | 'rev'
  | 'cart'
  | 'viewed'
  | 'orders'
  | 'nudges'
  | 'coupons'
  | 'wakeAt'
> &
  Partial<Pick<Shopper, 'timeZone' | 'visit' | 'place' | 'waited' | 'views'>> & {
    readonly v: 1 | 2;
    readonly past: readonly (Omit<PastNudge, 'displayedAt' | 'clickedAt'> & Partial<PastNudge>)[];
  };
