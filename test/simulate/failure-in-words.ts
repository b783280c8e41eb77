import { INVARIANTS } from './observer/violation.ts';
import type { Failure } from './world/simulation.ts';

/** All that one needs to look into a world that broke a promise. */
export function inWords(
  { seed, step, invariant, what, trace }: Failure,
  test: string,
  fault?: string,
): string {
  const planted = fault === undefined ? '' : `FAULT=${JSON.stringify(fault)} `;
  return [
    `Seed ${seed} broke "${INVARIANTS[invariant]}" at step ${step}: ${what}`,
    '',
    ...trace,
    '',
    `Live through it again: ${planted}SEED=${seed} npx vitest run --project simulate ${test}`,
  ].join('\n');
}
