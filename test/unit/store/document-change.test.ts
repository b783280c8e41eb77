import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeBetween, changed } from '../../../server/store/document-change.ts';

interface Sample {
  readonly count: number;
  readonly text: string | null;
  readonly list: readonly { readonly id: number }[];
  readonly names: readonly string[];
  readonly inner: { readonly value: number; readonly lines: readonly object[]; readonly extra?: string };
}

const start: Sample = { count: 0, text: null, list: [], names: [], inner: { value: 0, lines: [] } };

const asJson = (value: object): object => JSON.parse(JSON.stringify(value)) as object;

/** What decisions do to documents: replace a part, and keep the others as they are. */
const step = fc.oneof(
  fc.integer().map((count) => (from: Sample) => ({ ...from, count })),
  fc.option(fc.string()).map((text) => (from: Sample) => ({ ...from, text })),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 6 })).map(([id, most]) => (from: Sample) => ({
    ...from,
    list: most === 0 ? [] : [...from.list, { id }].slice(-most),
  })),
  fc.constantFrom('a', 'b', 'c', 'd').map((name) => (from: Sample) => ({
    ...from,
    names: [name, ...from.names.filter((other) => other !== name)].slice(0, 3),
  })),
  fc.integer({ min: 0, max: 5 }).map((place) => (from: Sample) => ({
    ...from,
    list: from.list.filter((_, index) => index !== place),
  })),
  fc.integer({ min: 0, max: 5 }).map((place) => (from: Sample) => ({
    ...from,
    list: from.list.map((entry, index) => (index === place ? { id: -1 } : entry)),
  })),
  fc.integer().map((value) => (from: Sample) => ({
    ...from,
    inner: { ...from.inner, value, lines: [...from.inner.lines, {}] },
  })),
  fc.string().map((extra) => (from: Sample) => ({ ...from, inner: { ...from.inner, extra } })),
  fc.constant((from: Sample) => ({ ...from, inner: { value: from.inner.value, lines: from.inner.lines } })),
  fc.constant((from: Sample) => from),
);

it('a document and its change give the next one, however many are left out between', () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 20 }), (commits) => {
      let document = start;
      let recovered = asJson(start);
      for (const steps of commits) {
        const next = steps.reduce((from, take) => take(from), document);
        const change = changeBetween(document, next);
        recovered = change ? changed(recovered, asJson(change)) : asJson(next);
        expect(recovered).toEqual(asJson(next));
        document = next;
      }
    }),
  );
});

it('a list that grew at one end and was cut at the other tells its new entries alone', () => {
  const [a, b, c] = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const change = changeBetween({ list: [a, b], names: ['x', 'y'] }, { list: [b, c], names: ['z', 'x'] });
  expect(change).toEqual({
    set: {},
    lists: {
      list: { from: 1, count: 1, before: [], after: [c] },
      names: { from: 0, count: 1, before: ['z'], after: [] },
    },
  });
});

it('a list of which one entry was put in front, or taken out, tells that entry alone', () => {
  const [a, b, c, d] = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
  const before = { viewed: ['w', 'x', 'y', 'z'], list: [a, b, c, d] };
  const change = changeBetween(before, { viewed: ['y', 'w', 'x', 'z'], list: [a, c, d] });
  expect(change).toEqual({
    set: {},
    lists: {
      viewed: { from: 0, count: 4, without: 2, first: ['y'], last: [] },
      list: { from: 0, count: 4, without: 1, first: [], last: [] },
    },
  });
});

it('a hub that knows of grown lists alone fails at one of which an entry was moved', () => {
  const change = changeBetween({ viewed: ['w', 'x', 'y'] }, { viewed: ['x', 'w', 'y'] });
  // As it is read there: `[...before, ...kept, ...after]`.
  expect(change?.lists?.['viewed']).not.toHaveProperty('before');
  expect(change?.lists?.['viewed']).not.toHaveProperty('after');
});

it('a field that went away is no change', () => {
  expect(changeBetween({ a: 1, b: 2 }, { a: 1 })).toBeNull();
});
