import { Duration, durationMs } from '../../../shared/duration.ts';
import type { Field } from './field.ts';
import { isNumber, isString, listOf } from './operands.ts';

/** Tests a field's value. The compiler made it for the field's type, which its own type cannot say. */
export type Test = (value: never, now: number) => boolean;

type Scalar = Exclude<Field<never>['type'], 'records'>;

const ORDERED = ['$gt', '$gte', '$lt', '$lte'];

/** What each type of field is compared with, for messages. */
const KINDS: Readonly<Record<Scalar, { one: string; field: string }>> = {
  number: { one: 'a number', field: 'a number' },
  age: { one: 'a duration, like "7d"', field: 'a length of time' },
  string: { one: 'a text', field: 'a text' },
  list: { one: 'a text', field: 'a list of texts' },
  boolean: { one: 'true or false', field: 'true or false' },
};

/** The test of one operator; a text says what is wrong with the operand. */
export function comparison(type: Scalar, operator: string, operand: unknown): Test | string {
  if (operator === '$exists')
    return typeof operand === 'boolean' ? existence(operand) : '$exists takes true or false.';
  return testFor(type, operator, operand) ?? operandFault(type, operator);
}

function testFor(type: Scalar, operator: string, operand: unknown): Test | undefined {
  const isAmong = operator === '$in' || operator === '$nin';
  switch (type) {
    case 'number':
      return isAmong ? among(operator, listOf(operand, isNumber)) : numeric(operator, operand);
    case 'age':
      return aged(operator, operand);
    case 'string':
      return isAmong ? among(operator, listOf(operand, isString)) : equality(operator, operand, isString);
    case 'boolean':
      return equality(operator, operand, (value) => typeof value === 'boolean');
    case 'list':
      return listed(operator, operand);
  }
}

function existence(wanted: boolean): Test {
  return (value: unknown) => (value !== undefined) === wanted;
}

function numeric(operator: string, operand: unknown): ((value: number | undefined) => boolean) | undefined {
  if (!isNumber(operand)) return undefined;
  switch (operator) {
    case '$eq':
      return (value) => value === operand;
    case '$ne':
      return (value) => value !== operand;
    case '$gt':
      return (value) => value !== undefined && value > operand;
    case '$gte':
      return (value) => value !== undefined && value >= operand;
    case '$lt':
      return (value) => value !== undefined && value < operand;
    case '$lte':
      return (value) => value !== undefined && value <= operand;
    default:
      return undefined;
  }
}

/** `{ "$gte": "7d" }`: at least seven days ago. A moment never comes back, so equality is not asked for. */
function aged(operator: string, operand: unknown): Test | undefined {
  if (!ORDERED.includes(operator) || !Duration.safeParse(operand).success) return undefined;
  const test = numeric(operator, durationMs(String(operand)));
  return test && ((at: number | undefined, now: number) => test(at === undefined ? undefined : now - at));
}

/** How old a moment is when such a comparison first gives another answer. */
export function ageThresholdMs(operator: string, operand: unknown): number {
  const isPast = operator === '$gt' || operator === '$lte';
  return durationMs(String(operand)) + (isPast ? 1 : 0);
}

function equality(operator: string, operand: unknown, is: (value: unknown) => boolean): Test | undefined {
  if (!is(operand)) return undefined;
  if (operator === '$eq') return (value: unknown) => value === operand;
  if (operator === '$ne') return (value: unknown) => value !== operand;
  return undefined;
}

/** As in MongoDB: a list equals a value when it holds it, and is `$in` a list when the two share a member. */
function listed(operator: string, operand: unknown): Test | undefined {
  const isMany = operator === '$in' || operator === '$nin' || operator === '$all';
  const values = isMany ? listOf(operand, isString) : listOf([operand], isString);
  if (values.length === 0) return undefined;
  const shares = sharing(values);
  if (operator === '$all') return (held: readonly string[]) => values.every((value) => held.includes(value));
  if (operator === '$eq' || operator === '$in') return shares;
  if (operator === '$ne' || operator === '$nin') return (held: readonly string[]) => !shares(held);
  return undefined;
}

/** A set costs more to ask than the only member of a short list. */
function sharing(values: readonly string[]): (held: readonly string[]) => boolean {
  const [only] = values;
  if (only !== undefined && values.length === 1) return (held) => held.includes(only);
  const wanted = new Set(values);
  return (held) => held.some((value) => wanted.has(value));
}

function among(operator: string, operands: readonly unknown[]): Test | undefined {
  if (operands.length === 0) return undefined;
  const wanted = new Set(operands);
  const isIn = operator === '$in';
  return (value: unknown) => wanted.has(value) === isIn;
}

function operandFault(type: Scalar, operator: string): string {
  const { one, field } = KINDS[type];
  const isMany = operator === '$in' || operator === '$nin' || operator === '$all';
  if (type === 'age')
    return ORDERED.includes(operator)
      ? `${operator} takes ${one} here.`
      : `This field is ${field}: compare it with ${ORDERED.join(', ')}.`;
  if (operator === '$all' && type !== 'list') return `$all asks lists, and this field is ${field}.`;
  if (isMany && type === 'boolean') return `This field is ${field}: compare it with $eq or $ne.`;
  if (isMany) return `${operator} takes a list of ${one.slice(2)}s here.`;
  if (ORDERED.includes(operator) && type !== 'number')
    return `${operator} compares numbers, and this field is ${field}.`;
  return `${operator} takes ${one} here.`;
}
