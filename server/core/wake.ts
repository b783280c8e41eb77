import { WAITING_TRIGGERS, type WaitingTrigger } from '../../shared/trigger.ts';
import { nextSegmentChange } from './segments.ts';
import type { Shopper, Waited } from './shopper.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';

/** A rule's wait that is over. */
export interface DueWait {
  readonly compiled: CompiledRule;
  readonly since: number;
}

/** A cart is left alone since the shopper last did anything, and no longer than it has been there. */
export function idleSince({ activeAt, cart }: Shopper): number {
  return Math.max(activeAt, cart.startedAt ?? activeAt);
}

/** The rules whose wait is over and that have not had their turn for it. */
export function dueWaits(shopper: Shopper, site: Site, now: number): DueWait[] {
  const due: DueWait[] = [];
  eachWait(shopper, site, (compiled, since) => {
    if (since + compiled.afterMs <= now) due.push({ compiled, since });
  });
  return due;
}

/** What to keep of the waits that had their turn: those that began when what they wait for began. */
export function waitedAfter(shopper: Shopper, due: readonly DueWait[]): readonly Waited[] {
  const stillOn = shopper.waited.filter(({ since }) =>
    WAITING_TRIGGERS.some((on) => sinceOf(on, shopper) === since),
  );
  return [...stillOn, ...due.map(({ compiled, since }) => ({ rule: compiled.rule.id, since }))];
}

/** When time alone changes something for this shopper; null: never. */
export function nextWake(shopper: Shopper, site: Site, now: number): number | null {
  let wakeAt = nextSegmentChange(shopper, site, now);
  for (const { nudge } of shopper.nudges) wakeAt = Math.min(wakeAt, nudge.expiresAt);
  eachWait(shopper, site, ({ afterMs }, since) => {
    wakeAt = Math.min(wakeAt, since + afterMs);
  });
  const { phase } = shopper.cart;
  if (phase === 'active' || phase === 'idle')
    wakeAt = Math.min(wakeAt, idleSince(shopper) + site.abandonAfterMs);
  return wakeAt === Number.POSITIVE_INFINITY ? null : wakeAt;
}

/** Every rule that waits for something that is going on now and has not had its turn for it. */
function eachWait(shopper: Shopper, site: Site, take: (compiled: CompiledRule, since: number) => void): void {
  for (const trigger of WAITING_TRIGGERS) {
    const rules = site.rulesOn[trigger];
    if (rules.length === 0) continue;
    const since = sinceOf(trigger, shopper);
    if (since === null) continue;
    for (const compiled of rules) if (!hadTurn(shopper, compiled, since)) take(compiled, since);
  }
}

function hadTurn({ waited }: Shopper, { rule }: CompiledRule, since: number): boolean {
  return waited.some((wait) => wait.since === since && wait.rule === rule.id);
}

/** Since when it has been going on; null: it is not. */
function sinceOf(trigger: WaitingTrigger, shopper: Shopper): number | null {
  const { cart, place, activeAt } = shopper;
  if (cart.phase === 'none') return null;
  switch (trigger) {
    case 'cart_idle':
      return idleSince(shopper);
    case 'checkout_stalled':
      return place?.on === 'checkout' ? Math.max(activeAt, place.since) : null;
    case 'cart_dwell':
      return place?.on === 'cart' ? place.since : null;
  }
}
