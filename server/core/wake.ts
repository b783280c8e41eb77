import { WAITING_TRIGGERS, type WaitingTrigger } from '../../shared/trigger.ts';
import { variantFor } from './assignment.ts';
import { nextSegmentChange } from './segments.ts';
import type { Shopper, Waited } from './shopper.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';

/** A run that was missed by a little is still found, so that its reason is on record. */
const LOOK_LATE_MS = 60_000;
/** Runs that were missed are walked through up to here; then the next look goes on. */
const MOST_MISSED_RUNS = 1_000;

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

/** The rules whose time on the clock has come since they had their turn, each with the last time that it did. */
export function dueSchedules(shopper: Shopper, site: Site, now: number): DueWait[] {
  const zone = shopper.timeZone ?? site.timeZone;
  return site.rulesOn.schedule.flatMap((compiled) => {
    const { schedule } = compiled;
    if (!schedule) return [];
    let since = Number.NEGATIVE_INFINITY;
    let next = schedule.nextAfter(lastTurn(shopper, compiled, now), zone);
    for (let run = 0; next <= now && run < MOST_MISSED_RUNS; run++) {
      since = next;
      next = schedule.nextAfter(next, zone);
    }
    return since === Number.NEGATIVE_INFINITY ? [] : [{ compiled, since }];
  });
}

/** From when on runs matter: those that are stale by now would be held back anyway, however many were missed. */
function lastTurn({ waited, createdAt }: Shopper, { rule, staleAfterMs }: CompiledRule, now: number): number {
  const last = waited.find((wait) => wait.rule === rule.id)?.since ?? createdAt;
  return Math.max(last, now - staleAfterMs - LOOK_LATE_MS);
}

/** What to keep of the turns that were had: of waits those that began when what they wait for began, of schedules the last. */
export function waitedAfter(shopper: Shopper, site: Site, due: readonly DueWait[]): readonly Waited[] {
  const isScheduled = (id: string) => site.rulesOn.schedule.some(({ rule }) => rule.id === id);
  const isDue = (id: string) => due.some(({ compiled }) => compiled.rule.id === id);
  const stillOn = shopper.waited.filter(({ rule, since }) =>
    isScheduled(rule) ? !isDue(rule) : WAITING_TRIGGERS.some((on) => sinceOf(on, shopper) === since),
  );
  return [...stillOn, ...due.map(({ compiled, since }) => ({ rule: compiled.rule.id, since }))];
}

/** When time alone changes something for this shopper; null: never. */
export function nextWake(shopper: Shopper, site: Site, now: number): number | null {
  let wakeAt = nextSegmentChange(shopper, site, now);
  for (const { nudge } of shopper.nudges) wakeAt = Math.min(wakeAt, nudge.expiresAt);
  for (const { dueAt } of shopper.journeys) wakeAt = Math.min(wakeAt, dueAt);
  eachWait(shopper, site, ({ afterMs }, since) => {
    wakeAt = Math.min(wakeAt, since + afterMs);
  });
  for (const compiled of site.rulesOn.schedule) {
    const next = compiled.schedule?.nextAfter(
      lastTurn(shopper, compiled, now),
      shopper.timeZone ?? site.timeZone,
    );
    wakeAt = Math.min(wakeAt, next ?? wakeAt);
  }
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
    for (const base of rules) {
      const compiled = variantFor(base, site, shopper.id);
      if (!hadTurn(shopper, compiled, since)) take(compiled, since);
    }
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
