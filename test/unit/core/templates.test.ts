import { describe, expect, it } from 'vitest';
import { type Need, variablesOf } from '../../../server/core/template-variables.ts';
import { fillTemplate, templateFaults } from '../../../server/core/templates.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';

const vocabulary = vocabularyOf({ events: [], traits: { plan: 'string' }, segments: [] });
const variables = variablesOf(vocabulary, 'add_to_cart');
const values = { 'cart.value': 1234.5, 'cart.quantity': 2, 'offer.code': 'A$&B', 'cart.item': undefined };
const filled = (text: string, locale = 'en', more: object = {}) =>
  fillTemplate(text, (name) => new Map(Object.entries({ ...values, ...more })).get(name), {
    locale,
    currency: 'EUR',
    variables,
  });

describe('filling', () => {
  it.each([
    ['no slot at all', 'no slot at all'],
    ['Cart of {{cart.value}}!', 'Cart of €1,234.50!'],
    ['{{ cart.quantity }} and {{cart.quantity}}', '2 and 2'],
    ['{{offer.code}}', 'A$&B'],
    ['a{{cart.item}}b', 'ab'],
    ['{{nothing.like.it}}', ''],
    ['{{}}', ''],
    ['{cart.value}', '{cart.value}'],
    ['{{cart.value', '{{cart.value'],
    ['{{{{cart.quantity}}}}', '{{2}}'],
    ['a{{constructor}}b', 'ab'],
    ['a{{__proto__}}b', 'ab'],
    ['{{cart.item; else: your cart}}', 'your cart'],
  ])('%j gives %j', (text, expected) => expect(filled(text)).toBe(expected));

  it('words money and numbers as the language does', () => {
    expect(filled('{{cart.value}}', 'de')).toBe('1.234,50\u00a0€');
    expect(filled('{{cart.value}}', 'ko')).toBe('€1,234.50');
    expect(filled('{{cart.quantity}}', 'en', { 'cart.quantity': 12_000 })).toBe('12,000');
  });

  it.each<[locale: string, count: number, expected: string]>([
    ['en', 1, '1 piece'],
    ['en', 2, '2 pieces'],
    ['en', 0, '0 pieces'],
    ['ko', 1, '1 pieces'],
    ['pl', 3, '3 few'],
    ['pl', 5, '5 pieces'],
  ])('has the plurals of %s: %i', (locale, count, expected) => {
    const text = '{{cart.quantity; one: # piece; few: # few; other: # pieces}}';
    expect(filled(text, locale, { 'cart.quantity': count })).toBe(expected);
  });

  it('shows the number of a plural where its form has none', () => {
    expect(
      filled('{{cart.quantity; one: a single piece; other: # pieces}}', 'en', { 'cart.quantity': 1 }),
    ).toBe('a single piece');
  });
});

describe('slots that are refused', () => {
  const offer: Need[] = ['offer', 'percentOff'];
  it.each<[text: string, needs: Need[], messages: string[]]>([
    ['Cart of {{cart.value}}', [], []],
    ['{{offer.code}}', offer, []],
    ['{{offer.code}}', [], ['{{offer.code}} needs an offer.']],
    ['{{offer.amountOff}}', offer, ['{{offer.amountOff}} needs an offer of an amount.']],
    ['{{change.price}}', [], ['{{change.price}} needs a rule on a change of price or stock.']],
    ['{{threshold.missing}}', [], ['{{threshold.missing}} needs a rule on cart_threshold.']],
    ['{{cart.valeu}}', [], ['Unknown variable {{cart.valeu}}. Did you mean "cart.value"?']],
    ['{{offer.percent}}', offer, ['Unknown variable {{offer.percent}}. Did you mean "offer.percentOff"?']],
    ['{{weather}} {{moon}}', [], ['Unknown variable {{weather}}.', 'Unknown variable {{moon}}.']],
    ['{{constructor}}', [], ['Unknown variable {{constructor}}.']],
    ['{{}}', [], ['Unknown variable {{}}.']],
    ['{{cart.item}}', [], ['{{cart.item}} may be absent: write {{cart.item; else: …}}.']],
    ['{{shopper.traits.plan; else: friend}}', [], []],
    [
      '{{shopper.traits.plna; else: x}}',
      [],
      ['Unknown variable {{shopper.traits.plna}}. Did you mean "shopper.traits.plan"?'],
    ],
    ['{{cart.quantity; one: #}}', [], ['{{cart.quantity}} has plurals, and lacks "other".']],
    [
      '{{cart.quantity; single: #; other: #}}',
      [],
      ['"single" is no form. There is zero, one, two, few, many, other and else.'],
    ],
    ['{{cart.value; one: #; other: #}}', [], ['{{cart.value}} is no number, and has no plural.']],
    ['{{cart.quantity; one: #; other: #}}', [], []],
  ])('%j with %j', (text, needs, messages) => {
    const faults = templateFaults(text, variables, new Set(needs), 'nudge.title');
    expect(faults).toEqual(messages.map((message) => ({ path: 'nudge.title', message })));
  });
});
