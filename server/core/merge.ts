import { roundAmount } from '../../shared/money.ts';
import { MOST_LESS_OF, type Preferences } from '../../shared/preferences.ts';
import { cartWith, contentOf } from './cart.ts';
import { joinedLines, placeAfter, reconcile } from './cart-ledger.ts';
import { allows, mergedConsents } from './consent.ts';
import type { Input } from './inputs.ts';
import { endDeclined, endNudge, endSelling } from './nudge-life.ts';
import { declinedBy } from './preferences.ts';
import {
  type Coupon,
  KEPT,
  type KnownOrder,
  type LiveNudge,
  orderedAt,
  type SaidAt,
  type Shopper,
} from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/**
 * An anonymous shopper turns out to be this one, and what was known of them becomes known of this one, once: what counts is added
 * up, what limits allow is used up by both, what was said later holds, and what is on its way goes on, codes with it. What either
 * has bought is not in the cart of the other any more.
 */
export function takeIn(turn: Turn, { shopper: other }: Extract<Input, { kind: 'merge' }>): void {
  const own = turn.shopper;
  const merged = own.merged ?? [];
  if (merged.includes(other.id)) return;
  const next = draft(turn);
  next.merged = [...merged, other.id];
  Object.assign(next, counted(own, other, turn.now), said(own, other), visited(own, other));
  takeInCart(turn, own, other);
  takeInNudges(turn, own, other);
}

/** What is added up, and what limits look at. */
function counted(own: Shopper, other: Shopper, now: number) {
  return {
    createdAt: Math.min(own.createdAt, other.createdAt),
    orders: mergedOrders(own.orders, other.orders),
    past: [...own.past, ...other.past].sort((a, b) => a.at - b.at).slice(-KEPT.past),
    unconfirmed: [...own.unconfirmed, ...other.unconfirmed].slice(-KEPT.unconfirmed),
    coupons: mostUseful([...own.coupons, ...other.coupons], now),
    waited: union(other.waited, own.waited, ({ rule }) => rule),
    journeys: union(own.journeys, other.journeys, ({ rule }) => rule).slice(0, KEPT.journeys),
  } satisfies Partial<Shopper>;
}

/** What somebody has said: the shop's server of this one, and the shopper by either. */
function said(own: Shopper, other: Shopper) {
  return {
    traits: { ...other.traits, ...own.traits },
    ...((own.contact ?? other.contact) ? { contact: { ...other.contact, ...own.contact } } : {}),
    consents: mergedConsents(own.consents, other.consents),
    preferences: quieter(own.preferences, other.preferences),
    preferencesSaid: earlier(own.preferencesSaid, other.preferencesSaid),
    supportCases: union(own.supportCases, other.supportCases, (id) => id).slice(-KEPT.supportCases),
  } satisfies Partial<Shopper>;
}

/** Where they are and what they looked at: at the browser where this was found out, if they were there last. */
function visited(own: Shopper, other: Shopper) {
  const [last, before] = other.activeAt >= own.activeAt ? [other, own] : [own, other];
  const isNew = before.visit.number === 0;
  const previousEndedAt = isNew ? last.visit.previousEndedAt : before.activeAt;
  return {
    activeAt: last.activeAt,
    locale: last.locale ?? before.locale,
    timeZone: last.timeZone ?? before.timeZone,
    session: last.session,
    place: last.place,
    visit: {
      ...last.visit,
      number: own.visit.number + other.visit.number,
      previousEndedAt: last.visit.previousEndedAt ?? previousEndedAt,
    },
    viewed: union(last.viewed, before.viewed, (item) => item).slice(0, KEPT.viewed),
    views: [...own.views, ...other.views].sort((a, b) => a.at - b.at).slice(-KEPT.views),
    watched: union(last.watched, before.watched, ({ item_id }) => item_id).slice(0, KEPT.watched),
    rev: Math.max(own.rev, other.rev),
  } satisfies Partial<Shopper>;
}

/** An order that both knew, one by a page and one by the shop's server, is one order. */
function mergedOrders(own: Shopper['orders'], other: Shopper['orders']): Shopper['orders'] {
  const twice = other.recent.filter(({ id }) => own.recent.some((known) => known.id === id));
  const twiceValue = twice.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const claimedAt = Math.max(own.claimedAt ?? 0, other.claimedAt ?? 0);
  const lastAt = Math.max(own.lastAt ?? 0, other.lastAt ?? 0);
  return {
    count: own.count + other.count - twice.length,
    spent: Math.max(0, roundAmount(own.spent + other.spent - twiceValue)),
    recent: union<KnownOrder>(own.recent, other.recent, ({ id }) => id).slice(-KEPT.recentOrders),
    lastAt: lastAt === 0 ? null : lastAt,
    ...(claimedAt === 0 ? {} : { claimedAt }),
  };
}

/** Codes that are still good before those that are not, and the newest of these. */
function mostUseful(coupons: readonly Coupon[], now: number): readonly Coupon[] {
  if (coupons.length <= KEPT.coupons) return coupons;
  const isGood = ({ order, expiresAt }: Coupon) => order === null && expiresAt > now;
  const byUse = coupons.toSorted(
    (a, b) => Number(isGood(b)) - Number(isGood(a)) || b.expiresAt - a.expiresAt,
  );
  const kept = new Set(byUse.slice(0, KEPT.coupons));
  return coupons.filter((coupon) => kept.has(coupon));
}

/** Of two wishes the one for less: nobody gets more than they asked for since they signed in. */
function quieter(own: Preferences, other: Preferences): Preferences {
  const snoozedUntil = Math.max(own.snoozedUntil ?? 0, other.snoozedUntil ?? 0);
  const without = union(own.without ?? [], other.without ?? [], (kind) => kind);
  const lessOf = union(own.lessOf ?? [], other.lessOf ?? [], (rule) => rule).slice(-MOST_LESS_OF);
  return {
    doNotDisturb: own.doNotDisturb || other.doNotDisturb,
    snoozedUntil: snoozedUntil === 0 ? null : snoozedUntil,
    quietHours: other.quietHours ?? own.quietHours,
    ...(own.fewer || other.fewer ? { fewer: true as const } : {}),
    ...(without.length > 0 ? { without } : {}),
    ...(lessOf.length > 0 ? { lessOf } : {}),
  };
}

/**
 * Both carts in one, each line as often as the fuller cart has it: shops join them so when somebody signs in, and the page's next
 * report of its cart outweighs this. One that was begun before the other one's last order is perhaps what was ordered.
 */
function takeInCart(turn: Turn, own: Shopper, other: Shopper): void {
  const ownLines = isBought(own, other) ? [] : own.cart.lines;
  const lines = joinedLines(ownLines, isBought(other, own) ? [] : other.cart.lines);
  const isMerged = own.cart.lines.length > 0 && other.cart.lines.length > 0;
  if (isMerged) turn.steps.push('cart_merged');
  // What was begun is counted already.
  const begun = ownLines.length > 0 || other.cart.lines.length === 0 ? own.cart : other.cart;
  const at = placeAfter(own.cart.ledger, heardOf(own, other));
  const ledger = reconcile(own.cart.ledger, at, { says: 'all', lines });
  if (lines.length > 0) draft(turn).cart = { ...begun, ...contentOf(lines), ledger };
  else {
    const [cart, steps] = cartWith(begun, ledger, true, turn.now);
    draft(turn).cart = cart;
    turn.steps.push(...steps);
  }
}

/** Up to where the browser that shows this was heard, as this shopper counts. */
function heardOf({ bindings, rev }: Shopper, { id }: Shopper): number {
  const unheard = bindings?.find(({ from }) => from === id)?.unheard;
  return unheard ? unheard.after + unheard.moveBy : rev;
}

function isBought({ cart }: Shopper, other: Shopper): boolean {
  return cart.startedAt !== null && cart.startedAt <= (orderedAt(other) ?? Number.NEGATIVE_INFINITY);
}

/** What was on its way to either is on its way to both, and each page is told of it, as far as it is still wanted. */
function takeInNudges(turn: Turn, own: Shopper, other: Shopper): void {
  const next = draft(turn);
  const room = Math.max(KEPT.nudges - own.nudges.length, 0);
  const taken = new Set(other.nudges.slice(0, room).map(({ nudge }) => nudge.id));
  next.nudges = [...own.nudges, ...other.nudges];
  for (const live of other.nudges.slice(room)) endNudge(turn, live, 'replaced');
  for (const [one, theirs] of [
    [own, other],
    [other, own],
  ] as const)
    for (const live of one.nudges)
      if (live.aboutCart && isBought(one, theirs) && isLive(turn, live)) endNudge(turn, live, 'purchased');
  if (mayBeSoldTo(turn)) endDeclined(turn, (nudge) => declinedBy(turn.shopper.preferences, nudge) !== null);
  else endSelling(turn);
  for (const live of turn.shopper.nudges) if (taken.has(live.nudge.id)) pushAnew(turn, live);
  turn.coupons.push(...other.coupons.map(({ digest }) => digest));
}

function isLive({ shopper }: Turn, live: LiveNudge): boolean {
  return shopper.nudges.includes(live);
}

function mayBeSoldTo({ shopper, live, now }: Turn): boolean {
  const { doNotDisturb, snoozedUntil } = shopper.preferences;
  return allows(shopper, 'marketing', live.site.needsConsent) && !doNotDisturb && (snoozedUntil ?? 0) <= now;
}

/** Under a number of this shopper's life. */
function pushAnew(turn: Turn, live: LiveNudge): void {
  const next = draft(turn);
  next.seq += 1;
  const nudge = { ...live.nudge, seq: next.seq };
  const told = { ...live, nudge };
  next.nudges = next.nudges.map((other) => (other === live ? told : other));
  turn.effects.push({ kind: 'push', nudge });
}

/** So that word from either browser that is still to come is heard. */
function earlier(a: SaidAt | null, b: SaidAt | null): SaidAt | null {
  if (!a || !b) return a ?? b;
  return a.rev < b.rev ? a : b;
}

function union<T>(first: readonly T[], second: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const known = new Set(first.map(keyOf));
  return [...first, ...second.filter((one) => !known.has(keyOf(one)))];
}
