import type { ShopperEvent } from '../../shared/event.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { type Area, areaOf, isQuiet } from '../../shared/nudge-kinds.ts';
import type { Rule } from '../../shared/rule.ts';
import { holdoutOf, holdoutShare, propensityOf, variantFor } from './assignment.ts';
import { codeDigest } from './code-digest.ts';
import { composeNudge } from './compose.ts';
import { firstFailure } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { beginJourney } from './journeys.ts';
import { firstLimit, pastThatCounts } from './limits.ts';
import { offerNudge } from './nudge-life.ts';
import { budgetTakes, offerLimit } from './offers.ts';
import type { Reason } from './reasons.ts';
import { type Coupon, KEPT, orderedAt } from './shopper.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';
import { draft, type Turn } from './turn.ts';
import type { ItemChanges } from './watch.ts';

/** What brings rules about, beside the shopper as they are. */
export interface Occasion {
  /** Null when the clock decides. */
  readonly event: ShopperEvent | null;
  /** How long the event took to reach the hub. */
  readonly ageMs?: number;
  /** When the time on the clock was that a rule is about, by the rule's id. */
  readonly since?: ReadonlyMap<string, number>;
  readonly changes?: ItemChanges;
}

/** Lets the rules that an input brings about have their say: at most one fires for each area of the page, and each gets its reason. */
export function consider(turn: Turn, rules: readonly CompiledRule[], occasion: Occasion): void {
  if (rules.length === 0) return;
  const { shopper, now } = turn;
  const { event, changes } = occasion;
  const { site } = turn.live;
  const plain: Facts = { shopper, event, now, timeZone: shopper.timeZone ?? site.timeZone };
  const winners = new Map<Area, string>();
  for (const base of rules) {
    const compiled = base.arms.length === 0 ? base : variantFor(base, site, shopper.id);
    const { id, on } = compiled.rule;
    const change = changes?.[on as keyof ItemChanges];
    const facts = change ? { ...plain, change } : plain;
    const outOfPlace = heldByTime(compiled, site, now, occasion) ?? heldByCondition(compiled, facts);
    if (outOfPlace) {
      turn.reasons.push(outOfPlace);
      continue;
    }
    const area = areaOf(compiled.rule.nudge);
    const winner = winners.get(area);
    const reason: Reason =
      winner === undefined
        ? tryRule(turn, compiled, facts)
        : { rule: id, result: 'held', by: 'outranked', winner };
    // Who is held out sees nothing, and neither would the others have had their turn.
    if (reason.result === 'fired' || reason.by === 'holdout') winners.set(area, id);
    turn.reasons.push(reason);
  }
}

/** Before anything about the shopper is asked: whether the rule may speak at all now. */
function heldByTime(
  { rule, fromMs, toMs, staleAfterMs }: CompiledRule,
  { isPaused }: Site,
  now: number,
  { ageMs = 0, since }: Occasion,
): Reason | null {
  if (isPaused) return { rule: rule.id, result: 'held', by: 'site_paused' };
  if (now < fromMs || now >= toMs) return heldByPeriod(rule);
  const scheduled = since?.get(rule.id);
  const age = scheduled === undefined ? ageMs : now - scheduled;
  if (age <= staleAfterMs) return null;
  return { rule: rule.id, result: 'held', by: 'stale', ageMs: age, mostMs: staleAfterMs };
}

function heldByPeriod({ id, from, to }: Rule): Reason {
  const bounds = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { rule: id, result: 'held', by: 'period', ...bounds };
}

function heldByCondition({ conditions, heldReasons }: CompiledRule, facts: Facts): Reason | null {
  const failure = firstFailure(conditions, facts);
  return failure ? heldReasons.of(failure, facts) : null;
}

/** A rule whose conditions hold, and that no other has forestalled. */
function tryRule(turn: Turn, compiled: CompiledRule, facts: Facts): Reason {
  const { rule } = compiled;
  const { site } = turn.live;
  const past = pastThatCounts(turn.shopper, site, turn.now);
  if (past !== turn.shopper.past) draft(turn).past = past;
  const limit =
    firstLimit(compiled, turn.shopper, site, { ...facts, orderedBefore: orderedBefore(turn, facts) }) ??
    offerLimit(rule, turn.shopper, turn.live, turn.now);
  if (limit) return limit;
  const nudge = composeNudge(turn, compiled, facts);
  if (typeof nudge === 'string') return { rule: rule.id, result: 'held', by: nudge };
  const holdout = holdoutOf(compiled, site, turn.shopper.id);
  if (holdout === null) return fire(turn, compiled, nudge);
  return {
    rule: rule.id,
    result: 'held',
    by: 'holdout',
    of: holdout,
    propensity: holdoutShare(compiled, site),
  };
}

/** Before what is decided on now: the server's word on an order that a page has told of is about the same one. */
function orderedBefore({ given }: Turn, { event }: Facts): number | null {
  return event?.name === 'purchase' ? given.orders.lastAt : orderedAt(given);
}

function marksOf({ class: kind, nudge }: Rule): Parameters<typeof offerNudge>[2] {
  return {
    ...(kind === 'transactional' ? { isTransactional: true } : {}),
    ...(isQuiet(nudge.kind) ? { isQuiet: true } : {}),
  };
}

function fire(turn: Turn, compiled: CompiledRule, nudge: Nudge): Reason {
  const { rule, arm } = compiled;
  // The rules that come after it are asked about the shopper as they were.
  turn.shopper = { ...turn.shopper };
  if (nudge.offer) {
    const { code, ...promised } = nudge.offer;
    const coupon: Coupon = {
      digest: codeDigest(code),
      ...promised,
      nudge: nudge.id,
      at: turn.now,
      order: null,
    };
    draft(turn).coupons = [...turn.shopper.coupons, coupon].slice(-KEPT.coupons);
    turn.coupons.push(coupon.digest);
  }
  turn.budgets.push(...budgetTakes(rule, turn.shopper.cart, turn.live.site));
  offerNudge(turn, { nudge, state: 'offered', tab: null, aboutCart: nudge.about === 'cart' }, marksOf(rule));
  if (rule.steps) beginJourney(turn, compiled);
  const propensity = propensityOf(compiled, turn.live.site);
  return {
    rule: rule.id,
    result: 'fired',
    nudge: nudge.id,
    ...(arm === null ? {} : { arm }),
    ...(propensity === 1 ? {} : { propensity }),
  };
}
