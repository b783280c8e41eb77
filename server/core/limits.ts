import { isQuiet } from '../../shared/nudge-kinds.ts';
import type { Rule } from '../../shared/rule.ts';
import type { Facts } from './conditions/facts.ts';
import { allows } from './consent.ts';
import { declinedBy } from './preferences.ts';
import { compileQuietHours, quietUntil } from './quiet-hours.ts';
import type { Reason } from './reasons.ts';
import { KEPT, type PastNudge, type Shopper } from './shopper.ts';
import type { CompiledLimit, CompiledRule } from './compiled-rule.ts';
import type { CompiledFatigue, Site } from './site.ts';

/** What became of the nudges of so long makes a shopper's fatigue budget. */
export const FATIGUE_LOOKS_BACK_MS = 30 * 86_400_000;
/** What a shopper gets who has asked for fewer. */
const FEWER: CompiledLimit = { times: 1, per: '1d', perMs: 86_400_000 };

/** `orderedBefore`: the last order before this decision; what the decision itself brings, such as thanks, is about its own. */
type When = Pick<Facts, 'now' | 'timeZone'> & { readonly orderedBefore: number | null };

/**
 * The first limit that forbids this rule's nudge now. Windows roll: a cap of 3 a day looks at the last 24 hours. A
 * nudge counts from the decision on and stops counting only when it left without having been displayed. What the
 * shopper waits for (`transactional`) passes what the site says for all rules, and takes no place under its caps; what
 * interrupts nobody, since it stands in the page itself, passes its caps, cooldown and quiet hours.
 */
export function firstLimit(compiled: CompiledRule, shopper: Shopper, site: Site, when: When): Reason | null {
  return (
    ownLimit(compiled, shopper, site, when.now) ??
    (isSelling(compiled.rule) ? wishLimit(compiled, shopper, site, when.now) : null) ??
    (isSelling(compiled.rule) ? siteLimit(compiled, shopper, site, when) : null)
  );
}

function isSelling(rule: Rule): boolean {
  return rule.class === 'promotional';
}

function isCountedBySite(past: PastNudge): boolean {
  return past.isTransactional === undefined && past.isQuiet === undefined;
}

function ownLimit({ rule, limit }: CompiledRule, shopper: Shopper, site: Site, now: number): Reason | null {
  const held = { rule: rule.id, result: 'held' } as const;
  if (shopper.nudges.some((live) => live.nudge.rule === rule.id)) return { ...held, by: 'already_live' };
  const own = shopper.past.filter((past) => past.rule === rule.id);
  const restUntil = own.reduce((until, past) => Math.max(until, restEnd(past, site)), 0);
  if (restUntil > now) return { ...held, by: 'dismissed', until: restUntil };
  if (limit && isReached(limit, own, now)) return { ...held, by: 'limit', ...shown(limit) };
  if (shopper.past.length >= KEPT.past) return { ...held, by: 'site_limit', times: KEPT.past, per: 'ever' };
  return null;
}

/** What the shopper allows and wishes, and what else makes selling to them out of place. */
function wishLimit({ rule }: CompiledRule, shopper: Shopper, site: Site, now: number): Reason | null {
  const held = { rule: rule.id, result: 'held' } as const;
  const { preferences, supportCases } = shopper;
  if (!allows(shopper, 'marketing', site.needsConsent)) return { ...held, by: 'consent' };
  if (preferences.doNotDisturb) return { ...held, by: 'do_not_disturb' };
  const { snoozedUntil } = preferences;
  if (snoozedUntil !== null && snoozedUntil > now) return { ...held, by: 'snoozed', until: snoozedUntil };
  if (supportCases.length > 0) return { ...held, by: 'support_case' };
  const { kind } = rule.nudge;
  const declined = declinedBy(preferences, { kind, rule: rule.id });
  if (declined === 'rule') return { ...held, by: 'less_of_this' };
  if (declined === 'kind') return { ...held, by: 'kind_declined', kind };
  return null;
}

/** What the site says for all that it sells with. */
function siteLimit(
  { rule }: CompiledRule,
  shopper: Shopper,
  site: Site,
  { now, timeZone, orderedBefore }: When,
): Reason | null {
  const held = { rule: rule.id, result: 'held' } as const;
  const restUntil = orderedBefore === null ? 0 : orderedBefore + site.restAfterPurchaseMs;
  if (restUntil > now) return { ...held, by: 'recent_purchase', until: restUntil };
  if (isQuiet(rule.nudge.kind)) return null;
  const quiet = quietEnd(shopper, site, now, timeZone);
  if (quiet !== null) return { ...held, by: 'quiet_hours', until: quiet };
  const selling = shopper.past.filter(isCountedBySite);
  if (shopper.preferences.fewer && isReached(FEWER, selling, now))
    return { ...held, by: 'fewer', ...shown(FEWER) };
  const budget = site.fatigue && fatigueBudget(site.fatigue, selling, now);
  if (budget && isReached(budget, selling, now)) return { ...held, by: 'fatigue', ...shown(budget) };
  if (site.limit && isReached(site.limit, selling, now))
    return { ...held, by: 'site_limit', ...shown(site.limit) };
  const latest = selling.reduce((at, past) => Math.max(at, past.at), Number.NEGATIVE_INFINITY);
  if (latest + site.cooldownMs > now) return { ...held, by: 'cooldown', until: latest + site.cooldownMs };
  return null;
}

/** When the quiet hours end that are on now, the site's or the shopper's own, whichever end later. */
function quietEnd(shopper: Shopper, site: Site, now: number, timeZone: string): number | null {
  const own = shopper.preferences.quietHours;
  const ends = [site.quietHours, own && compileQuietHours(own)].flatMap(
    (hours) => (hours && quietUntil(now, timeZone, hours)) ?? [],
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

/** How many nudges this shopper bears: one more for each that helped lately, one less for each dismissed. */
function fatigueBudget(
  { start, least, most }: CompiledFatigue,
  past: readonly PastNudge[],
  now: number,
): CompiledLimit {
  let times = start.times;
  for (const { at, clickedAt, dismissedAt } of past) {
    if (at <= now - FATIGUE_LOOKS_BACK_MS) continue;
    if (clickedAt !== null) times++;
    else if (dismissedAt !== null) times--;
  }
  return { ...start, times: Math.min(most, Math.max(least, times)) };
}

/**
 * The past that some limit or condition may still look at, and what is live; without this a full record would hold
 * everything back. What conditions alone look at gives way first.
 */
export function pastThatCounts(
  { past, nudges, preferences }: Shopper,
  site: Site,
  now: number,
): readonly PastNudge[] {
  const isCrowded = past.length > KEPT.past / 2;
  const windowMs = Math.max(site.longestWindowMs, preferences.fewer ? FEWER.perMs : 0);
  const lookBackMs = isCrowded ? windowMs : Math.max(windowMs, site.historyMs);
  const isLive = (entry: PastNudge) => nudges.some(({ nudge }) => nudge.id === entry.nudge);
  const counts = (entry: PastNudge) =>
    isLive(entry) || entry.at > now - lookBackMs || restEnd(entry, site) > now;
  return past.every(counts) ? past : past.filter(counts);
}

function restEnd(past: PastNudge, site: Site): number {
  return past.dismissedAt === null ? 0 : past.dismissedAt + site.restAfterDismissalMs;
}

function isReached(limit: CompiledLimit, past: readonly PastNudge[], now: number): boolean {
  if (past.length < limit.times) return false;
  let count = 0;
  for (const { at } of past) if (at > now - limit.perMs) count++;
  return count >= limit.times;
}

function shown({ times, per }: CompiledLimit): { times: number; per: string } {
  return { times, per };
}
