import { describe, expect, it } from 'vitest';
import { compileConditions, firstFailure } from '../../../../server/core/conditions/conditions.ts';
import { FIELDS } from '../../../../server/core/conditions/fields.ts';
import type { Facts } from '../../../../server/core/conditions/facts.ts';
import { eventOf, items } from '../../support/sample-event.ts';
import { liveSite } from '../../support/sample-site.ts';
import { Story } from '../../support/story.ts';

function shopperWithCart(): Facts {
  const story = new Story(liveSite([]));
  story.page('view_item', { items: items('lamp') });
  story.page('view_cart', {
    items: [
      { item_id: 'mug', price: 10, quantity: 2, item_category: 'kitchen' },
      { item_id: 'pot', price: 10, quantity: 1, item_category: 'garden' },
    ],
  });
  const event = eventOf({ id: 'event-01', name: 'add_to_cart', params: { value: 5, items: items('pot') } });
  return { shopper: { ...story.shopper, locale: 'ko' }, event, now: story.now, timeZone: 'Asia/Seoul' };
}

const facts = shopperWithCart();
const onClock: Facts = { ...facts, shopper: { ...facts.shopper, locale: null }, event: null };

function check(when: Record<string, unknown>, given: Facts, expected: boolean): void {
  const { conditions, faults } = compileConditions(FIELDS, when, 'when');
  expect(faults).toEqual([]);
  expect(firstFailure(conditions, given) === undefined).toBe(expected);
}

describe('each operator on each type of field', () => {
  it.each([
    [{ 'cart.value': 30 }, true],
    [{ 'cart.value': 29 }, false],
    [{ 'cart.value': { $eq: 30 } }, true],
    [{ 'cart.value': { $eq: 31 } }, false],
    [{ 'cart.value': { $ne: 31 } }, true],
    [{ 'cart.value': { $ne: 30 } }, false],
    [{ 'cart.value': { $gt: 29 } }, true],
    [{ 'cart.value': { $gt: 30 } }, false],
    [{ 'cart.value': { $gte: 30 } }, true],
    [{ 'cart.value': { $gte: 30.001 } }, false],
    [{ 'cart.value': { $lt: 31 } }, true],
    [{ 'cart.value': { $lt: 30 } }, false],
    [{ 'cart.value': { $lte: 30 } }, true],
    [{ 'cart.value': { $lte: 29.999 } }, false],
    [{ 'cart.value': { $in: [1, 30] } }, true],
    [{ 'cart.value': { $in: [1, 2] } }, false],
    [{ 'cart.value': { $nin: [1, 2] } }, true],
    [{ 'cart.value': { $nin: [1, 30] } }, false],
    [{ 'cart.value': { $exists: true } }, true],
    [{ 'cart.value': { $exists: false } }, false],
    [{ 'cart.value': { $not: { $gt: 30 } } }, true],
    [{ 'cart.value': { $not: { $gte: 30 } } }, false],
    [{ 'cart.value': { $not: 31 } }, true],
    [{ 'cart.value': { $not: 30 } }, false],
    [{ 'cart.value': { $gte: 10, $lt: 40 } }, true],
    [{ 'cart.value': { $gte: 10, $lt: 20 } }, false],
    [{ 'cart.value': { $not: { $gte: 10, $lt: 20 } } }, true],
    [{ 'shopper.locale': 'ko' }, true],
    [{ 'shopper.locale': 'en' }, false],
    [{ 'shopper.locale': { $eq: 'ko' } }, true],
    [{ 'shopper.locale': { $ne: 'ko' } }, false],
    [{ 'shopper.locale': { $in: ['en', 'ko'] } }, true],
    [{ 'shopper.locale': { $in: ['en'] } }, false],
    [{ 'shopper.locale': { $nin: ['en'] } }, true],
    [{ 'shopper.locale': { $nin: ['ko'] } }, false],
    [{ 'shopper.locale': { $exists: true } }, true],
    [{ 'shopper.locale': { $not: { $in: ['ko'] } } }, false],
    [{ 'cart.item_ids': 'mug' }, true],
    [{ 'cart.item_ids': 'lamp' }, false],
    [{ 'cart.item_ids': { $eq: 'pot' } }, true],
    [{ 'cart.item_ids': { $ne: 'pot' } }, false],
    [{ 'cart.item_ids': { $ne: 'lamp' } }, true],
    [{ 'cart.item_ids': { $in: ['lamp', 'mug'] } }, true],
    [{ 'cart.item_ids': { $in: ['lamp'] } }, false],
    [{ 'cart.item_ids': { $nin: ['lamp'] } }, true],
    [{ 'cart.item_ids': { $nin: ['lamp', 'mug'] } }, false],
    [{ 'cart.item_ids': { $exists: true } }, true],
    [{ 'cart.item_ids': { $not: { $in: ['mug'] } } }, false],
  ])('%j holds: %s', (when, expected) => check(when, facts, expected));
});

describe('each field reads what its name says', () => {
  it.each([
    [{ 'cart.quantity': 3 }],
    [{ 'cart.lines': 2 }],
    [{ 'cart.categories': 'garden' }],
    [{ 'cart.phase': 'active' }],
    [{ 'shopper.orders': 0 }],
    [{ 'shopper.spent': 0 }],
    [{ 'shopper.viewed': 'lamp' }],
    [{ 'event.value': 5 }],
    [{ 'event.item_ids': 'pot' }],
    [{ 'event.categories': { $ne: 'garden' } }],
  ])('%j', (when) => check(when, facts, true));
});

describe('a value that is not there', () => {
  it.each([
    [{ 'event.value': { $exists: false } }, true],
    [{ 'event.value': { $exists: true } }, false],
    [{ 'event.value': { $gte: 0 } }, false],
    [{ 'event.value': { $gt: -1 } }, false],
    [{ 'event.value': { $lt: 1 } }, false],
    [{ 'event.value': { $lte: 0 } }, false],
    [{ 'event.value': 0 }, false],
    [{ 'event.value': { $ne: 0 } }, true],
    [{ 'event.value': { $in: [0] } }, false],
    [{ 'event.value': { $nin: [0] } }, true],
    [{ 'event.item_ids': 'mug' }, false],
    [{ 'event.item_ids': { $ne: 'mug' } }, true],
    [{ 'shopper.locale': 'en' }, false],
    [{ 'shopper.locale': { $exists: false } }, true],
  ])('%j holds on the clock: %s', (when, expected) => check(when, onClock, expected));
});

describe('groups', () => {
  const yes = { 'cart.value': 30 };
  const no = { 'cart.value': 0 };
  it.each([
    [{}, true],
    [{ ...yes, 'cart.quantity': 3 }, true],
    [{ ...yes, 'cart.quantity': 4 }, false],
    [{ $and: [yes, yes] }, true],
    [{ $and: [yes, no] }, false],
    [{ $or: [no, yes] }, true],
    [{ $or: [no, no] }, false],
    [{ $nor: [no, no] }, true],
    [{ $nor: [no, yes] }, false],
    [{ $or: [no], ...yes }, false],
    [{ $or: [{ $and: [yes, { $nor: [no] }] }, no] }, true],
    [{ $nor: [{ $or: [no, yes] }] }, false],
  ])('%j holds: %s', (when, expected) => check(when, facts, expected));
});

describe('what did not hold', () => {
  it.each([
    [{ 'cart.value': { $gte: 31 } }, 'cart.value', 30],
    [{ 'cart.quantity': 3, 'cart.item_ids': 'lamp' }, 'cart.item_ids', ['mug', 'pot']],
    [{ $and: [{ 'cart.lines': 9 }] }, 'cart.lines', 2],
    [{ $or: [{ 'cart.lines': 9 }] }, '$or', false],
    [{ $nor: [{ 'cart.lines': 2 }] }, '$nor', true],
  ])('%j names its place and the actual value', (when, path, actual) => {
    const failure = firstFailure(compileConditions(FIELDS, when, 'when').conditions, facts);
    expect(failure?.path).toBe(path);
    expect(failure?.actual(facts, facts.now)).toEqual(actual);
  });
});
