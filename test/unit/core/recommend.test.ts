import { describe, expect, it } from 'vitest';
import {
  type Learned,
  type PairCounts,
  rankTogether,
  recommend,
  shrunkCosine,
} from '../../../server/core/recommend.ts';
import { Product } from '../../../shared/product.ts';

/** Counts written down as `mug: 10` and `mug pot: 4`. */
function counts(written: Record<string, number>): PairCounts {
  const entries = Object.entries(written);
  return {
    count: (item) => written[item] ?? 0,
    with: (item) =>
      entries.flatMap(([key, together]) => {
        const [a = '', b] = key.split(' ');
        if (b === undefined) return [];
        if (a === item) return [[b, together] as const];
        return b === item ? [[a, together] as const] : [];
      }),
  };
}

const nothing = counts({});
const learned = (given: Partial<Learned>): Learned => ({
  viewed: nothing,
  carted: nothing,
  bought: nothing,
  popular: [],
  ...given,
});

const products = new Map(
  ['mug', 'pot', 'tray', 'lamp', 'cup'].map((id) => [
    id,
    Product.parse({
      item_id: id,
      item_name: id,
      price: 1,
      url: `/${id}`,
      ...(id === 'lamp' ? { stock: 0 } : {}),
    }),
  ]),
);

function check(
  given: Partial<Learned>,
  cart: string[],
  viewed: string[],
  size: number,
  expected: string[],
): void {
  const chosen = recommend(learned(given), products, { cart, viewed }, size);
  expect(chosen.map(({ item_id }) => item_id)).toEqual(expected);
}

describe('shrunk cosine, by hand', () => {
  it.each([
    [4, 16, 4, (4 / 8) * (4 / 9)],
    [1, 1, 1, 1 / 6],
    [95, 100, 100, 0.95 * 0.95],
    [0, 10, 10, 0],
    [1, 0, 10, 0],
    [1, 10, 0, 0],
  ])('%i together, of %i and %i', (together, a, b, expected) => {
    expect(shrunkCosine(together, a, b)).toBeCloseTo(expected, 12);
  });
});

describe('a rare pair does not outrank a well supported one', () => {
  const rare = { together: 1, mug: 1_000, other: 1 };
  const supported = { together: 300, mug: 1_000, other: 600 };
  const baskets = 10_000;
  const lift = ({ together, mug, other }: typeof rare) => (together * baskets) / (mug * other);

  it('as it would by lift, and so by PMI', () => {
    expect(lift(rare)).toBeGreaterThan(lift(supported));
    expect(Math.log(lift(rare))).toBeGreaterThan(Math.log(lift(supported)));
  });

  it('as it would by a cosine that is not shrunk, when both items are rare', () => {
    expect(1 / Math.sqrt(1 * 1)).toBeGreaterThan(300 / Math.sqrt(1_000 * 600));
    expect(shrunkCosine(1, 1, 1)).toBeLessThan(shrunkCosine(300, 1_000, 600));
  });

  it('in what is recommended', () => {
    const bought = counts({ mug: 1_000, cup: 1, pot: 600, 'mug cup': 1, 'mug pot': 300 });
    check({ bought }, ['mug'], [], 2, ['pot', 'cup']);
  });
});

describe('what is recommended', () => {
  const bought = counts({ mug: 20, pot: 20, tray: 20, lamp: 20, gone: 20, 'mug pot': 9, 'mug tray': 5 });

  it('goes with the cart, best first', () => check({ bought }, ['mug'], [], 4, ['pot', 'tray']));

  it('is never in the cart', () => check({ bought, popular: ['pot'] }, ['mug', 'pot'], [], 4, ['tray']));

  it('is never out of stock or unknown', () => {
    const pairs = counts({ mug: 20, lamp: 20, gone: 20, 'mug lamp': 9, 'mug gone': 9 });
    check({ bought: pairs, popular: ['lamp', 'gone', 'cup'] }, ['mug'], [], 4, ['cup']);
  });

  it('is filled up with what is popular, each once', () => {
    check({ bought, popular: ['mug', 'tray', 'cup'] }, ['mug'], [], 4, ['pot', 'tray', 'cup']);
  });

  it('is what is popular, where nothing is known of the shopper', () => {
    check({ bought, popular: ['tray', 'cup', 'pot'] }, [], [], 2, ['tray', 'cup']);
  });

  it('is no more than asked for', () => {
    check({ bought, popular: ['cup'] }, ['mug'], [], 1, ['pot']);
    check({ bought, popular: ['cup'] }, ['mug'], [], 0, []);
  });

  it('is nothing, where nothing is known at all', () => check({}, ['mug'], ['pot'], 4, []));

  it('follows what was looked at, the latest the most', () => {
    const viewed = counts({ mug: 20, pot: 20, tray: 20, cup: 20, 'mug pot': 9, 'tray cup': 9 });
    check({ viewed }, [], ['mug', 'tray'], 2, ['pot', 'cup']);
    check({ viewed }, [], ['tray', 'mug'], 2, ['cup', 'pot']);
  });

  it('trusts what was bought together over what was carted, and that over what was viewed', () => {
    const pair = (other: string) => counts({ mug: 20, [other]: 20, [`mug ${other}`]: 9 });
    check({ bought: pair('cup'), carted: pair('pot'), viewed: pair('tray') }, ['mug'], [], 3, [
      'cup',
      'pot',
      'tray',
    ]);
  });

  it('of equals comes by id, in whatever order they were counted', () => {
    for (const others of [
      ['pot', 'tray', 'cup'],
      ['tray', 'cup', 'pot'],
    ]) {
      const written = Object.fromEntries(
        others.flatMap((other) => [
          [other, 20],
          [`mug ${other}`, 9],
        ]),
      );
      check({ bought: counts({ mug: 20, ...written }) }, ['mug'], [], 3, ['cup', 'pot', 'tray']);
    }
  });
});

it('what goes with several items adds up', () => {
  const together = counts({ a: 4, b: 4, c: 16, d: 4, 'a c': 4, 'b c': 4, 'a d': 2 });
  const ranked = rankTogether(together, ['a', 'b']);
  expect(ranked.map(([item]) => item)).toEqual(['c', 'd']);
  expect(ranked[0]?.[1]).toBeCloseTo(2 * (4 / 8) * (4 / 9), 12);
  expect(ranked[1]?.[1]).toBeCloseTo((2 / 4) * (2 / 7), 12);
});
