import { readCron } from '../../shared/cron.ts';
import { durationMs } from '../../shared/duration.ts';
import { type Rule, ruleOfArm } from '../../shared/rule.ts';
import { compileConditions, type Condition } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { fieldsOfRules } from './conditions/site-fields.ts';
import { HeldReasons } from './held-reasons.ts';
import { Schedule } from './schedule.ts';
import { type Variable, variablesOf } from './template-variables.ts';
import type { Vocabulary } from './vocabulary.ts';
import { momentMs } from './zoned-time.ts';

export interface CompiledRule {
  readonly rule: Rule;
  readonly conditions: readonly Condition<Facts>[];
  readonly heldReasons: HeldReasons;
  readonly afterMs: number;
  /** How long `repeat` looks back. */
  readonly repeatMs: number;
  readonly validForMs: number;
  readonly limit: CompiledLimit | null;
  /** Events older than this have lost their say. */
  readonly staleAfterMs: number;
  /** For rules on a time on the clock. */
  readonly schedule: Schedule | null;
  /** The versions of an experiment's arms, in the order of their shares; none: the rule is the same for all. */
  readonly arms: readonly CompiledArm[];
  /** This version's arm, and the share of the shoppers who get it. */
  readonly arm: string | null;
  readonly armShare: number;
  /** Whether whom its offer is made to hangs on what is known of them. */
  readonly isPersonalised: boolean;
  readonly variables: Readonly<Record<string, Variable>>;
  /** Milliseconds since 1970; minus and plus infinity where the rule has no bounds. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** `upTo`: the arm's shoppers are those whose share of 0 to 1 lies below it, and not below the arm before. */
export interface CompiledArm {
  readonly upTo: number;
  readonly variant: CompiledRule;
}

export interface CompiledLimit {
  readonly times: number;
  readonly per: string;
  readonly perMs: number;
}

const DEFAULT_VALID_FOR = '10m';

/** For a rule without faults. */
export function compileRule(rule: Rule, vocabulary: Vocabulary, staleAfter: string): CompiledRule {
  return {
    rule,
    conditions: compileConditions(fieldsOfRules(vocabulary, rule.on), rule.when, 'when').conditions,
    heldReasons: new HeldReasons(rule.id),
    afterMs: rule.after ? durationMs(rule.after) : 0,
    repeatMs: rule.repeat ? durationMs(rule.repeat.within) : 0,
    validForMs: durationMs(rule.offer?.validFor ?? rule.nudge.validFor ?? DEFAULT_VALID_FOR),
    limit: rule.limit ? compileLimit(rule.limit) : null,
    staleAfterMs: durationMs(rule.staleAfter ?? staleAfter),
    schedule: scheduleOf(rule),
    arms: compileArms(rule, vocabulary, staleAfter),
    arm: null,
    armShare: 1,
    isPersonalised: rule.segment !== undefined || asksAboutShopper(rule.when),
    variables: variablesOf(vocabulary, rule.on),
    fromMs: rule.from === undefined ? Number.NEGATIVE_INFINITY : momentMs(rule.from),
    toMs: rule.to === undefined ? Number.POSITIVE_INFINITY : momentMs(rule.to),
  };
}

function compileArms(rule: Rule, vocabulary: Vocabulary, staleAfter: string): CompiledArm[] {
  const arms = rule.experiment?.arms ?? [];
  const all = arms.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  return arms.flatMap((arm) => {
    below += arm.weight;
    const { data } = ruleOfArm(rule, arm);
    if (!data) return [];
    const variant = compileRule(data, vocabulary, staleAfter);
    return [{ upTo: below / all, variant: { ...variant, arm: arm.id, armShare: arm.weight / all } }];
  });
}

/** Whether conditions ask for what is known of the shopper, anywhere in them. */
function asksAboutShopper(when: unknown): boolean {
  if (typeof when !== 'object' || when === null) return false;
  return Object.entries(when).some(
    ([key, value]) => /^(shopper|history)\./.test(key) || asksAboutShopper(value),
  );
}

function scheduleOf({ schedule }: Rule): Schedule | null {
  const times = schedule === undefined ? null : readCron(schedule);
  return times && new Schedule(times);
}

export function compileLimit(limit: { readonly times: number; readonly per: string }): CompiledLimit {
  return { times: limit.times, per: limit.per, perMs: durationMs(limit.per) };
}

/** The most important first; of equals the first by id. */
export function byImportance({ rule: a }: CompiledRule, { rule: b }: CompiledRule): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
