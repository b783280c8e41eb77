import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Together } from '../../../server/core/turn.ts';
import { PairModel } from '../../../server/learning/pair-model.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { SiteId } from '../../../shared/ids.ts';
import { SHOPPER, START } from '../support/story.ts';

const SITE = SiteId.parse('demo');
const ITEMS = ['mug', 'pot', 'tray', 'cup', 'lamp'];

function record(together: readonly Together[], site = SITE): LogRecord {
  return {
    at: START,
    site,
    shopper: SHOPPER,
    version: 1,
    seed: [1, 2, 3, 4],
    input: { kind: 'clock' },
    together,
  };
}

function sumsOf(records: readonly LogRecord[]): Map<string, number> {
  const model = new PairModel();
  const sums = new Map<string, number>();
  for (const one of records)
    for (const [key, change] of model.changesOf(one)) sums.set(key, (sums.get(key) ?? 0) + change);
  return sums;
}

/** A model that was told the records in portions of the given sizes. */
function toldIn(records: readonly LogRecord[], sizes: readonly number[]): PairModel {
  const model = new PairModel();
  let from = 0;
  for (const size of [...sizes, records.length]) {
    model.absorb(sumsOf(records.slice(from, from + size)));
    from += size;
  }
  return model;
}

function countsIn(model: PairModel, site = SITE) {
  const learned = model.learned(site);
  const kinds = [learned.viewed, learned.carted, learned.bought];
  return {
    popular: learned.popular,
    counts: kinds.map((kind) => ITEMS.map((item) => [kind.count(item), Object.fromEntries(kind.with(item))])),
  };
}

const someTogether = fc.record({
  how: fc.constantFrom('viewed', 'carted', 'bought'),
  item: fc.constantFrom(...ITEMS),
  with: fc.uniqueArray(fc.constantFrom(...ITEMS)),
});
const log = fc.array(fc.array(someTogether, { maxLength: 3 }), { maxLength: 20 });

it('a log told in any portions gives the same counts', () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat({ max: 8 }), { maxLength: 8 }), (told, sizes) => {
      const records = told.map((together) => record(together));
      expect(countsIn(toldIn(records, sizes))).toEqual(countsIn(toldIn(records, [])));
    }),
  );
});

describe('counting', () => {
  const model = toldIn(
    [
      record([{ how: 'bought', item: 'mug', with: ['pot', 'tray'] }]),
      record([{ how: 'bought', item: 'pot', with: ['mug'] }]),
      record([{ how: 'viewed', item: 'cup', with: [] }]),
      record([]),
    ],
    [],
  );
  const { bought, viewed, carted } = model.learned(SITE);

  it('an item counts each time it comes', () => {
    expect(bought.count('mug')).toBe(1);
    expect(bought.count('pot')).toBe(1);
    expect(viewed.count('cup')).toBe(1);
    expect(bought.count('lamp')).toBe(0);
  });

  it('a pair counts from both sides, whichever came first', () => {
    expect(new Map(bought.with('mug'))).toEqual(
      new Map([
        ['pot', 2],
        ['tray', 1],
      ]),
    );
    expect(new Map(bought.with('pot'))).toEqual(new Map([['mug', 2]]));
    expect(new Map(bought.with('tray'))).toEqual(new Map([['mug', 1]]));
  });

  it('kinds are apart', () => {
    expect(new Map(carted.with('mug'))).toEqual(new Map());
    expect(new Map(viewed.with('mug'))).toEqual(new Map());
  });

  it('an item does not go with itself', () => {
    const alone = toldIn([record([{ how: 'bought', item: 'mug', with: ['mug'] }])], []);
    expect(new Map(alone.learned(SITE).bought.with('mug'))).toEqual(new Map());
  });

  it('sites are apart', () => {
    const other = SiteId.parse('other');
    const both = toldIn([record([{ how: 'bought', item: 'mug', with: ['pot'] }], other)], []);
    expect(both.learned(SITE).bought.count('mug')).toBe(0);
    expect(both.learned(other).bought.count('mug')).toBe(1);
  });

  it('names that look like keys of the model are items like any other', () => {
    const odd = 'a","b';
    const told = toldIn([record([{ how: 'bought', item: odd, with: ['__proto__'] }])], []);
    expect(new Map(told.learned(SITE).bought.with(odd))).toEqual(new Map([['__proto__', 1]]));
  });
});

describe('what is popular', () => {
  const act = (how: Together['how'], item: string, times: number) =>
    Array.from({ length: times }, () => record([{ how, item, with: [] }]));

  it('a purchase says more than an addition, and that more than a view', () => {
    const records = [...act('viewed', 'mug', 3), ...act('carted', 'pot', 1), ...act('bought', 'cup', 1)];
    expect(toldIn(records, []).learned(SITE).popular).toEqual(['cup', 'pot', 'mug']);
  });

  it('of equals the first by id', () => {
    const records = [...act('viewed', 'pot', 1), ...act('viewed', 'cup', 1), ...act('viewed', 'mug', 1)];
    expect(toldIn(records, []).learned(SITE).popular).toEqual(['cup', 'mug', 'pot']);
  });

  it('changes with what is told next', () => {
    const model = toldIn(act('viewed', 'mug', 1), []);
    expect(model.learned(SITE).popular).toEqual(['mug']);
    model.absorb(sumsOf(act('bought', 'cup', 1)));
    expect(model.learned(SITE).popular).toEqual(['cup', 'mug']);
  });
});

it('an item has a bounded number of partners, and keeps the most frequent', () => {
  const model = new PairModel();
  const often = Array.from({ length: 100 }, () => record([{ how: 'bought', item: 'mug', with: ['pot'] }]));
  model.absorb(sumsOf(often));
  for (let other = 0; other < 2_000; other++)
    model.absorb(sumsOf([record([{ how: 'bought', item: 'mug', with: [`item-${other}`] }])]));
  const partners = new Map(model.learned(SITE).bought.with('mug'));
  expect(partners.size).toBeLessThanOrEqual(400);
  expect(partners.get('pot')).toBe(100);
});
