import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../../server/core/conditions/conditions.ts';
import { FIELDS } from '../../../../server/core/conditions/fields.ts';
import { Rule } from '../../../../shared/rule.ts';
import { ruleOn } from '../../support/sample-site.ts';

function check(when: unknown, path: string, message: string): void {
  const compiled = compileConditions(FIELDS, when as Record<string, unknown>, 'when');
  expect(compiled.faults).toEqual([{ path, message }]);
  expect(compiled.conditions).toEqual([]);
}

function nested(operator: '$and' | '$not', depth: number): Record<string, unknown> {
  let inner: unknown = operator === '$and' ? { 'cart.value': 1 } : 1;
  for (let level = 0; level < depth; level++)
    inner = operator === '$and' ? { $and: [inner] } : { $not: inner };
  return operator === '$and' ? (inner as Record<string, unknown>) : { 'cart.value': inner };
}

describe('a condition is refused with its place', () => {
  it.each<[when: unknown, path: string, message: string]>([
    [{ 'cart.valeu': 1 }, 'when.cart.valeu', 'Unknown field "cart.valeu". Did you mean "cart.value"?'],
    [
      { 'cart.item_id': 'a' },
      'when.cart.item_id',
      'Unknown field "cart.item_id". Did you mean "cart.item_ids"?',
    ],
    [{ weather: 'sunny' }, 'when.weather', 'Unknown field "weather".'],
    [{ $xor: [] }, 'when.$xor', 'Unknown operator "$xor". Did you mean "$or"?'],
    [{ $where: 'x' }, 'when.$where', 'Unknown operator "$where".'],
    [
      { 'cart.value': { $gteq: 1 } },
      'when.cart.value.$gteq',
      'Unknown operator "$gteq". Did you mean "$gte"?',
    ],
    [{ 'cart.value': { $regex: '.*' } }, 'when.cart.value.$regex', 'Unknown operator "$regex".'],
    [{ 'cart.value': {} }, 'when.cart.value', 'Give an operator, such as "$gte".'],
    [{ 'cart.value': { $gte: '30' } }, 'when.cart.value.$gte', '$gte takes a number here.'],
    [{ 'cart.value': '30' }, 'when.cart.value', '$eq takes a number here.'],
    [{ 'cart.value': null }, 'when.cart.value', '$eq takes a number here.'],
    [{ 'cart.value': { $lt: Number.NaN } }, 'when.cart.value.$lt', '$lt takes a number here.'],
    [{ 'cart.value': [1] }, 'when.cart.value', '$eq takes a number here.'],
    [{ 'cart.value': { $in: 1 } }, 'when.cart.value.$in', '$in takes a list of numbers here.'],
    [{ 'cart.value': { $in: [] } }, 'when.cart.value.$in', '$in takes a list of numbers here.'],
    [{ 'cart.value': { $nin: ['a'] } }, 'when.cart.value.$nin', '$nin takes a list of numbers here.'],
    [{ 'cart.phase': { $in: [1] } }, 'when.cart.phase.$in', '$in takes a list of texts here.'],
    [{ 'cart.value': { $exists: 1 } }, 'when.cart.value.$exists', '$exists takes true or false.'],
    [{ 'cart.phase': 3 }, 'when.cart.phase', '$eq takes a text here.'],
    [
      { 'cart.phase': { $gt: 'a' } },
      'when.cart.phase.$gt',
      '$gt compares numbers, and this field is a text.',
    ],
    [
      { 'cart.item_ids': { $lt: 'a' } },
      'when.cart.item_ids.$lt',
      '$lt compares numbers, and this field is a list of texts.',
    ],
    [{ 'cart.item_ids': 5 }, 'when.cart.item_ids', '$eq takes a text here.'],
    [{ $and: {} }, 'when.$and', '$and takes a list of 1 to 20 conditions.'],
    [{ $or: [] }, 'when.$or', '$or takes a list of 1 to 20 conditions.'],
    [
      { $nor: Array.from({ length: 21 }, () => ({})) },
      'when.$nor',
      '$nor takes a list of 1 to 20 conditions.',
    ],
    [{ $or: [{}, 5] }, 'when.$or.1', 'A condition is an object.'],
    [
      { $or: [{}, { $and: [{ 'cart.lnes': 1 }] }] },
      'when.$or.1.$and.0.cart.lnes',
      'Unknown field "cart.lnes". Did you mean "cart.lines"?',
    ],
    [{ 'cart.value': { $not: { $gt: 'x' } } }, 'when.cart.value.$not.$gt', '$gt takes a number here.'],
  ])('%j', check);

  it('names every fault, not only the first', () => {
    const { faults } = compileConditions(
      FIELDS,
      { 'cart.valeu': 1, 'cart.value': { $gt: 'x', $lte: 'y' } },
      'when',
    );
    expect(faults.map(({ path }) => path)).toEqual([
      'when.cart.valeu',
      'when.cart.value.$gt',
      'when.cart.value.$lte',
    ]);
  });
});

describe('names that every object has are no fields', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s', (name) => {
    const when: unknown = JSON.parse(`{ "${name}": 1 }`);
    check(when, `when.${name}`, `Unknown field "${name}".`);
  });

  it('a rule whose condition is on __proto__ is not taken for one without conditions', () => {
    const when: unknown = JSON.parse('{ "__proto__": { "$gte": 30 } }');
    const parsed = Rule.safeParse({ ...ruleOn('add_to_cart'), when });
    const isRefused =
      !parsed.success || compileConditions(FIELDS, parsed.data.when, 'when').faults.length > 0;
    expect(isRefused).toBe(true);
  });
});

describe('nesting is bounded', () => {
  it('eight groups deep is fine', () => {
    expect(compileConditions(FIELDS, nested('$and', 8), 'when').faults).toEqual([]);
  });

  it('nine groups deep is refused', () => {
    const { faults } = compileConditions(FIELDS, nested('$and', 9), 'when');
    expect(faults.map(({ message }) => message)).toEqual(['Conditions are nested more than 8 deep.']);
  });

  it('a $not in a $not without end is refused, and exhausts no stack', () => {
    expect(compileConditions(FIELDS, nested('$not', 20_000), 'when').faults).toHaveLength(1);
  });
});
