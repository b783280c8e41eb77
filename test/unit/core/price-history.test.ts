import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Prices, pricesAfter, strikePrice } from '../../../server/core/price-history.ts';
import type { Product } from '../../../shared/product.ts';
import { DAY } from '../support/durations.ts';

const mug = (price: number): Product => ({ item_id: 'mug', item_name: 'Mug', price, url: '/mug' });
const told = (...changes: [day: number, price: number][]) =>
  changes.reduce<Map<string, Prices>>(
    (prices, [day, price]) => pricesAfter(prices, [mug(price)], day * DAY),
    new Map(),
  );
const struck = (...changes: [day: number, price: number][]) => strikePrice(told(...changes).get('mug') ?? []);

describe('the price that may be struck through', () => {
  it.each<[what: string, changes: [number, number][], price: number | null]>([
    ['none that is known', [], null],
    ['the first price is no reduction', [[0, 10]], null],
    [
      'a reduction after thirty days',
      [
        [0, 10],
        [30, 8],
      ],
      10,
    ],
    [
      'too soon to know thirty days',
      [
        [0, 10],
        [29, 8],
      ],
      null,
    ],
    [
      'a rise',
      [
        [0, 10],
        [40, 12],
      ],
      null,
    ],
    [
      'the lowest of thirty days, not the highest',
      [
        [0, 10],
        [20, 9],
        [25, 15],
        [40, 8],
      ],
      9,
    ],
    [
      'raised to be reduced',
      [
        [0, 10],
        [38, 20],
        [40, 10],
      ],
      null,
    ],
    [
      'a price of more than thirty days ago',
      [
        [0, 5],
        [5, 10],
        [40, 8],
      ],
      10,
    ],
    [
      'reduced twice',
      [
        [0, 10],
        [40, 9],
        [45, 8],
      ],
      9,
    ],
  ])('%s', (_, changes, price) => expect(struck(...changes)).toBe(price));

  it('is the same as by the definition, day by day', () => {
    const day = fc.record({ after: fc.integer({ min: 1, max: 20 }), price: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 30 }), (days) => {
        let at = 0;
        const changes = days.map(({ after, price }): [number, number] => [(at += after), price]);
        const first = changes[0]?.[0] ?? 0;
        const priceOn = (on: number) => changes.findLast(([since]) => since <= on)?.[1] ?? Number.NaN;
        // The day since when the price of now has been in force.
        let since = at;
        while (since > first && priceOn(since - 1) === priceOn(at)) since--;
        const before = Array.from({ length: 30 }, (_, back) => since - 1 - back);
        const lowest = Math.min(...before.map(priceOn));
        const expected = since - 30 >= first && lowest > priceOn(at) ? lowest : null;
        expect(struck(...changes)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});

it('an item that leaves the catalogue is forgotten, and of one that changes often the last hundred prices are kept', () => {
  const often = told(
    ...Array.from({ length: 300 }, (_, hour): [number, number] => [hour / 24, 1 + (hour % 7)]),
  );
  expect(often.get('mug')).toHaveLength(100);
  expect(pricesAfter(often, [], 400 * DAY).size).toBe(0);
});
