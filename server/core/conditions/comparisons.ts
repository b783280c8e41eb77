import { Duration, durationMs } from '../../../shared/duration.ts';
import type { Field } from './field.ts';
import { isNumber, isString, listOf } from './operands.ts';

/** Reads a value and tests it. What it reads from is the compiler's to know; its own type cannot say. */
export type Test = (from: never, now: number) => boolean;
export type Read<Value> = (from: never, now: number) => Value;

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

/** What a comparison reads: a field, or a number made from records. */
export type Compared =
  | { readonly type: 'number' | 'age'; readonly read: Read<number | undefined> }
  | { readonly type: 'string'; readonly read: Read<string | undefined> }
  | { readonly type: 'boolean'; readonly read: Read<boolean | undefined> }
  | { readonly type: 'list'; readonly read: Read<readonly string[]> };

/**
 * The test of one operator; a text says what is wrong with the operand. Each test reads for itself: a rule is asked
 * millions of times, and a call between reading and comparing would be a third of its cost.
 */
export function comparison(compared: Compared, operator: string, operand: unknown): Test | string {
  if (operator === '$exists')
    return typeof operand === 'boolean' ? existence(compared.read, operand) : '$exists takes true or false.';
  return testFor(compared, operator, operand) ?? operandFault(compared.type, operator);
}

function testFor(compared: Compared, operator: string, operand: unknown): Test | undefined {
  const isAmong = operator === '$in' || operator === '$nin';
  switch (compared.type) {
    case 'number':
      return isAmong
        ? among(compared.read, operator, listOf(operand, isNumber))
        : numeric(compared.read, operator, operand);
    case 'age':
      return aged(compared.read, operator, operand);
    case 'string':
      return isAmong
        ? among(compared.read, operator, listOf(operand, isString))
        : equality(compared.read, operator, operand, isString);
    case 'boolean':
      return equality(compared.read, operator, operand, (value) => typeof value === 'boolean');
    case 'list':
      return listed(compared.read, operator, operand);
  }
}

function existence(read: Read<unknown>, wanted: boolean): Test {
  return (from, now) => (read(from, now) !== undefined) === wanted;
}

function numeric(read: Read<number | undefined>, operator: string, operand: unknown): Test | undefined {
  if (!isNumber(operand)) return undefined;
  // Nothing compares with NaN, so what is absent is neither more nor less.
  switch (operator) {
    case '$eq':
      return (from, now) => read(from, now) === operand;
    case '$ne':
      return (from, now) => read(from, now) !== operand;
    case '$gt':
      return (from, now) => (read(from, now) ?? Number.NaN) > operand;
    case '$gte':
      return (from, now) => (read(from, now) ?? Number.NaN) >= operand;
    case '$lt':
      return (from, now) => (read(from, now) ?? Number.NaN) < operand;
    case '$lte':
      return (from, now) => (read(from, now) ?? Number.NaN) <= operand;
    default:
      return undefined;
  }
}

/** `{ "$gte": "7d" }`: at least seven days ago. A moment never comes back, so equality is not asked for. */
function aged(read: Read<number | undefined>, operator: string, operand: unknown): Test | undefined {
  if (!ORDERED.includes(operator) || !Duration.safeParse(operand).success) return undefined;
  const age: Read<number> = (from, now) => now - (read(from, now) ?? Number.NaN);
  return numeric(age, operator, durationMs(String(operand)));
}

/** How old a moment is when such a comparison first gives another answer. */
export function ageThresholdMs(operator: string, operand: unknown): number {
  const isPast = operator === '$gt' || operator === '$lte';
  return durationMs(String(operand)) + (isPast ? 1 : 0);
}

function equality(
  read: Read<unknown>,
  operator: string,
  operand: unknown,
  is: (value: unknown) => boolean,
): Test | undefined {
  if (!is(operand)) return undefined;
  if (operator === '$eq') return (from, now) => read(from, now) === operand;
  if (operator === '$ne') return (from, now) => read(from, now) !== operand;
  return undefined;
}

/** As in MongoDB: a list equals a value when it holds it, and is `$in` a list when the two share a member. */
function listed(read: Read<readonly string[]>, operator: string, operand: unknown): Test | undefined {
  const isMany = operator === '$in' || operator === '$nin' || operator === '$all';
  const values = isMany ? listOf(operand, isString) : listOf([operand], isString);
  if (values.length === 0) return undefined;
  if (operator === '$all')
    return (from, now) => {
      const held = read(from, now);
      return values.every((value) => held.includes(value));
    };
  const shares = sharing(read, values);
  if (operator === '$eq' || operator === '$in') return shares;
  if (operator === '$ne' || operator === '$nin') return (from, now) => !shares(from, now);
  return undefined;
}

/** A set costs more to ask than the only member of a short list. */
function sharing(read: Read<readonly string[]>, values: readonly string[]): Test {
  const [only] = values;
  if (only !== undefined && values.length === 1) return (from, now) => read(from, now).includes(only);
  const wanted = new Set(values);
  return (from, now) => read(from, now).some((value) => wanted.has(value));
}

function among(read: Read<unknown>, operator: string, operands: readonly unknown[]): Test | undefined {
  if (operands.length === 0) return undefined;
  const wanted = new Set(operands);
  const isIn = operator === '$in';
  return (from, now) => wanted.has(read(from, now)) === isIn;
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
