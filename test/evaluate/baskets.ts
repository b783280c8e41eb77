import { readFileSync } from 'node:fs';
import { PairModel } from '../../server/learning/pair-model.ts';
import { SiteId } from '../../shared/ids.ts';
import { learn } from './learn.ts';
import { judge, report } from './rankings.ts';

/** Groceries: from all of a basket but one item, that item. Every fifth basket is held out. */
export function evaluateBaskets(path: string): boolean {
  const model = new PairModel();
  const site = SiteId.parse('evaluate');
  const baskets = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Array.from(new Set(line.split(','))));
  const train = baskets.filter((_, index) => index % 5 !== 4);
  learn(model, site, 'bought', train);
  const cases = baskets
    .filter((basket, index) => index % 5 === 4 && basket.length > 1)
    .map((basket) => ({ seen: basket.slice(0, -1), hidden: basket.at(-1) ?? '' }));
  return report(
    'Missing item of a basket, Groceries',
    cases.length,
    judge(model.learned(site).bought, train.length, cases),
  );
}
