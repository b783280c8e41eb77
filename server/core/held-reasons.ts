import type { Condition } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import type { Reason } from './reasons.ts';

type HeldByCondition = Extract<Reason, { by: 'condition' }>;

/**
 * Why conditions have held a rule back. Most events find the same condition with the same value, and get the same object:
 * making it anew, keeping it in memory and writing it out would cost more than all other parts of a decision.
 */
export class HeldReasons {
  readonly #rule: string;
  readonly #last = new Map<Condition<Facts>, HeldByCondition>();

  constructor(rule: string) {
    this.#rule = rule;
  }

  of(condition: Condition<Facts>, facts: Facts): HeldByCondition {
    const actual = condition.actual(facts, facts.now);
    const last = this.#last.get(condition);
    if (last && last.actual === actual) return last;
    const { path, wanted } = condition;
    const reason: HeldByCondition = {
      rule: this.#rule,
      result: 'held',
      by: 'condition',
      path,
      wanted,
      actual,
    };
    this.#last.set(condition, reason);
    return reason;
  }
}
