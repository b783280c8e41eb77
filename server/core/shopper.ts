import type { ShopperId } from '../../shared/ids.ts';
import type { Scalar } from '../../shared/custom-event.ts';
import type { Nudge, ShownOffer } from '../../shared/nudge.ts';
import type { Page } from '../../shared/page-messages.ts';
import type { Preferences } from '../../shared/preferences.ts';
import { type Cart, emptyCart } from './cart.ts';
import { codeDigest } from './code-digest.ts';
import type { Consents } from './consent.ts';
import type { Contact } from './contact.ts';
import { noPreferences } from './preferences.ts';

/** All that the hub knows about one shopper. Never mutated: each decision makes the next one. */
export interface Shopper {
  /** The shape's version; `currentShape` mends documents that an older hub wrote. */
  readonly v: 5;
  readonly id: ShopperId;
  readonly createdAt: number;
  /** When the shopper last did anything. */
  readonly activeAt: number;
  readonly locale: string | null;
  /** IANA name, where the shopper's device told it. */
  readonly timeZone: string | null;
  /** What the shop's server says of them, under the names that the site declares. */
  readonly traits: Readonly<Record<string, Scalar>>;
  /** What they allow, and the proof that they do; what is not there they have not said. */
  readonly consents: Consents;
  readonly preferences: Preferences;
  readonly preferencesSaid: SaidAt | null;
  /** Absent: the shop's server has told none. */
  readonly contact?: Contact;
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
    readonly recent: readonly KnownOrder[];
    readonly lastAt: number | null;
    /** When a page last told of an order that the shop's server has not told of since, where that has the last word. */
    readonly claimedAt?: number;
  };
  readonly nudges: readonly LiveNudge[];
  readonly past: readonly PastNudge[];
  /** Ended without word of their display, though a page had the right to: word that comes late counts them again. */
  readonly unconfirmed: readonly PastNudge[];
  readonly journeys: readonly Journey[];
  readonly coupons: readonly Coupon[];
  /** When the clock has something to decide here; null: nothing is due. */
  readonly wakeAt: number | null;
  /** The browsers in which the shop has shown who this is; absent for those who are anonymous. */
  readonly bindings?: readonly Binding[];
  /** When a browser was signed out last. */
  readonly signedOutAt?: number;
  /** They are being erased: nothing happens to them any more. */
  readonly isEnding?: true;
  /** What it was shown by lately. */
  readonly proofs?: readonly Proof[];
  /** Anonymous shoppers who turned out to be this one. */
  readonly merged?: readonly ShopperId[];
  /** An anonymous shopper who turned out to be another: from here on nothing happens to this one. */
  readonly departed?: Departed;
}

/** One browser in which a shopper is signed in to the shop. */
export interface Binding {
  readonly id: string;
  readonly at: number;
  /** The anonymous shopper of that browser: what was counted there before must not be counted here again. */
  readonly from?: ShopperId;
  /** What the browser had counted by then, and by how much what it counted next comes later in the shopper's order. */
  readonly unheard: { readonly after: number; readonly moveBy: number };
}

/** A token of the shop's that was used. */
export interface Proof {
  /** Of the token's `jti`. */
  readonly digest: string;
  /** When the shop made it. */
  readonly madeAt: number;
  /** When it is no longer good anyway. */
  readonly until: number;
  /** Who showed it first: an anonymous shopper, a browser that was bound, or a tab that was neither. */
  readonly by: string;
  readonly binding: string;
}

export interface Departed {
  readonly to: ShopperId;
  readonly at: number;
  /** All that was known has arrived there. */
  readonly isDone: boolean;
}

/** `value`: by how much it is in `spent`; null: a hub of before did not note it. */
export interface KnownOrder {
  readonly id: string;
  readonly value: number | null;
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
  /** A mark of the address that the page was asked for from: codes are counted by it, and it can't be turned back. */
  readonly from?: string;
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

export interface Coupon extends Omit<ShownOffer, 'currency' | 'code'> {
  /** Of its code, which is told with the nudge and then known to the shopper alone. */
  readonly digest: string;
  readonly nudge: string;
  /** Absent in coupons of an older hub, which knew percentages alone. */
  readonly currency?: string;
  /** When it was given; absent in coupons of an older hub. */
  readonly at?: number;
  /** The order that spent it. */
  readonly order: string | null;
}

/** When they last ordered, by whoever's word; null: never. */
export function orderedAt({ orders: { lastAt, claimedAt } }: Shopper): number | null {
  return claimedAt === undefined ? lastAt : Math.max(claimedAt, lastAt ?? 0);
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
  /** Browsers that one shopper is signed in with; the one that was added first has to sign in again. */
  bindings: 50,
  /** As many may be added at once; more are refused until the first is no longer good. */
  proofs: 100,
  /** Whoever turns out to be the same after that many stays apart: such an account is not one person's. */
  merged: 200,
} as const;

export function newShopper(id: ShopperId, now: number): Shopper {
  return {
    v: 5,
    id,
    createdAt: now,
    activeAt: now,
    locale: null,
    timeZone: null,
    traits: {},
    consents: {},
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
  if (document.v === 5) return document;
  const { consent = null, consentSaid = null, ...known } = document;
  const said = consentSaid ?? { rev: 0, id: '' };
  const { createdAt, orders } = document;
  const visit: Visit = { number: 1, startedAt: createdAt, previousEndedAt: null };
  return {
    ...newShopper(document.id, createdAt),
    visit,
    ...known,
    v: 5,
    consents: consent === null ? {} : { marketing: { word: consent, at: createdAt, by: 'page', said } },
    orders: { ...orders, recent: orders.recent.map((id) => ({ id, value: null })) },
    past: document.past.map((entry) => ({ displayedAt: null, clickedAt: null, ...entry })),
    coupons: document.coupons.map((coupon) => ('code' in coupon ? sealed(coupon) : coupon)),
  };
}

function sealed({ code, ...rest }: OpenCoupon): Coupon {
  return { ...rest, digest: codeDigest(code) };
}

type OpenCoupon = Omit<Coupon, 'digest'> & { readonly code: string };

/**
 * 1: before visits, places and views were kept; 2: before sessions, traits, wishes and segments were; 3: codes of coupons lay open;
 * 4: of consent there was one word and no proof, and what each order was worth was not noted.
 */
type OldShopper = Partial<Omit<Shopper, 'v' | 'consents' | 'orders' | 'past' | 'coupons'>> &
  Pick<Shopper, 'id' | 'createdAt' | 'activeAt'> & {
    readonly v: 1 | 2 | 3 | 4;
    readonly consent?: 'granted' | 'denied' | null;
    readonly consentSaid?: SaidAt | null;
    readonly orders: Omit<Shopper['orders'], 'recent'> & { readonly recent: readonly string[] };
    readonly coupons: readonly (Coupon | OpenCoupon)[];
    readonly past: readonly (Omit<PastNudge, 'displayedAt' | 'clickedAt'> & Partial<PastNudge>)[];
  };
