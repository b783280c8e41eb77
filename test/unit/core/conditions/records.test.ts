import { describe, expect, it } from 'vitest';
import { compileConditions, firstFailure } from '../../../../server/core/conditions/conditions.ts';
import { FIELDS } from '../../../../server/core/conditions/fields.ts';
import type { Facts } from '../../../../server/core/conditions/facts.ts';
import { DAY, HOUR } from '../../support/durations.ts';
import { eventOf } from '../../support/sample-event.ts';
import { liveSite, ruleOn } from '../../support/sample-site.ts';
import { Story } from '../../support/story.ts';

const LINES = [
  { item_id: 'mug', item_category: 'kitchen', price: 10, quantity: 2 },
  { item_id: 'pot', item_category: 'garden', price: 40, quantity: 1 },
  { item_id: 'seeds', item_category: 'garden', price: 3, quantity: 5 },
];

/** A shopper with three lines in the cart who viewed garden things today and three days ago, and saw a toast then. */
function lifeSoFar(): Facts {
  const story = new Story(liveSite([ruleOn('begin_checkout', { id: 'hello' })]));
  story.page('add_to_cart', { items: LINES.slice(0, 1) });
  story.page('begin_checkout');
  story.sees();
  story.page('view_item', { items: [{ item_id: 'spade', item_category: 'garden' }] });
  story.wait(3 * DAY);
  story.page('view_item', { items: [{ item_id: 'rake', item_category: 'garden' }] });
  story.wait(HOUR);
  story.page('view_item', { items: [{ item_id: 'mug', item_category: 'kitchen' }] });
  story.page('view_cart', { items: LINES });
  const event = eventOf({
    id: 'event-01',
    name: 'add_to_cart',
    params: { items: [{ item_id: 'pot', item_brand: 'Haru' }] },
  });
  return { shopper: story.shopper, event, now: story.now, timeZone: 'UTC' };
}

const facts = lifeSoFar();

function holds(when: Record<string, unknown>): boolean {
  const { conditions, faults } = compileConditions(FIELDS, when, 'when');
  expect(faults).toEqual([]);
  return firstFailure(conditions, facts) === undefined;
}

describe('each operator on a list of records', () => {
  it.each<[when: Record<string, unknown>, expected: boolean]>([
    [{ 'cart.items': { $elemMatch: { item_category: 'garden', price: { $gte: 30 } } } }, true],
    [{ 'cart.items': { $elemMatch: { item_category: 'kitchen', price: { $gte: 30 } } } }, false],
    [{ 'cart.items': { $elemMatch: { $or: [{ item_id: 'lamp' }, { item_id: 'mug' }] } } }, true],
    [{ 'cart.items': { $not: { $elemMatch: { item_category: 'garden' } } } }, false],
    [{ 'cart.items': { $not: { $elemMatch: { item_category: 'toys' } } } }, true],
    [{ 'cart.items': { $all: [{ $elemMatch: { item_id: 'mug' } }, { $elemMatch: { price: 40 } }] } }, true],
    [{ 'cart.items': { $all: [{ $elemMatch: { item_id: 'mug' } }, { $elemMatch: { price: 41 } }] } }, false],
    [{ 'cart.items': { $size: 3 } }, true],
    [{ 'cart.items': { $size: 2 } }, false],
    [{ 'cart.items': { $size: { $gt: 2, $lte: 3 } } }, true],
    [{ 'cart.items': { $size: { $lt: 3 } } }, false],
    [{ 'cart.items': { $count: { where: { item_category: 'garden' }, $gte: 2 } } }, true],
    [{ 'cart.items': { $count: { where: { item_category: 'garden' }, $gt: 2 } } }, false],
    [{ 'cart.items': { $count: { $eq: 3 } } }, true],
    [{ 'cart.items': { $sum: { of: 'quantity', $eq: 8 } } }, true],
    [{ 'cart.items': { $sum: { of: 'value', where: { item_category: 'garden' }, $gte: 55 } } }, true],
    [{ 'cart.items': { $sum: { of: 'value', where: { item_category: 'garden' }, $gt: 55 } } }, false],
    [{ 'cart.item_ids': { $all: ['mug', 'pot'] } }, true],
    [{ 'cart.item_ids': { $all: ['mug', 'lamp'] } }, false],
    [{ 'event.items': { $elemMatch: { item_brand: 'Haru', quantity: 1 } } }, true],
    [{ 'event.items': { $elemMatch: { item_brand: { $exists: false } } } }, false],
  ])('%j holds: %s', (when, expected) => expect(holds(when)).toBe(expected));
});

describe('history', () => {
  it.each<[what: string, when: Record<string, unknown>, expected: boolean]>([
    [
      'has viewed a category twice within a week',
      { 'history.views': { $count: { where: { item_category: 'garden', age: { $lt: '7d' } }, $gte: 2 } } },
      true,
    ],
    [
      'has viewed it twice within a day',
      { 'history.views': { $count: { where: { item_category: 'garden', age: { $lt: '1d' } }, $gte: 2 } } },
      false,
    ],
    [
      'saw a rule’s nudge within a week',
      { 'history.nudges': { $elemMatch: { rule: 'hello', displayed: true, age: { $lt: '7d' } } } },
      true,
    ],
    ['clicked it', { 'history.nudges': { $elemMatch: { rule: 'hello', clicked: true } } }, false],
    ['saw another one', { 'history.nudges': { $elemMatch: { rule: 'other' } } }, false],
    [
      'was here before, days ago',
      { 'shopper.visits': { $gte: 2 }, 'shopper.lastVisit': { $gte: '1h' } },
      true,
    ],
    ['was first seen a week ago', { 'shopper.firstSeen': { $gte: '7d' } }, false],
    ['began this cart long ago', { 'cart.age': { $gte: '3d' } }, true],
    ['has never ordered', { 'shopper.lastOrder': { $exists: false } }, true],
  ])('%s: %j', (_, when, expected) => expect(holds(when)).toBe(expected));

  it('a click is remembered beside the display', () => {
    const story = new Story(liveSite([ruleOn('add_to_cart')]));
    story.adds('mug');
    story.page('nudge_clicked', { nudge: story.nudges[0]?.id });
    expect(story.shopper.past).toMatchObject([
      { displayedAt: story.now, clickedAt: story.now, dismissedAt: null },
    ]);
  });

  it('nudges are remembered for as long as some rule looks back, beyond every limit’s window', () => {
    const rule = (when: Record<string, unknown>) => [
      ruleOn('add_to_cart', {
        id: 'first',
        limit: { times: 1, per: '1h' },
        nudge: { kind: 'toast', title: 'x', validFor: '1m' },
      }),
      ruleOn('view_cart', { id: 'later', when }),
    ];
    const remembered = (when: Record<string, unknown>) => {
      const story = new Story(liveSite(rule(when)));
      story.adds('mug');
      story.sees();
      story.wait(3 * DAY).adds('mug');
      return story.shopper.past.length;
    };
    expect(remembered({})).toBe(1);
    expect(remembered({ 'history.nudges': { $elemMatch: { rule: 'first', age: { $lt: '7d' } } } })).toBe(2);
    expect(remembered({ $nor: [{ 'history.nudges': { $size: 5 } }] })).toBe(2);
  });
});

describe('a condition on records is refused with its place', () => {
  it.each<[when: unknown, path: string, message: string]>([
    [
      { 'cart.items': 'mug' },
      'when.cart.items',
      'This is a list of records: ask with $elemMatch, $all, $size, $count, $sum.',
    ],
    [
      { 'cart.items': { $elemMatch: 5 } },
      'when.cart.items.$elemMatch',
      '$elemMatch takes the conditions on one record.',
    ],
    [
      { 'cart.items': { $elemMatch: {} } },
      'when.cart.items.$elemMatch',
      '$elemMatch takes the conditions on one record.',
    ],
    [
      { 'cart.items': { $elemMatch: { prise: 1 } } },
      'when.cart.items.$elemMatch.prise',
      'Unknown field "prise". Did you mean "price"?',
    ],
    [
      { 'cart.items': { $elemMatch: { price: { $gte: '1' } } } },
      'when.cart.items.$elemMatch.price.$gte',
      '$gte takes a number here.',
    ],
    [
      { 'cart.items': { $elemmatch: {} } },
      'when.cart.items.$elemmatch',
      'Unknown operator "$elemmatch". Did you mean "$elemMatch"?',
    ],
    [{ 'cart.items': { $gte: 1 } }, 'when.cart.items.$gte', 'Unknown operator "$gte".'],
    [{ 'cart.items': { $size: '3' } }, 'when.cart.items.$size', '$eq takes a number here.'],
    [{ 'cart.items': { $size: {} } }, 'when.cart.items.$size', 'Give a comparison, such as "$gte".'],
    [
      { 'cart.items': { $size: { $regex: 1 } } },
      'when.cart.items.$size.$regex',
      'Unknown operator "$regex".',
    ],
    [
      { 'cart.items': { $count: 3 } },
      'when.cart.items.$count',
      '$count takes a comparison, such as { "$gte": 3 }.',
    ],
    [
      { 'cart.items': { $count: { where: {} } } },
      'when.cart.items.$count',
      'Give a comparison, such as "$gte".',
    ],
    [
      { 'cart.items': { $count: { where: 5, $eq: 1 } } },
      'when.cart.items.$count.where',
      'Conditions are an object.',
    ],
    [
      { 'cart.items': { $count: { where: { colour: 'red' }, $eq: 1 } } },
      'when.cart.items.$count.where.colour',
      'Unknown field "colour".',
    ],
    [
      { 'cart.items': { $sum: { of: 'quantitty', $gte: 1 } } },
      'when.cart.items.$sum.of',
      '$sum adds up price, quantity, value. Did you mean "quantity"?',
    ],
    [
      { 'history.views': { $sum: { of: 'age', $gte: 1 } } },
      'when.history.views.$sum.of',
      'These records have no numbers to add up.',
    ],
    [
      { 'cart.items': { $sum: 5 } },
      'when.cart.items.$sum',
      '$sum takes what to add up and a comparison: { "of": "quantity", "$gte": 3 }.',
    ],
    [
      { 'cart.items': { $all: {} } },
      'when.cart.items.$all',
      '$all takes a list of 1 to 20 conditions here, each an $elemMatch.',
    ],
    [
      { 'cart.items': { $all: [{ item_id: 'mug' }] } },
      'when.cart.items.$all.0',
      'Write { "$elemMatch": { … } }.',
    ],
    [{ 'cart.value': { $all: [1] } }, 'when.cart.value.$all', '$all asks lists, and this field is a number.'],
    [
      { 'shopper.lastSeen': { $gte: 7 } },
      'when.shopper.lastSeen.$gte',
      '$gte takes a duration, like "7d" here.',
    ],
    [
      { 'shopper.lastSeen': { $gte: '7 days' } },
      'when.shopper.lastSeen.$gte',
      '$gte takes a duration, like "7d" here.',
    ],
    [
      { 'shopper.lastSeen': '7d' },
      'when.shopper.lastSeen',
      'This field is a length of time: compare it with $gt, $gte, $lt, $lte.',
    ],
    [{ 'cart.wasAbandoned': 'yes' }, 'when.cart.wasAbandoned', '$eq takes true or false here.'],
    [
      { 'cart.wasAbandoned': { $in: [true] } },
      'when.cart.wasAbandoned.$in',
      'This field is true or false: compare it with $eq or $ne.',
    ],
  ])('%j', (when, path, message) => {
    const { faults, conditions } = compileConditions(FIELDS, when as Record<string, unknown>, 'when');
    expect(faults).toEqual([{ path, message }]);
    expect(conditions).toEqual([]);
  });
});

describe('what a reason shows of them', () => {
  it.each<[when: Record<string, unknown>, wanted: string, actual: unknown]>([
    [{ 'cart.items': { $count: { where: { item_category: 'garden' }, $gte: 3 } } }, '$count $gte 3', 2],
    [{ 'cart.items': { $sum: { of: 'quantity', $gt: 8 } } }, '$sum $gt 8', 8],
    [{ 'cart.items': { $elemMatch: { item_id: 'lamp' } } }, '$elemMatch {"item_id":"lamp"}', 3],
    [{ 'shopper.lastVisit': { $lt: '1h' } }, '$lt 1h', HOUR],
    [{ 'cart.value': { $not: { $gte: 75 } } }, 'not $gte 75', 75],
  ])('%j', (when, wanted, actual) => {
    const failure = firstFailure(compileConditions(FIELDS, when, 'when').conditions, facts);
    expect(failure?.wanted).toBe(wanted);
    if (wanted === '$lt 1h') expect(failure?.actual(facts, facts.now)).toBeGreaterThanOrEqual(HOUR);
    else expect(failure?.actual(facts, facts.now)).toEqual(actual);
  });

  it('an endless list of wanted values is cut short', () => {
    const when = { 'cart.item_ids': { $in: Array.from({ length: 400 }, (_, index) => `item-${index}`) } };
    const failure = firstFailure(compileConditions(FIELDS, when, 'when').conditions, facts);
    expect(failure?.wanted).toHaveLength(80);
  });
});
