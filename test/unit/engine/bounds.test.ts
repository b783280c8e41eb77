import { expect, it } from 'vitest';
import { compileConditions } from '../../../server/core/conditions/conditions.ts';
import { traitFaults } from '../../../server/core/declared.ts';
import { fieldsOfRules } from '../../../server/core/conditions/site-fields.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { boundsFault } from '../../../server/engine/bounds.ts';
import { HubError } from '../../../server/engine/hub-error.ts';
import { parse } from '../../../server/engine/parse.ts';
import { ProductsBody, SegmentsBody, ServerEvents } from '../../../shared/http-bodies.ts';
import { Locale } from '../../../shared/localized-text.ts';
import { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { bodiesFor } from '../../fuzz/http-bodies.ts';
import { fuzzedSite } from '../../fuzz/fuzzed-site.ts';
import { rule } from '../../support/sample-site.ts';

const vocabulary = vocabularyOf(SiteFile.parse(fuzzedSite));
const NESTS = [
  ['[', ']'],
  ['{"a":', '}'],
  ['{"$not":', '}'],
  ['{"$and":[', ']}'],
] as const;
const many = (count: number, name = 'k') =>
  Object.fromEntries(Array.from({ length: count }, (_, place) => [`${name}${place}`, 0]));

function refusal(read: () => unknown): HubError {
  try {
    read();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

it.each(NESTS)(
  'what nests without end by %s is refused wherever it stands, and nothing runs out of stack',
  (open, close) => {
    const deep: unknown = JSON.parse(`${open.repeat(9_000)}0${close.repeat(9_000)}`);
    const draft = (more: object) => ({ ...rule('deep', { on: 'add_to_cart' }), ...more });
    const arms = (change: unknown) => ({ experiment: { id: 'e', arms: [{ id: 'a' }, { id: 'b', change }] } });
    const given = [
      draft({ when: deep }),
      draft({ when: { 'cart.items': { $elemMatch: { price: deep } } } }),
      draft({ when: { 'cart.value': deep } }),
      draft(arms({ when: deep })),
      draft(arms({ nudge: { title: deep } })),
      draft({ nudge: deep }),
    ];
    for (const one of given) expect(refusal(() => parse(Rule, one))).toMatchObject({ code: 'invalid' });
    expect(refusal(() => parse(SegmentsBody, { segments: [{ id: 'deep', when: deep }] })).errors).toEqual([
      { path: expect.stringMatching(/^segments\.0\.when\b/), message: 'Nested more than 50 deep.' },
    ]);
  },
);

it('as deep as conditions may nest is not too deep', () => {
  const [{ text }] = bodiesFor('/v1/rules/:id');
  const nested = '{"$or":['.repeat(8) + '{"cart.value":1}' + ']}'.repeat(8);
  const given: unknown = { rule: { ...JSON.parse(text), when: JSON.parse(nested) } };
  expect(boundsFault(given)).toBeNull();
});

it('a list or an object that is longer than any that is meant is refused before it is read', () => {
  const faultOf = (given: unknown) => refusal(() => parse(ProductsBody, given)).errors;
  expect(faultOf({ products: Array.from({ length: 20_001 }, () => 0) })).toEqual([
    { path: 'products', message: 'A list of more than 20000.' },
  ]);
  expect(faultOf({ products: [many(1_001)] })).toEqual([
    { path: 'products.0', message: 'More than 1000 fields.' },
  ]);
});

it('of many faults the first twenty are told, in few words', () => {
  const quiet = (quietHours: object) => ({
    shopper: 'a-shopper-of-the-hub-0',
    events: [{ id: 'an-event-1', at: 0, name: 'preferences_update', params: { quietHours } }],
  });
  const strict = refusal(() => parse(ServerEvents, quiet(many(900))));
  expect(strict.errors).toHaveLength(20);
  const long = refusal(() => parse(ServerEvents, quiet({ ['k'.repeat(10_000)]: 0 })));
  expect(JSON.stringify(long.body).length).toBeLessThan(1_000);
  expect(traitFaults(many(900), vocabulary.traits, 'traits')).toHaveLength(20);
  const unknown = { ...many(900, 'cart.v'), ['x'.repeat(10_000)]: 0 };
  const { faults } = compileConditions(fieldsOfRules(vocabulary, 'add_to_cart'), unknown, 'when');
  expect(faults).toHaveLength(20);
  const operators = compileConditions(
    fieldsOfRules(vocabulary, 'add_to_cart'),
    { 'cart.value': many(900, '$o') },
    'when',
  );
  expect(operators.faults).toHaveLength(20);
});

it('a language tag is no essay', () => {
  expect(Locale.safeParse('sl-Latn-IT-nedis-rozaj-1994').success).toBe(true);
  expect(Locale.safeParse(`en${'-abcdefgh'.repeat(5)}`).success).toBe(false);
});
