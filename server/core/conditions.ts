import type { Fault } from '../../shared/errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Facts, type Field, FIELDS } from './fields.ts';

/** One compiled test. `path` names the field or operator in the owner's own terms. */
export interface Condition {
  readonly path: string;
  holds(facts: Facts): boolean;
  actual(facts: Facts): unknown;
}

type Compiled = { readonly conditions: readonly Condition[]; readonly faults: readonly Fault[] };
type Test = (value: never) => boolean;

const MAX_DEPTH = 8;
const COMPARISONS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$not'];
const GROUPS = ['$and', '$or', '$nor'];

/**
 * Compiles MongoDB-style conditions, such as `{ "cart.value": { "$gte": 30 }, "$or": [ … ] }`, to closures. All of
 * the result must hold. Unknown fields, unknown operators and operands of the wrong type are faults with their path.
 */
export function compileConditions(when: Record<string, unknown>, path: string): Compiled {
  const faults: Fault[] = [];
  const conditions = compileAll(when, path, faults, 0);
  return { conditions: faults.length > 0 ? [] : conditions, faults };
}

/** The first condition that does not hold, if there is one. */
export function firstFailure(conditions: readonly Condition[], facts: Facts): Condition | undefined {
  for (const condition of conditions) if (!condition.holds(facts)) return condition;
  return undefined;
}

function compileAll(
  when: Record<string, unknown>,
  path: string,
  faults: Fault[],
  depth: number,
): Condition[] {
  if (depth > MAX_DEPTH) {
    faults.push({ path, message: `Conditions are nested more than ${MAX_DEPTH} deep.` });
    return [];
  }
  return Object.entries(when).flatMap(([key, operand]) => {
    const here = `${path}.${key}`;
    if (GROUPS.includes(key)) return compileGroup(key, operand, here, faults, depth);
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    if (field) return compileField(key, field, operand, here, faults);
    const what = key.startsWith('$') ? 'operator' : 'field';
    const known = key.startsWith('$') ? GROUPS : Object.keys(FIELDS);
    faults.push({ path: here, message: `Unknown ${what} "${key.slice(0, 60)}".${didYouMean(key, known)}` });
    return [];
  });
}

function compileGroup(
  operator: string,
  operand: unknown,
  path: string,
  faults: Fault[],
  depth: number,
): Condition[] {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > 20) {
    faults.push({ path, message: `${operator} takes a list of 1 to 20 conditions.` });
    return [];
  }
  const members = operand.map((member: unknown, index) => {
    if (isRecord(member)) return compileAll(member, `${path}.${index}`, faults, depth + 1);
    faults.push({ path: `${path}.${index}`, message: 'A condition is an object.' });
    return [];
  });
  if (operator === '$and') return members.flat();
  const any = (facts: Facts) => members.some((conditions) => firstFailure(conditions, facts) === undefined);
  const holds = operator === '$or' ? any : (facts: Facts) => !any(facts);
  return [{ path: operator, holds, actual: () => operator !== '$or' }];
}

function compileField(
  name: string,
  field: Field,
  operand: unknown,
  path: string,
  faults: Fault[],
): Condition[] {
  const tests = testsOf(field, operand, path, faults);
  // The tests were made for this field's type, which the union over all fields cannot say.
  const read = field.read as (facts: Facts) => never;
  return tests.map((test) => ({ path: name, holds: (facts) => test(read(facts)), actual: read }));
}

function testsOf(field: Field, operand: unknown, path: string, faults: Fault[], depth = 0): Test[] {
  if (depth > MAX_DEPTH) {
    faults.push({ path, message: `Conditions are nested more than ${MAX_DEPTH} deep.` });
    return [];
  }
  if (!isRecord(operand)) return compact(testFor(field, '$eq', operand, path, faults));
  const operators = Object.entries(operand);
  if (operators.length === 0) faults.push({ path, message: 'Give an operator, such as "$gte".' });
  return operators.flatMap(([operator, value]) => {
    const here = `${path}.${operator}`;
    if (operator === '$not') return negated(field, value, here, faults, depth + 1);
    return compact(testFor(field, operator, value, here, faults));
  });
}

function negated(field: Field, operand: unknown, path: string, faults: Fault[], depth: number): Test[] {
  const tests = testsOf(field, operand, path, faults, depth);
  return [(value) => !tests.every((test) => test(value))];
}

function testFor(
  field: Field,
  operator: string,
  operand: unknown,
  path: string,
  faults: Fault[],
): Test | undefined {
  if (!COMPARISONS.includes(operator)) {
    faults.push({
      path,
      message: `Unknown operator "${operator.slice(0, 60)}".${didYouMean(operator, COMPARISONS)}`,
    });
    return undefined;
  }
  const test = operator === '$exists' ? existence(operand) : comparison(field, operator, operand);
  if (!test) faults.push({ path, message: operandFault(field, operator) });
  return test;
}

function existence(operand: unknown): Test | undefined {
  if (typeof operand !== 'boolean') return undefined;
  return (value: unknown) => (value !== undefined) === operand;
}

function comparison(field: Field, operator: string, operand: unknown): Test | undefined {
  switch (field.type) {
    case 'number':
      return operator === '$in' || operator === '$nin'
        ? among(operator, operand, isNumber)
        : numeric(operator, operand);
    case 'string':
      return operator === '$in' || operator === '$nin'
        ? among(operator, operand, isString)
        : textual(operator, operand);
    case 'list':
      return listed(operator, operand);
  }
}

function numeric(operator: string, operand: unknown): Test | undefined {
  if (!isNumber(operand)) return undefined;
  switch (operator) {
    case '$eq':
      return (value: number | undefined) => value === operand;
    case '$ne':
      return (value: number | undefined) => value !== operand;
    case '$gt':
      return (value: number | undefined) => value !== undefined && value > operand;
    case '$gte':
      return (value: number | undefined) => value !== undefined && value >= operand;
    case '$lt':
      return (value: number | undefined) => value !== undefined && value < operand;
    case '$lte':
      return (value: number | undefined) => value !== undefined && value <= operand;
    default:
      return undefined;
  }
}

function textual(operator: string, operand: unknown): Test | undefined {
  if (!isString(operand)) return undefined;
  if (operator === '$eq') return (value: string | undefined) => value === operand;
  if (operator === '$ne') return (value: string | undefined) => value !== operand;
  return undefined;
}

/** As in MongoDB: a list equals a value when it holds it, and is `$in` a list when the two share a member. */
function listed(operator: string, operand: unknown): Test | undefined {
  const wanted = new Set<unknown>(
    operator === '$in' || operator === '$nin' ? listOf(operand, isString) : compact(stringOr(operand)),
  );
  if (wanted.size === 0) return undefined;
  const shares = (values: readonly string[]) => values.some((value) => wanted.has(value));
  if (operator === '$eq' || operator === '$in') return shares;
  if (operator === '$ne' || operator === '$nin') return (values: readonly string[]) => !shares(values);
  return undefined;
}

function among(operator: string, operand: unknown, is: (value: unknown) => boolean): Test | undefined {
  const wanted = new Set<unknown>(listOf(operand, is));
  if (wanted.size === 0) return undefined;
  const isIn = operator === '$in';
  return (value: unknown) => wanted.has(value) === isIn;
}

function operandFault(field: Field, operator: string): string {
  if (operator === '$exists') return '$exists takes true or false.';
  const kind = field.type === 'number' ? 'a number' : 'a text';
  if (operator === '$in' || operator === '$nin') return `${operator} takes a list of ${kind.slice(2)}s here.`;
  if (field.type !== 'number' && operator !== '$eq' && operator !== '$ne') {
    return `${operator} compares numbers, and this field is ${field.type === 'list' ? 'a list of texts' : 'a text'}.`;
  }
  return `${operator} takes ${kind} here.`;
}

function listOf(operand: unknown, is: (value: unknown) => boolean): unknown[] {
  return Array.isArray(operand) && operand.length <= 500 && operand.every(is) ? operand : [];
}

function stringOr(operand: unknown): string | undefined {
  return isString(operand) ? operand : undefined;
}

function compact<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
