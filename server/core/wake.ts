import type { Shopper } from './shopper.ts';
import type { CompiledRule, Site } from './site.ts';

/** A cart is left alone since the shopper last did anything, and no longer than it has been there. */
export function idleSince({ activeAt, cart }: Shopper): number {
  return Math.max(activeAt, cart.startedAt ?? activeAt);
}

/** The `cart_idle` rules whose wait is over and that have not had their turn since the shopper last did anything. */
export function dueIdleRules(shopper: Shopper, site: Site, now: number): readonly CompiledRule[] {
  return waitingIdleRules(shopper, site).filter(({ afterMs }) => idleSince(shopper) + afterMs <= now);
}

/** When time alone changes something for this shopper; null: never. */
export function nextWake(shopper: Shopper, site: Site): number | null {
  let wakeAt = Number.POSITIVE_INFINITY;
  for (const { nudge } of shopper.nudges) wakeAt = Math.min(wakeAt, nudge.expiresAt);
  for (const { afterMs } of waitingIdleRules(shopper, site))
    wakeAt = Math.min(wakeAt, idleSince(shopper) + afterMs);
  const { phase } = shopper.cart;
  if (phase === 'active' || phase === 'idle')
    wakeAt = Math.min(wakeAt, idleSince(shopper) + site.abandonAfterMs);
  return wakeAt === Number.POSITIVE_INFINITY ? null : wakeAt;
}

function waitingIdleRules({ cart }: Shopper, site: Site): readonly CompiledRule[] {
  const rules = site.rulesOn.cart_idle;
  if (cart.phase === 'none' || rules.length === 0) return [];
  return cart.idleRules.length === 0 ? rules : rules.filter(({ rule }) => !cart.idleRules.includes(rule.id));
}
