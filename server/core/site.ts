import { durationMs } from '../../shared/duration.ts';
import type { Fault } from '../../shared/errors.ts';
import type { SiteId } from '../../shared/ids.ts';
import { textsOf } from '../../shared/localized-text.ts';
import type { Product } from '../../shared/product.ts';
import type { Rule } from '../../shared/rule.ts';
import { type Trigger, TRIGGERS } from '../../shared/trigger.ts';
import type { SiteFile } from '../../shared/site.ts';
import { compileConditions, type Condition } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { nudgeHistoryMs } from './conditions/nudge-history.ts';
import { type QuietHours, timeOfDayMs } from './quiet-hours.ts';
import type { Learned } from './recommend.ts';
import { templateFaults } from './templates.ts';

/** A site as decisions read it: rules compiled and indexed by trigger, durations in milliseconds. Immutable. */
export interface Site {
  readonly id: SiteId;
  /** Goes up with each change of settings or rules; every decision names the one it was made under. */
  readonly version: number;
  readonly currency: string;
  readonly locale: string;
  /** Where the day of a shopper is counted whose own zone is not known. */
  readonly timeZone: string;
  readonly abandonAfterMs: number;
  readonly restAfterDismissalMs: number;
  readonly cooldownMs: number;
  readonly limit: CompiledLimit | null;
  readonly quietHours: QuietHours | null;
  /** 0: selling goes on right after an order. */
  readonly restAfterPurchaseMs: number;
  readonly holdoutPercent: number;
  /** How far back any limit looks. */
  readonly longestWindowMs: number;
  /** How far back any condition on `history.nudges` looks. */
  readonly historyMs: number;
  /** Published rules, the most important first. */
  readonly rulesOn: Readonly<Record<Trigger, readonly CompiledRule[]>>;
  readonly products: ReadonlyMap<string, Product>;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly conditions: readonly Condition<Facts>[];
  readonly afterMs: number;
  /** How long `repeat` looks back. */
  readonly repeatMs: number;
  readonly validForMs: number;
  readonly limit: CompiledLimit | null;
}

export interface CompiledLimit {
  readonly times: number;
  readonly per: string;
  readonly perMs: number;
}

export type SiteDefinition = Pick<SiteFile, 'id' | 'currency' | 'locale' | 'timeZone' | 'settings' | 'rules'>;

const DEFAULT_VALID_FOR = '10m';

/** All that is wrong with a rule beyond its shape: conditions and templates, with paths from the rule's root. */
export function ruleFaults(rule: Rule): Fault[] {
  const { title, body, cta } = rule.nudge;
  const texts = [
    { path: 'nudge.title', text: title },
    { path: 'nudge.body', text: body },
    { path: 'nudge.cta.label', text: cta?.label },
    { path: 'nudge.cta.href', text: cta?.href },
  ];
  const wording = texts.flatMap(({ path, text }) =>
    (text === undefined ? [] : textsOf(text)).flatMap(([locale, words]) =>
      templateFaults(words, rule.offer !== undefined, locale ? `${path}.${locale}` : path),
    ),
  );
  return [...compileConditions(rule.when, 'when').faults, ...wording];
}

/** Compiles a site whose rules have no faults; a rule that has some is left out, as if it were paused. */
export function compileSite(
  definition: SiteDefinition,
  version: number,
  products: ReadonlyMap<string, Product>,
): Site {
  const { settings } = definition;
  const rules = definition.rules
    .filter((rule) => rule.status === 'published' && ruleFaults(rule).length === 0)
    .map(compileRule)
    .sort(byImportance);
  const limit = settings.limit ? compileLimit(settings.limit) : null;
  const cooldownMs = settings.cooldown ? durationMs(settings.cooldown) : 0;
  const windows = rules.map((rule) => rule.limit?.perMs ?? 0);
  return {
    id: definition.id,
    version,
    currency: definition.currency,
    locale: definition.locale,
    timeZone: definition.timeZone,
    abandonAfterMs: durationMs(settings.abandonAfter),
    restAfterDismissalMs: durationMs(settings.restAfterDismissal),
    cooldownMs,
    limit,
    quietHours: settings.quietHours ? compileQuietHours(settings.quietHours) : null,
    restAfterPurchaseMs: settings.restAfterPurchase ? durationMs(settings.restAfterPurchase) : 0,
    holdoutPercent: settings.holdoutPercent,
    longestWindowMs: Math.max(cooldownMs, limit?.perMs ?? 0, ...windows),
    historyMs: Math.max(0, ...rules.map(({ rule }) => nudgeHistoryMs(rule.when))),
    rulesOn: byTrigger(rules),
    products,
  };
}

/** The most important first; of equals the first by id. */
export function byImportance({ rule: a }: CompiledRule, { rule: b }: CompiledRule): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}

function byTrigger(rules: readonly CompiledRule[]): Site['rulesOn'] {
  const entries = TRIGGERS.map((trigger) => [trigger, rules.filter(({ rule }) => rule.on === trigger)]);
  return Object.fromEntries(entries) as Record<Trigger, CompiledRule[]>;
}

function compileRule(rule: Rule): CompiledRule {
  return {
    rule,
    conditions: compileConditions(rule.when, 'when').conditions,
    afterMs: rule.after ? durationMs(rule.after) : 0,
    repeatMs: rule.repeat ? durationMs(rule.repeat.within) : 0,
    validForMs: durationMs(rule.offer?.validFor ?? rule.nudge.validFor ?? DEFAULT_VALID_FOR),
    limit: rule.limit ? compileLimit(rule.limit) : null,
  };
}

function compileQuietHours({ from, to }: { from: string; to: string }): QuietHours {
  return { fromMs: timeOfDayMs(from), toMs: timeOfDayMs(to) };
}

function compileLimit(limit: { times: number; per: string }): CompiledLimit {
  return { ...limit, perMs: durationMs(limit.per) };
}

/** Everything outside the shopper that a decision depends on. */
export interface LiveSite {
  readonly site: Site;
  readonly learned: Learned;
  /** Rules whose offer has no codes left. */
  readonly spentBudgets: ReadonlySet<string>;
}
