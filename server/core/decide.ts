import type { ShopperEvent } from '../../shared/event.ts';
import { NUDGE_EVENTS } from '../../shared/event-names.ts';
import type { Rule } from '../../shared/rule.ts';
import { isEventTrigger } from '../../shared/trigger.ts';
import { bind, unbind } from './bindings.ts';
import { type CartStep, cartWith, touched } from './cart.ts';
import { placeAfter, reconcile, reportOf } from './cart-ledger.ts';
import { consider, type Occasion } from './consider.ts';
import { mayKeep } from './consent.ts';
import { noteContact } from './contact.ts';
import { beginEnd, depart, noteDeparted } from './departure.ts';
import type { Effect } from './effects.ts';
import type { Answer, Input } from './inputs.ts';
import { takeIn } from './merge.ts';
import { claimNudge, endAboutCart, endAll, endExpired, noteNudgeEvent } from './nudge-life.ts';
import { inOrder, isAbandonedNow, rulesFoundIn } from './occurrences.ts';
import { isKnownOrder, noteClaimedOrder, noteOrder } from './orders.ts';
import { placeAfterEvent } from './place.ts';
import { beginsVisit, notePage, sessionAfter, VISIT_GAP_MS } from './session.ts';
import { advanceJourneys, dueSteps, endJourneysBy, isDelivered } from './journeys.ts';
import { noteSegments } from './segments.ts';
import { noteWatched, rulesOnChanges } from './watch.ts';
import { isAboutWishes, noteWish } from './wishes.ts';
import { noteTraits } from './traits.ts';
import type { BudgetTake } from './offers.ts';
import { tellProgress } from './progress.ts';
import type { Random } from './random.ts';
import type { Reason } from './reasons.ts';
import { redeemCoupon, releaseCoupon } from './redeem.ts';
import type { Shopper, Visit } from './shopper.ts';
import { byImportance, type CompiledRule } from './compiled-rule.ts';
import type { LiveSite, Site } from './site.ts';
import { noteTogether } from './together.ts';
import { beginTurn, draft, type EndedNudge, type JourneyChange, type Together, type Turn } from './turn.ts';
import { dueSchedules, type DueWait, dueWaits, idleSince, nextWake, waitedAfter } from './wake.ts';

export interface Decision {
  readonly shopper: Shopper;
  readonly effects: readonly Effect[];
  readonly reasons: readonly Reason[];
  readonly steps: readonly CartStep[];
  readonly ended: readonly EndedNudge[];
  readonly together: readonly Together[];
  readonly entered: readonly string[];
  readonly left: readonly string[];
  readonly coupons: readonly string[];
  readonly budgets: readonly BudgetTake[];
  readonly journeys: readonly JourneyChange[];
  readonly redeemed: readonly string[];
  readonly startsOver: boolean;
  readonly isUnkept: boolean;
  readonly answer: Answer;
}

/**
 * The one step of a shopper's life: what becomes of them, and what the world should do about it. Pure: the same
 * arguments give the same decision, and none of them is changed.
 */
export function decide(
  shopper: Shopper,
  input: Input,
  live: LiveSite,
  now: number,
  random: Random,
): Decision {
  const turn = beginTurn(shopper, live, now, random);
  if (shopper.isEnding) return turn;
  if (shopper.departed) {
    if (input.kind === 'departed') noteDeparted(turn);
    return turn;
  }
  if (!mayKeep(shopper, input, live.site)) {
    turn.isUnkept = true;
    return turn;
  }
  endExpired(turn);
  if (live.site.isPaused) endAll(turn);
  take(turn, input);
  if (turn.shopper.departed || turn.shopper.isEnding) return turn;
  tellProgress(turn);
  const wakeAt = nextWake(turn.shopper, live.site, now);
  if (wakeAt !== turn.shopper.wakeAt) draft(turn).wakeAt = wakeAt;
  return turn;
}

function take(turn: Turn, input: Input): void {
  switch (input.kind) {
    case 'event':
      noteAbandoned(turn);
      onEvent(turn, input);
      break;
    case 'clock':
      noteAbandoned(turn);
      onClock(turn);
      break;
    case 'page':
      notePage(turn, input.page, input.from);
      considerWith(turn, []);
      break;
    case 'traits':
      noteTraits(turn, input.traits);
      considerWith(turn, []);
      break;
    case 'contact':
      noteContact(turn, input.contact);
      break;
    case 'call':
      onCall(turn, input);
      break;
    case 'claim':
      claimNudge(turn, input.nudge, input.tab, input.from);
      break;
    case 'redeem':
      redeemCoupon(turn, input);
      considerWith(turn, []);
      break;
    case 'release':
      releaseCoupon(turn, input);
      considerWith(turn, []);
      break;
    case 'identify':
      bind(turn, input);
      break;
    case 'sign_out':
      unbind(turn, input);
      break;
    case 'merge':
      takeIn(turn, input);
      considerWith(turn, []);
      break;
    case 'depart':
      depart(turn, input);
      break;
    case 'end':
      beginEnd(turn);
      break;
    // Of one who has not.
    case 'departed':
      break;
  }
}

/** A cart left alone becomes abandoned, whether the clock or an event notices first. */
function noteAbandoned(turn: Turn): void {
  const { cart } = turn.shopper;
  const isOpen = cart.phase === 'active' || cart.phase === 'idle';
  if (!isOpen || idleSince(turn.shopper) + turn.live.site.abandonAfterMs > turn.now) return;
  draft(turn).cart = { ...cart, phase: 'abandoned', wasAbandoned: true };
  // A cart counts as abandoned once, however often its shopper comes and goes.
  if (!cart.wasAbandoned) turn.steps.push('cart_abandoned');
}

function onClock(turn: Turn): void {
  const { site } = turn.live;
  const due = [...dueWaits(turn.shopper, site, turn.now), ...dueSchedules(turn.shopper, site, turn.now)];
  const abandoned = isAbandonedNow(turn.steps, turn.shopper) ? site.rulesOn.cart_abandoned : [];
  if (due.length > 0) {
    draft(turn).waited = waitedAfter(turn.shopper, site, due);
    if (due.some(({ compiled }) => compiled.rule.on === 'cart_idle')) noteIdle(turn);
  }
  const waited = due.map(({ compiled }) => compiled).sort(byImportance);
  const steps = dueSteps(turn);
  for (const { step } of steps)
    if (!isDelivered(step))
      turn.reasons.push({
        rule: step.compiled.rule.id,
        result: 'held',
        by: 'no_channel',
        channel: step.channel,
      });
  const deliverable = steps.filter(({ step }) => isDelivered(step)).map(({ step }) => step.compiled);
  considerWith(turn, [waited, abandoned, deliverable], { event: null, since: scheduledAt(due) });
  advanceJourneys(turn, steps);
}

/** Lets these rules speak, and those that the shopper's segments and the catalogue bring about beside them. */
function considerWith(
  turn: Turn,
  groups: readonly (readonly CompiledRule[])[],
  occasion: Occasion = { event: null },
): void {
  const moved = noteSegments(turn);
  const changes = noteWatched(turn);
  const changed = rulesOnChanges(changes, turn.live.site);
  consider(
    turn,
    inOrder(...groups, moved, changed),
    changed.length > 0 ? { ...occasion, changes } : occasion,
  );
}

/** The shop's server calls: what became of the rule is its answer. */
function onCall(turn: Turn, call: Extract<Input, { kind: 'call' }>): void {
  // Who is in the segment is asked as of now.
  const moved = noteSegments(turn);
  const called = turn.live.site.rulesOn.api.filter(({ rule }) => isCalled(turn, rule, call));
  considerWith(turn, [called, moved]);
  turn.answer = { kind: 'call', reason: turn.reasons.find(({ rule }) => rule === call.rule) ?? null };
}

function isCalled(
  { shopper }: Turn,
  rule: Rule,
  { rule: id, segment }: Extract<Input, { kind: 'call' }>,
): boolean {
  return rule.id === id && (segment === undefined || shopper.segments.includes(segment));
}

function scheduledAt(due: readonly DueWait[]): Map<string, number> {
  return new Map(
    due.flatMap(({ compiled, since }) => (compiled.schedule ? [[compiled.rule.id, since] as const] : [])),
  );
}

function noteIdle(turn: Turn): void {
  const { cart } = turn.shopper;
  if (cart.phase !== 'active') return;
  turn.steps.push('cart_idle');
  draft(turn).cart = { ...cart, phase: 'idle' };
}

function onEvent(turn: Turn, input: Extract<Input, { kind: 'event' }>): void {
  const { event } = input;
  if (event.name === 'purchase' && isOldOrder(turn, event, input.source)) return;
  if (input.source === 'page') noteActivity(turn, input);
  const isClaimed = isClaimedOrder(turn, input);
  if (!isClaimed) noteTogether(turn, event);
  const isLate = noteCart(turn, input);
  const isNew = event.name !== 'purchase' || (isClaimed ? noteClaimedOrder(turn) : noteOrder(turn, event));
  if (event.name === 'purchase') endAboutCart(turn);
  if (turn.shopper.journeys.length > 0) endJourneysBy(turn, triggersIn(turn, event), isNew);
  if (isAboutNudge(event)) noteNudgeEvent(turn, event.name, event.params.nudge, input.tab);
  if (isAboutWishes(event)) noteWish(turn, event, input.source);
  // The order is known, but that the shopper is here may be news.
  if (!isNew) return considerWith(turn, []);
  const own = ownRules(turn, event, isLate);
  const found = rulesFoundIn(event, turn.steps, turn.given, turn.shopper, turn.live.site);
  const { ageMs } = input;
  const groups = isClaimed ? [hold(turn, [...own, ...found], 'order_unverified')] : [own, found];
  considerWith(turn, groups, ageMs === undefined ? { event } : { event, ageMs });
}

/** The rules on the event's own name. An event that reports on a cart that has moved on has lost its say. */
function ownRules(turn: Turn, event: ShopperEvent, isLate: boolean): readonly CompiledRule[] {
  const rules = rulesNamed(event, turn.live.site);
  return isLate ? hold(turn, rules, 'late_event') : rules;
}

function hold(
  turn: Turn,
  rules: readonly CompiledRule[],
  by: 'late_event' | 'order_unverified',
): readonly CompiledRule[] {
  for (const { rule } of rules) turn.reasons.push({ rule: rule.id, result: 'held', by });
  return [];
}

/** A page says that there is an order, on a site where the shop's server has the word. */
function isClaimedOrder({ live }: Turn, { event, source }: Extract<Input, { kind: 'event' }>): boolean {
  return event.name === 'purchase' && source === 'page' && live.site.ordersByServer;
}

function rulesNamed(event: ShopperEvent, { rulesOn, rulesOnOwn }: Site): readonly CompiledRule[] {
  if (event.name === 'custom_event') return rulesOnOwn.get(event.event) ?? [];
  return isEventTrigger(event.name) ? rulesOn[event.name] : [];
}

type NudgeEvent = Extract<ShopperEvent, { name: (typeof NUDGE_EVENTS)[number] }>;

/** The triggers of an event that journeys may wait for as their end. */
function triggersIn({ given, shopper, steps }: Turn, event: ShopperEvent): string[] {
  const name = event.name === 'custom_event' ? event.event : event.name;
  const isReturn = shopper.visit.number > 1 && shopper.visit.number !== given.visit.number;
  return [name, ...(isReturn ? ['return_visit'] : []), ...steps];
}

function isAboutNudge(event: ShopperEvent): event is NudgeEvent {
  return NUDGE_EVENTS.some((name) => name === event.name);
}

/**
 * An order that is known, told again: by a server's retry, or by a thank-you page that was reloaded days later. The cart
 * of now is another one. Within a visit the page's word still counts: it has the place in the shopper's order that the
 * server's report lacks.
 */
function isOldOrder(
  turn: Turn,
  event: Extract<ShopperEvent, { name: 'purchase' | 'refund' }>,
  source: 'page' | 'server',
): boolean {
  if (!isKnownOrder(turn, event)) return false;
  return source === 'server' || turn.now - (turn.shopper.orders.lastAt ?? 0) > VISIT_GAP_MS;
}

/** Everything a shopper does is a sign of life, except these: something was done to them, they are about to leave, or it is about the shop. */
const PASSIVE: readonly ShopperEvent['name'][] = [
  'nudge_displayed',
  'exit_intent',
  'user_engagement',
  'web_vitals',
  'consent_update',
  'capture_fault',
];

function noteActivity(turn: Turn, { event }: Extract<Input, { kind: 'event' }>): void {
  const { given, now } = turn;
  const isActive = !PASSIVE.includes(event.name);
  const isNewVisit = beginsVisit(given, now);
  const shopper = draft(turn);
  shopper.rev = Math.max(given.rev, event.rev ?? 0);
  shopper.place = placeAfterEvent(given, event, now);
  shopper.session = sessionAfter(shopper.session, event, isNewVisit, now);
  if (isNewVisit) shopper.viewed = [];
  if (!isActive) return;
  shopper.activeAt = now;
  if (isNewVisit) shopper.visit = nextVisit(given, now);
  const [cart, steps] = touched(shopper.cart);
  shopper.cart = cart;
  turn.steps.push(...steps);
}

function nextVisit({ visit, activeAt }: Shopper, now: number): Visit {
  const previousEndedAt = visit.number === 0 ? null : activeAt;
  return { number: visit.number + 1, startedAt: now, previousEndedAt };
}

/** Whether the event reported on a cart that has moved on since, and so changed nothing. */
function noteCart(turn: Turn, { event, source }: Extract<Input, { kind: 'event' }>): boolean {
  const report = reportOf(event);
  if (report.says === 'nothing') return false;
  const { cart, rev } = turn.shopper;
  // What a shop's server reports has no place in the page's count: it comes after all that is known.
  const place = source === 'page' ? event.rev : undefined;
  const at = place === undefined ? placeAfter(cart.ledger, rev) : { id: event.id, rev: place };
  const ledger = reconcile(cart.ledger, at, report);
  if (ledger === cart.ledger) return true;
  const [next, steps] = cartWith(cart, ledger, event.name === 'purchase', turn.now);
  draft(turn).cart = next;
  turn.steps.push(...steps);
  return false;
}
