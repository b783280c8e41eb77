import { expect, it } from 'vitest';
import { mannWhitneyP } from '../../bench/mann-whitney.ts';

// Permeability of membranes: Hollander and Wolfe, "Nonparametric Statistical Methods", 1973, table 4.1: U is 35.
it('says of a known example what follows from its U', () => {
  const a = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const b = [1.15, 0.88, 0.9, 0.74, 1.21];
  // z = (35 - 25 - 0.5) / sqrt(10 * 5 * 16 / 12) = 1.1635
  expect(mannWhitneyP(a, b)).toBeCloseTo(0.2446, 4);
  expect(mannWhitneyP(b, a)).toBeCloseTo(0.2446, 4);
});

it('shares ranks among equal values', () => {
  // Ranks 2, 5.5 and 9: U is 9; z = (12.5 - 9 - 0.5) / sqrt(25 / 12 * (11 - 108 / 90)) = 0.6639
  expect(mannWhitneyP([1, 1, 2, 2, 3], [1, 2, 2, 3, 3])).toBeCloseTo(0.5067, 4);
  expect(mannWhitneyP([1, 1, 1], [1, 1, 1])).toBe(1);
});

it('tells samples apart that are a little longer, where there are enough of them', () => {
  const evenly = Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 5_000);
  expect(mannWhitneyP(evenly, evenly)).toBeCloseTo(1);
  expect(
    mannWhitneyP(
      evenly,
      evenly.map((value) => value + 120),
    ),
  ).toBeLessThan(0.01);
});
