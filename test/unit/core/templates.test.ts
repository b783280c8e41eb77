import { describe, expect, it } from 'vitest';
import { fillTemplate, templateFaults } from '../../../server/core/templates.ts';

const values = { 'cart.value': '€ 20', 'offer.code': 'A$&B' };

describe('filling', () => {
  it.each([
    ['no slot at all', 'no slot at all'],
    ['Cart of {{cart.value}}!', 'Cart of € 20!'],
    ['{{ cart.value }} and {{cart.value}}', '€ 20 and € 20'],
    ['{{offer.code}}', 'A$&B'],
    ['a{{cart.quantity}}b', 'ab'],
    ['{{nothing.like.it}}', ''],
    ['{{}}', ''],
    ['{cart.value}', '{cart.value}'],
    ['{{cart.value', '{{cart.value'],
    ['{{{{cart.value}}}}', '{{€ 20}}'],
    ['a{{constructor}}b', 'ab'],
    ['a{{__proto__}}b', 'ab'],
  ])('%j gives %j', (text, filled) => expect(fillTemplate(text, () => values)).toBe(filled));
});

describe('slots that nothing would fill', () => {
  it.each([
    ['Cart of {{cart.value}}', true, []],
    ['{{offer.code}}', true, []],
    ['{{offer.code}}', false, ['{{offer.code}} needs an offer, and this rule has none.']],
    ['{{cart.valeu}}', false, ['Unknown variable {{cart.valeu}}. Did you mean "cart.value"?']],
    ['{{offer.percent}}', true, ['Unknown variable {{offer.percent}}. Did you mean "offer.percentOff"?']],
    ['{{weather}} {{moon}}', false, ['Unknown variable {{weather}}.', 'Unknown variable {{moon}}.']],
    ['{{constructor}}', false, ['Unknown variable {{constructor}}.']],
    ['{{}}', false, ['Unknown variable {{}}.']],
  ])('%j, with an offer: %s', (text, hasOffer, messages) => {
    const faults = templateFaults(text, hasOffer, 'nudge.title');
    expect(faults).toEqual(messages.map((message) => ({ path: 'nudge.title', message })));
  });
});
