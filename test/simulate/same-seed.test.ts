import { expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { inWords } from './failure-in-words.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';

const task = { story: 'any life', steps: 500 } as const;

it('a failing seed tells the same story each time, and how to live through it again', async () => {
  const fault = PLANTED_FAULTS.find(({ name }) => name === 'a purchase leaves the reminders up');
  const file = await bundle('same-seed', fault);
  const { failure } = await runWorlds(file, [1, 2, 3, 4, 5, 6, 7, 8], task);
  if (!failure) throw new Error('The fault was not noticed.');
  const again = await runWorlds(file, [failure.seed], task);
  expect(again.failure).toEqual(failure);
  const words = inWords(failure, 'invariants', fault?.name);
  expect(words).toContain(
    `Seed ${failure.seed} broke "3 nothing reminds of a cart that was bought" at step ${failure.step}`,
  );
  expect(words).toContain(`SEED=${failure.seed} npx vitest run --project simulate invariants`);
  expect(failure.trace.filter((line) => /^ +\d+  \+/.test(line)).length).toBeGreaterThan(10);
});

it('worlds of one seed are the same to the last count', async () => {
  const file = await bundle('same-seed');
  const [first, second] = [await runWorlds(file, [7], task), await runWorlds(file, [7], task)];
  expect(second.seen).toEqual(first.seen);
});
