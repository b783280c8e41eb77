import { durationMs } from '../../shared/duration.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { CatalogueProduct } from './price-history.ts';
import type { SiteFile } from '../../shared/site.ts';
import { type Trigger, TRIGGERS, WATCH_TRIGGERS } from '../../shared/trigger.ts';
import {
  byImportance,
  type CompiledLimit,
  type CompiledRule,
  compileLimit,
  compileRule,
} from './compiled-rule.ts';
import { nudgeHistoryMs } from './conditions/nudge-history.ts';
import { type CompiledJourney, compileJourney } from './journeys.ts';
import { FATIGUE_LOOKS_BACK_MS } from './limits.ts';
import { compileQuietHours, type QuietHours } from './quiet-hours.ts';
import type { Learned } from './recommend.ts';
import { ruleFaults } from './rule-faults.ts';
import { type CompiledSegment, compileSegments } from './segments.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** A site as decisions read it: rules compiled and indexed by trigger, durations in milliseconds. Immutable. */
export interface Site {
  readonly id: SiteId;
  /** Goes up with each change of settings or rules; every decision names the one it was made under. */
  readonly version: number;
  readonly currency: string;
  readonly locale: string;
  /** Where the day of a shopper is counted whose own zone is not known. */
  readonly timeZone: string;
  readonly vocabulary: Vocabulary;
  readonly abandonAfterMs: number;
  readonly restAfterDismissalMs: number;
  readonly cooldownMs: number;
  readonly limit: CompiledLimit | null;
  readonly fatigue: CompiledFatigue | null;
  readonly quietHours: QuietHours | null;
  /** 0: selling goes on right after an order. */
  readonly restAfterPurchaseMs: number;
  readonly holdoutPercent: number;
  /** Codes that one shopper is given, over all rules. */
  readonly offersPerShopper: CompiledLimit | null;
  /** Codes that go to one address in a day. */
  readonly offersPerAddress: number;
  readonly minimumCartAgeMs: number;
  /** Whether an order counts only once the shop's server has told it. */
  readonly ordersByServer: boolean;
  /** Whether nothing is sold to a shopper who has not said that it may be. */
  readonly needsConsent: boolean;
  /** Shoppers who did nothing for so long are erased; null: they go when the store lets go of them. */
  readonly keepMs: number | null;
  /** Before what a page tells is kept. */
  readonly needsConsentToKeep: boolean;
  /** Whether any rule asks for changes of price or stock. */
  readonly watches: boolean;
  readonly isPaused: boolean;
  readonly lowStock: number;
  /** How far back any limit looks. */
  readonly longestWindowMs: number;
  /** How far back any condition on `history.nudges` looks. */
  readonly historyMs: number;
  /** Published rules, the most important first. */
  readonly rulesOn: Readonly<Record<Trigger, readonly CompiledRule[]>>;
  /** The same for the site's own events. */
  readonly rulesOnOwn: ReadonlyMap<string, readonly CompiledRule[]>;
  /** What follows the nudges of rules with steps, by the rule's id. */
  readonly journeys: ReadonlyMap<string, CompiledJourney>;
  readonly segments: readonly CompiledSegment[];
  readonly products: ReadonlyMap<string, CatalogueProduct>;
}

export interface CompiledFatigue {
  readonly start: CompiledLimit;
  readonly least: number;
  readonly most: number;
}

export type SiteDefinition = Pick<
  SiteFile,
  'id' | 'currency' | 'locale' | 'timeZone' | 'settings' | 'events' | 'traits' | 'segments' | 'rules'
>;

/** Compiles a site whose rules have no faults; a rule that has some is left out, as if it were paused. */
export function compileSite(
  definition: SiteDefinition,
  version: number,
  products: ReadonlyMap<string, CatalogueProduct>,
): Site {
  const { settings } = definition;
  const vocabulary = vocabularyOf(definition);
  const rules = definition.rules
    .filter((rule) => rule.status === 'published' && ruleFaults(rule, vocabulary).length === 0)
    .map((rule) => compileRule(rule, vocabulary, settings.staleAfter))
    .sort(byImportance);
  const limit = settings.limit ? compileLimit(settings.limit) : null;
  const cooldownMs = settings.cooldown ? durationMs(settings.cooldown) : 0;
  const fatigue = settings.fatigue ? compileFatigue(settings.fatigue) : null;
  const versions = rules.flatMap((rule) => [rule, ...rule.arms.map(({ variant }) => variant)]);
  const windows = versions.map((rule) => rule.limit?.perMs ?? 0);
  const asked = [
    ...versions.map(({ rule }) => rule.when),
    ...rules.flatMap(({ rule }) => (rule.steps ?? []).map(({ when }) => when)),
    ...definition.segments.map(({ when }) => when),
  ];
  return {
    id: definition.id,
    version,
    currency: definition.currency,
    locale: definition.locale,
    timeZone: definition.timeZone,
    vocabulary,
    abandonAfterMs: durationMs(settings.abandonAfter),
    restAfterDismissalMs: durationMs(settings.restAfterDismissal),
    cooldownMs,
    limit,
    fatigue,
    quietHours: settings.quietHours ? compileQuietHours(settings.quietHours) : null,
    restAfterPurchaseMs: settings.restAfterPurchase ? durationMs(settings.restAfterPurchase) : 0,
    holdoutPercent: settings.holdoutPercent,
    offersPerShopper: settings.offers.perShopper ? compileLimit(settings.offers.perShopper) : null,
    offersPerAddress: settings.offers.perAddress,
    minimumCartAgeMs: settings.offers.minimumCartAge ? durationMs(settings.offers.minimumCartAge) : 0,
    ordersByServer: settings.orders === 'server',
    needsConsent: settings.consent === 'required',
    keepMs: settings.keepShoppers === undefined ? null : durationMs(settings.keepShoppers),
    needsConsentToKeep: settings.analytics === 'required',
    watches: rules.some(({ rule }) => WATCH_TRIGGERS.some((trigger) => trigger === rule.on)),
    lowStock: settings.lowStock,
    isPaused: settings.paused,
    longestWindowMs: Math.max(cooldownMs, limit?.perMs ?? 0, fatigue ? FATIGUE_LOOKS_BACK_MS : 0, ...windows),
    historyMs: Math.max(0, ...asked.map(nudgeHistoryMs)),
    rulesOn: byTrigger(rules),
    rulesOnOwn: new Map(
      [...vocabulary.events.keys()].map((name) => [name, rules.filter(({ rule }) => rule.on === name)]),
    ),
    journeys: new Map(
      rules.flatMap(({ rule }) => {
        const journey = compileJourney(rule, vocabulary, settings.staleAfter);
        return journey ? [[rule.id, journey] as const] : [];
      }),
    ),
    segments: compileSegments(definition.segments, vocabulary),
    products,
  };
}

function byTrigger(rules: readonly CompiledRule[]): Site['rulesOn'] {
  const entries = TRIGGERS.map((trigger) => [trigger, rules.filter(({ rule }) => rule.on === trigger)]);
  return Object.fromEntries(entries) as Record<Trigger, CompiledRule[]>;
}

function compileFatigue(fatigue: NonNullable<SiteFile['settings']['fatigue']>): CompiledFatigue {
  return { start: compileLimit(fatigue), least: fatigue.least, most: fatigue.most };
}

/** Everything outside the shopper that a decision depends on. */
export interface LiveSite {
  readonly site: Site;
  readonly learned: Learned;
  /** Rules whose offer has no codes left. */
  readonly spentBudgets: ReadonlySet<string>;
  /** Where the shopper is has been given as many codes as it may. */
  readonly isAddressServed?: boolean;
}
