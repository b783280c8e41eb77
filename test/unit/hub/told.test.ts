import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Told } from '../../../server/hub/told.ts';

it('knows nothing before anybody was welcomed', () => {
  const told = new Told();
  told.hear(1);
  expect(told.misses(1)).toBeNull();
});

it.each([
  ['all of it', [5, 6, 7], 7, false],
  ['nothing', [], 5, true],
  ['all but the last', [5, 6], 7, true],
  ['all but one in the midst', [5, 7], 7, true],
  ['it in another order', [7, 5, 6], 7, false],
  ['it twice', [5, 5, 6, 6, 7], 7, false],
  ['what the welcome had already', [3, 4], 4, false],
] as const)('after a welcome with all up to 4, whoever hears %s', (_, heard, seq, misses) => {
  const told = new Told();
  told.begin(4);
  for (const each of heard) told.hear(each);
  expect(told.misses(seq)).toBe(misses);
});

it('what came before the welcome was read counts, whichever of them the welcome had', () => {
  const told = new Told();
  told.hear(6);
  told.hear(5);
  told.begin(5);
  expect(told.misses(6)).toBe(false);
  expect(told.misses(7)).toBe(true);
});

it('misses what is missing, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), (heard) => {
      const told = new Told();
      told.begin(0);
      for (const seq of heard) told.hear(seq);
      const isWhole = Array.from({ length: 50 }, (_, index) => index + 1).every((seq) => heard.includes(seq));
      expect(told.misses(50)).toBe(!isWhole);
    }),
  );
});
