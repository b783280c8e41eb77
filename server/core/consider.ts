import type { ShopperEvent } from '../../shared/event.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { composeNudge } from './compose.ts';
import { type Condition, firstFailure } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { isHeldOut } from './holdout.ts';
import { firstLimit, isSelling, pastThatCounts } from './limits.ts';
import { offerNudge } from './nudge-life.ts';
import type { Reason } from './reasons.ts';
import { KEPT } from './shopper.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { draft, type Turn } from './turn.ts';

/** What these rules say is not about the cart that a purchase ends. */
const AFTER_THE_CART: readonly string[] = ['purchase', 'refund', 'cart_recovered'];

/** Lets the rules that an input brings about have their say: at most one fires, and each gets its reason. */
export function consider(
  turn: Turn,
  rules: readonly CompiledRule[],
  event: ShopperEvent | null,
  ageMs = 0,
): void {
  if (rules.length === 0) return;
  const { shopper, now } = turn;
  const facts: Facts = { shopper, event, now, timeZone: shopper.timeZone ?? turn.live.site.timeZone };
  let winner: string | null = null;
  for (const compiled of rules) {
    const outOfTime = heldByTime(compiled, now, ageMs);
    if (outOfTime) {
      turn.reasons.push(outOfTime);
      continue;
    }
    const failure = firstFailure(compiled.conditions, facts);
    if (failure) {
      turn.reasons.push(heldByCondition(compiled, failure, facts));
      continue;
    }
    const { id } = compiled.rule;
    const reason: Reason =
      winner === null
        ? tryRule(turn, compiled, facts)
        : { rule: id, result: 'held', by: 'outranked', winner };
    // Who is held out sees nothing, and neither would the others have had their turn.
    if (reason.result === 'fired' || reason.by === 'holdout') winner = id;
    turn.reasons.push(reason);
  }
}

function heldByTime(
  { rule, fromMs, toMs, staleAfterMs }: CompiledRule,
  now: number,
  ageMs: number,
): Reason | null {
  const held = { rule: rule.id, result: 'held' } as const;
  if (now < fromMs || now >= toMs) {
    const { from, to } = rule;
    return {
      ...held,
      by: 'period',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }
  return ageMs > staleAfterMs ? { ...held, by: 'stale', ageMs, mostMs: staleAfterMs } : null;
}

function heldByCondition({ rule }: CompiledRule, failure: Condition<Facts>, facts: Facts): Reason {
  const { path, wanted } = failure;
  const actual = failure.actual(facts, facts.now);
  return { rule: rule.id, result: 'held', by: 'condition', path, wanted, actual };
}

/** A rule whose conditions hold, and that no other has forestalled. */
function tryRule(turn: Turn, compiled: CompiledRule, facts: Facts): Reason {
  const { rule } = compiled;
  const past = pastThatCounts(turn.shopper, turn.live.site, turn.now);
  if (past !== turn.shopper.past) draft(turn).past = past;
  const limit = firstLimit(compiled, turn.shopper, turn.live.site, facts);
  if (limit) return limit;
  if (turn.live.spentBudgets.has(rule.id)) return { rule: rule.id, result: 'held', by: 'budget_spent' };
  const nudge = composeNudge(turn, compiled);
  if (!nudge) return { rule: rule.id, result: 'held', by: 'nothing_to_recommend' };
  if (isSelling(rule) && isHeldOut(turn.live.site.id, turn.shopper.id, turn.live.site.holdoutPercent))
    return { rule: rule.id, result: 'held', by: 'holdout' };
  return fire(turn, compiled, nudge);
}

function fire(turn: Turn, { rule }: CompiledRule, nudge: Nudge): Reason {
  // The rules that come after it are asked about the shopper as they were.
  turn.shopper = { ...turn.shopper };
  if (nudge.offer) {
    const coupon = { ...nudge.offer, nudge: nudge.id, order: null };
    draft(turn).coupons = [...turn.shopper.coupons, coupon].slice(-KEPT.coupons);
    turn.coupons.push(coupon.code);
  }
  if (rule.offer?.budget) turn.budgets.push({ rule: rule.id, count: rule.offer.budget.count });
  offerNudge(
    turn,
    { nudge, state: 'offered', tab: null, aboutCart: !AFTER_THE_CART.includes(rule.on) },
    rule.class === 'transactional',
  );
  return { rule: rule.id, result: 'fired', nudge: nudge.id };
}
