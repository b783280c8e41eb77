import { shareOf } from './share.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';

/** Whom a rule's nudge is kept from so that its effect can be told. `site`: nothing is sold to them; `rule`: not by this one. */
export type Holdout = 'site' | 'rule';

/** Sticky: it depends on the names alone, and a larger share keeps all that were in the smaller one. */
export function holdoutOf({ rule }: CompiledRule, site: Site, shopper: string): Holdout | null {
  if (rule.class === 'transactional') return null;
  if (isAmong(`holdout\n${site.id}\n${shopper}`, site.holdoutPercent)) return 'site';
  return isAmong(`holdout\n${site.id}\n${rule.id}\n${shopper}`, rule.holdoutPercent) ? 'rule' : null;
}

/** The version of the rule that this shopper gets: the same one whenever they come. */
export function variantFor(compiled: CompiledRule, site: Site, shopper: string): CompiledRule {
  const { arms, rule } = compiled;
  if (arms.length === 0 || !rule.experiment) return compiled;
  const share = shareOf(`arm\n${site.id}\n${rule.experiment.id}\n${shopper}`);
  return arms.find(({ upTo }) => share < upTo)?.variant ?? compiled;
}

/** With what probability a shopper gets this version of the rule, when all else lets it. */
export function propensityOf({ rule, armShare }: CompiledRule, site: Site): number {
  return shownShare(rule, site) * armShare;
}

/** With what probability a shopper is held out. */
export function holdoutShare({ rule }: CompiledRule, site: Site): number {
  return 1 - shownShare(rule, site);
}

function shownShare(rule: CompiledRule['rule'], site: Site): number {
  if (rule.class === 'transactional') return 1;
  return (1 - site.holdoutPercent / 100) * (1 - rule.holdoutPercent / 100);
}

function isAmong(name: string, percent: number): boolean {
  return percent > 0 && shareOf(name) < percent / 100;
}
