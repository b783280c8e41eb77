import type { ShopperEvent } from '../../shared/event.ts';
import type { Trigger } from '../../shared/trigger.ts';
import type { CartStep } from './cart.ts';
import type { Shopper, View } from './shopper.ts';
import { byImportance, type CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';

/** "Poor" by web.dev's thresholds for largest contentful paint and interaction to next paint. */
const SLOW_LCP_MS = 4_000;
const SLOW_INP_MS = 500;

/** The rules whose trigger an event brings about beside the one of its own name, as the shopper was and is now. */
export function rulesFoundIn(
  event: ShopperEvent,
  steps: readonly CartStep[],
  before: Shopper,
  after: Shopper,
  site: Site,
): CompiledRule[] {
  const { rulesOn } = site;
  const found: CompiledRule[] = [];
  if (after.visit.number !== before.visit.number) found.push(...rulesOn[visitTrigger(after)]);
  if (isAbandonedNow(steps, after)) found.push(...rulesOn.cart_abandoned);
  if (steps.includes('cart_recovered')) found.push(...rulesOn.cart_recovered);
  if (isSlow(event)) found.push(...rulesOn.slow_page);
  if (before.cart.value !== after.cart.value)
    found.push(...rulesOn.cart_threshold.filter((rule) => comesNear(rule, before, after)));
  if (event.name === 'view_item')
    found.push(...rulesOn.repeat_view.filter((rule) => isNthView(rule, event, after)));
  return found.sort(byImportance);
}

/** Whoever comes back as the cart is found abandoned has not abandoned it. */
export function isAbandonedNow(steps: readonly CartStep[], { cart }: Shopper): boolean {
  return steps.includes('cart_abandoned') && cart.phase === 'abandoned';
}

/** All rules that one input brings about, in the order in which they may speak. Each group is in that order by itself. */
export function inOrder(...groups: readonly (readonly CompiledRule[])[]): readonly CompiledRule[] {
  const filled = groups.filter((group) => group.length > 0);
  return filled.length === 1 ? (filled[0] ?? []) : filled.flat().sort(byImportance);
}

function visitTrigger({ visit }: Shopper): Trigger & ('first_visit' | 'return_visit') {
  return visit.number === 1 ? 'first_visit' : 'return_visit';
}

function isSlow(event: ShopperEvent): boolean {
  if (event.name !== 'web_vitals') return false;
  const { lcp = 0, inp = 0 } = event.params;
  return lcp > SLOW_LCP_MS || inp > SLOW_INP_MS;
}

function comesNear({ rule }: CompiledRule, before: Shopper, after: Shopper): boolean {
  const { threshold } = rule;
  if (!threshold) return false;
  const isNear = ({ cart }: Shopper) =>
    cart.value > 0 && cart.value < threshold.value && cart.value >= threshold.value - threshold.within;
  return isNear(after) && !isNear(before);
}

/** Whether one of the items just viewed, or its category, has now been viewed for the n-th time. */
function isNthView({ rule, repeatMs }: CompiledRule, event: ShopperEvent, { views }: Shopper): boolean {
  const { repeat } = rule;
  if (!repeat || event.name !== 'view_item') return false;
  const from = (views.at(-1)?.at ?? 0) - repeatMs;
  const countLike = (isLike: (view: View) => boolean) =>
    views.reduce((count, view) => count + (view.at > from && isLike(view) ? 1 : 0), 0);
  return event.params.items.some(({ item_id, item_category }) => {
    if (repeat.of === 'item') return countLike((view) => view.item_id === item_id) === repeat.times;
    return (
      item_category !== undefined &&
      countLike((view) => view.item_category === item_category) === repeat.times
    );
  });
}
