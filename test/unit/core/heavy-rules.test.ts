import { describe, expect, it } from 'vitest';
import { compileConditions, firstFailure } from '../../../server/core/conditions/conditions.ts';
import { FIELDS } from '../../../server/core/conditions/fields.ts';
import { OPERATORS } from '../../../server/core/conditions/field-checks.ts';
import type { Facts } from '../../../server/core/conditions/facts.ts';
import { traitFaults } from '../../../server/core/declared.ts';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { fillTemplate } from '../../../server/core/templates.ts';
import { variablesOf } from '../../../server/core/template-variables.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { faultsOf } from '../../../server/engine/parse.ts';
import { type Fault, MOST_FAULTS } from '../../../shared/errors.ts';
import { Rule } from '../../../shared/rule.ts';
import { items } from '../support/sample-event.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { Story } from '../support/story.ts';

/** As long as a rule may be that is sent to a hub. */
const RULE_BYTES = 64_000;
const REFUSED_WITHIN_MS = 50;

const own = vocabularyOf({ events: [], traits: {}, segments: [] });
const toast = (more: object) => ({ ...ruleOn('add_to_cart'), nudge: { kind: 'toast', title: 'x', ...more } });
const asking = (when: object) => ({ ...ruleOn('add_to_cart'), when });
const many = (count: number, name: (index: number) => string, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), value]));

function faultsOfRule(given: unknown): Fault[] {
  const { data, error } = Rule.safeParse(given);
  return error ? faultsOf(error) : ruleFaults(data, own);
}

/** The best of a few tries is what it takes; the others are what else the machine had to do. */
function leastMs(work: () => unknown): number {
  const tries = Array.from({ length: 5 }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return Math.min(...tries);
}

describe('a rule that would be much work is refused at once, and told where', () => {
  const slots = '{{aaaaaaaa}}'.repeat(41);
  it.each<[what: string, rule: object, path: string]>([
    ['a text of 64 kB', toast({ title: 'x'.repeat(RULE_BYTES) }), 'nudge.title'],
    ['slots without end', toast({ title: { en: '{{x}}'.repeat(RULE_BYTES / 5) } }), 'nudge.title.en'],
    ['opening braces without end', toast({ body: '{{'.repeat(RULE_BYTES / 2) }), 'nudge.body'],
    ['a loop over ten million', toast({ title: '{{#each (range 10000000)}}x{{/each}}' }), 'nudge.title'],
    ['a repetition', toast({ title: '{{ "x" * 10000000 }}' }), 'nudge.title'],
    ['a constructor', toast({ title: '{{constructor}}' }), 'nudge.title'],
    ['a prototype', toast({ body: { en: 'x', ko: '{{__proto__.polluted}}' } }), 'nudge.body.ko'],
    ['a call', toast({ title: '{{cart.value.constructor("return process")()}}' }), 'nudge.title'],
    ['a slot in a link that is none', toast({ cta: { label: 'x', href: '/{{this}}' } }), 'nudge.cta.href'],
    ['as many slots as fit', toast({ title: slots, body: slots }), 'nudge.title'],
    [
      'a language for each word',
      toast({ title: many(4_000, (at) => `aa-${at + 10_000}`, 'x') }),
      'nudge.title',
    ],
    [
      'slots in as many languages as may be',
      toast({ title: many(100, (at) => `aa-${at + 10}`, slots) }),
      'nudge.title.aa-10',
    ],
    ['unknown fields without end', asking(many(6_000, (at) => `cart.v${at}`, 1)), 'when.cart.v0'],
    ['unknown operators', asking({ 'cart.value': many(6_000, (at) => `$v${at}`, 1) }), 'when.cart.value.$v0'],
    [
      'unknown fields in groups',
      asking({
        $or: Array.from({ length: 20 }, () => ({
          $or: Array.from({ length: 20 }, () => many(10, (at) => `x${at}`, 1)),
        })),
      }),
      'when.$or.0.$or.0.x0',
    ],
    [
      'unknown fields of records',
      asking({ 'cart.items': { $elemMatch: many(5_000, (at) => `x${at}`, 1) } }),
      'when.cart.items.$elemMatch.x0',
    ],
    [
      'unknown parts of a rule',
      { ...ruleOn('add_to_cart'), ...many(6_000, (at) => `part${at}`, 1) },
      'part0',
    ],
  ])('%s', (_, rule, path) => {
    const faults = faultsOfRule(rule);
    expect(faults[0]?.path).toBe(path);
    expect(faults.length).toBeLessThanOrEqual(MOST_FAULTS + 41);
    expect(leastMs(() => faultsOfRule(rule))).toBeLessThan(REFUSED_WITHIN_MS);
  });

  it('so are traits that the site has not declared', () => {
    const declared = { plan: 'string', points: 'number', vip: 'boolean' } as const;
    const traits = many(5_000, (at) => `plan${at}`, 1);
    expect(traitFaults(traits, declared, 'traits')).toHaveLength(MOST_FAULTS);
    expect(leastMs(() => traitFaults(traits, declared, 'traits'))).toBeLessThan(REFUSED_WITHIN_MS);
  });
});

it('a text that looks like a program of another language is a text', () => {
  const texts = [
    '{% for i in (1..10000000) %}x{% endfor %}',
    '<%= 7*7 %>',
    '${7*7}',
    '#{7*7}',
    '[[${7*7}]]',
    '@(7*7)',
  ];
  const wording = { locale: 'en', currency: 'EUR', variables: variablesOf(own, 'add_to_cart') };
  for (const text of texts) {
    expect(faultsOfRule(toast({ title: text }))).toEqual([]);
    expect(fillTemplate(text, () => 49, wording)).toBe(text);
  }
});

describe('what an owner writes is compared, and never a pattern', () => {
  const DESCRIBED = [
    '$regex',
    '$regexp',
    '$where',
    '$expr',
    '$function',
    '$like',
    '$text',
    '$match',
    '$jsonSchema',
  ];
  it.each(DESCRIBED)('there is no %s', (operator) => {
    expect(faultsOfRule(asking({ 'cart.item_ids': { [operator]: '^(a+)+$' } }))[0]?.path).toBe(
      `when.cart.item_ids.${operator}`,
    );
  });

  /** Each takes a matcher that backtracks for years over the text below. */
  const EVIL = Array.from({ length: 1_000 }, (_, at) => {
    const pumps = [
      '(a+)+$',
      '(a|aa)+$',
      '([a-z]+)*$',
      '(.*a){20}',
      '(a?){30}a{30}',
      '*a*a*a*b',
      '%a%a%_',
      '{{a}}',
    ];
    return `^${(pumps[at % pumps.length] ?? '').repeat(1 + (at % 7))}${at}`;
  });
  const LONG = 'a'.repeat(10_000);
  const facts = factsAbout(`${LONG}!`);

  it('1,000 evil patterns by each operator that takes texts, on 10 kB of text, are 5 ms each at the very most', () => {
    const text = (pattern: string): object[] => [
      { 'session.page': pattern },
      { 'session.page': { $eq: pattern } },
      { 'session.page': { $ne: pattern } },
      { 'session.page': { $in: [pattern, LONG] } },
      { 'session.page': { $nin: [pattern, LONG] } },
      { 'session.page': { $not: { $eq: pattern } } },
      { 'shopper.viewed': { $eq: pattern } },
      { 'shopper.viewed': { $in: [pattern, LONG] } },
      { 'shopper.viewed': { $nin: [pattern, LONG] } },
      { 'shopper.viewed': { $all: [pattern, LONG] } },
      { 'cart.items': { $elemMatch: { item_name: pattern } } },
      { 'cart.items': { $all: [{ $elemMatch: { item_name: pattern } }] } },
      { 'cart.items': { $count: { where: { item_name: { $ne: pattern } }, $gte: 1 } } },
      { 'cart.items': { $sum: { of: 'quantity', where: { item_name: pattern }, $gte: 1 } } },
      { $or: [{ 'session.page': pattern }, { $nor: [{ 'session.landing': pattern }] }] },
    ];
    const used = JSON.stringify(text('x'));
    const numbersOnly = ['$gt', '$lt', '$lte', '$exists', '$size'];
    expect(OPERATORS.filter((operator) => !used.includes(`"${operator}"`))).toEqual(numbersOnly);
    let asked = 0;
    const from = performance.now();
    for (const pattern of EVIL)
      for (const when of text(pattern)) {
        const { conditions, faults } = compileConditions(FIELDS, when as Record<string, unknown>, 'when');
        if (faults.length > 0) throw new Error(JSON.stringify(faults));
        firstFailure(conditions, facts);
        asked++;
      }
    const perPattern = (performance.now() - from) / EVIL.length;
    expect(asked).toBe(15_000);
    // All fifteen together; it is a hundredth of that, and a matcher that backtracks never ends.
    expect(perPattern).toBeLessThan(5);
  });
});

function factsAbout(text: string): Facts {
  const story = new Story(liveSite([]));
  story.adds('mug');
  const { shopper } = story;
  const lines = shopper.cart.lines.map((line) => ({ ...line, item_name: text }));
  return {
    shopper: {
      ...shopper,
      viewed: [text, ...items('mug').map(({ item_id }) => item_id)],
      session: { ...shopper.session, page: text, landing: text },
      cart: { ...shopper.cart, lines },
    },
    event: null,
    now: story.now,
    timeZone: 'UTC',
  };
}
