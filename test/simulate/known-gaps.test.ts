import { describe, expect, it } from 'vitest';
import { askedSeed } from './asked-for.ts';
import { bundle, discard } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { KNOWN_GAPS } from './observer/known-gaps.ts';

type Gap = keyof typeof KNOWN_GAPS;

/** A seed that shows each; where the simulation has changed since, one of those after it does. */
const SHOWN_BY: Readonly<Record<Gap, number>> = {
  showsAgainBeforeItsOwnReport: 38,
  reporterIsNotToldOfTheEnd: 218,
  promotesInTheCommitOfAnOrder: 1,
  untoldCommitsAreNotCarriedOut: 279,
  queuesWaitForAClockSetBack: 206,
  lateConsentOverrulesTheLast: 8,
};
const MOST_SEEDS = 1_500;

describe.skipIf(askedSeed !== null)('what is let pass as a known gap is one', () => {
  it.each(Object.entries(SHOWN_BY))('%s', { timeout: 120_000 }, async (gap, first) => {
    const file = await bundle(`gap-${gap}`, {
      name: gap,
      file: 'test/simulate/observer/known-gaps.ts',
      find: `${gap}: true`,
      replace: `${gap}: false`,
      breaks: [],
    });
    const task = { story: 'any life', steps: 500 } as const;
    const later = Array.from({ length: MOST_SEEDS }, (_, index) => first + 1 + index);
    let { failure } = await runWorlds(file, [first], task);
    if (!failure) ({ failure } = await runWorlds(file, later, task));
    await discard(file);
    expect(failure, 'Nothing shows it any more: it may be taken from the list.').not.toBeNull();
  });
});
