import { durationMs } from '../../shared/duration.ts';
import type { Rule } from '../../shared/rule.ts';
import { compileConditions, type Condition } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { fieldsOfRules } from './conditions/site-fields.ts';
import type { Vocabulary } from './vocabulary.ts';
import { momentMs } from './zoned-time.ts';

export interface CompiledRule {
  readonly rule: Rule;
  readonly conditions: readonly Condition<Facts>[];
  readonly afterMs: number;
  /** How long `repeat` looks back. */
  readonly repeatMs: number;
  readonly validForMs: number;
  readonly limit: CompiledLimit | null;
  /** Events older than this have lost their say. */
  readonly staleAfterMs: number;
  /** Milliseconds since 1970; minus and plus infinity where the rule has no bounds. */
  readonly fromMs: number;
  readonly toMs: number;
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
    afterMs: rule.after ? durationMs(rule.after) : 0,
    repeatMs: rule.repeat ? durationMs(rule.repeat.within) : 0,
    validForMs: durationMs(rule.offer?.validFor ?? rule.nudge.validFor ?? DEFAULT_VALID_FOR),
    limit: rule.limit ? compileLimit(rule.limit) : null,
    staleAfterMs: durationMs(rule.staleAfter ?? staleAfter),
    fromMs: rule.from === undefined ? Number.NEGATIVE_INFINITY : momentMs(rule.from),
    toMs: rule.to === undefined ? Number.POSITIVE_INFINITY : momentMs(rule.to),
  };
}

export function compileLimit(limit: { readonly times: number; readonly per: string }): CompiledLimit {
  return { times: limit.times, per: limit.per, perMs: durationMs(limit.per) };
}

/** The most important first; of equals the first by id. */
export function byImportance({ rule: a }: CompiledRule, { rule: b }: CompiledRule): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
