import type { BudgetTake } from '../core/offers.ts';

/** A commit may hold several decisions that take from the same budget. */
export function totalTakes(budgets: readonly BudgetTake[]): BudgetTake[] {
  const totals = new Map<string, BudgetTake>();
  for (const { name, take, most } of budgets)
    totals.set(name, { name, take: take + (totals.get(name)?.take ?? 0), most });
  return [...totals.values()];
}
