import { type Fault, MOST_FAULTS } from '../../../shared/errors.ts';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import type { Facts } from './facts.ts';
import type { Field, Fields } from './field.ts';
import { type Check, checksOf } from './field-checks.ts';
import { isRecord, MAX_DEPTH, MAX_MEMBERS } from './operands.ts';

/** One compiled test. `path` names the field or operator in the owner's own terms. */
export interface Condition<From> {
  readonly path: string;
  /** What the owner asked for, such as `$gte 30`. */
  readonly wanted: string;
  holds(from: From, now: number): boolean;
  /** The value that was compared, short enough to keep. */
  actual(from: From, now: number): unknown;
  /** When time alone may change the answer next; null: never. */
  readonly flipsAt: ((from: From, now: number) => number) | null;
}

type Compiled = { readonly conditions: readonly Condition<Facts>[]; readonly faults: readonly Fault[] };

const LONGEST_NAME = 60;

export const GROUPS = ['$and', '$or', '$nor'];

/**
 * Compiles MongoDB-style conditions, such as `{ "cart.value": { "$gte": 30 }, "$or": [ … ] }`, to closures. All of
 * the result must hold. Unknown fields, unknown operators and operands of the wrong type are faults with their path.
 */
export function compileConditions(
  fields: Fields<Facts>,
  when: Record<string, unknown>,
  path: string,
): Compiled {
  const faults: Fault[] = [];
  const conditions = compileAll(fields, when, path, faults, 0);
  return { conditions: faults.length > 0 ? [] : conditions, faults };
}

/** The first condition that does not hold, if there is one. */
export function firstFailure(
  conditions: readonly Condition<Facts>[],
  facts: Facts,
): Condition<Facts> | undefined {
  for (const condition of conditions) if (!condition.holds(facts, facts.now)) return condition;
  return undefined;
}

/** When time alone may change next what these conditions say; infinity: never. */
export function nextFlip<From>(conditions: readonly Condition<From>[], from: From, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { flipsAt } of conditions) if (flipsAt) next = Math.min(next, flipsAt(from, now));
  return next;
}

function compileAll<From>(
  fields: Fields<From>,
  when: Record<string, unknown>,
  path: string,
  faults: Fault[],
  depth: number,
): Condition<From>[] {
  if (depth > MAX_DEPTH) {
    faults.push({ path, message: `Conditions are nested more than ${MAX_DEPTH} deep.` });
    return [];
  }
  return Object.entries(when).flatMap(([key, operand]) => {
    // The likely word is looked for among all fields, for each that is wrong.
    if (faults.length >= MOST_FAULTS) return [];
    const here = `${path}.${key.slice(0, LONGEST_NAME)}`;
    if (GROUPS.includes(key)) return compileGroup(fields, key, operand, here, faults, depth);
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field) return compileField(key, field, operand, here, faults, depth);
    const what = key.startsWith('$') ? 'operator' : 'field';
    const known = key.startsWith('$') ? GROUPS : Object.keys(fields);
    faults.push({ path: here, message: `Unknown ${what} "${key.slice(0, 60)}".${didYouMean(key, known)}` });
    return [];
  });
}

function compileGroup<From>(
  fields: Fields<From>,
  operator: string,
  operand: unknown,
  path: string,
  faults: Fault[],
  depth: number,
): Condition<From>[] {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > MAX_MEMBERS) {
    faults.push({ path, message: `${operator} takes a list of 1 to ${MAX_MEMBERS} conditions.` });
    return [];
  }
  const members = operand.map((member: unknown, index) => {
    if (isRecord(member)) return compileAll(fields, member, `${path}.${index}`, faults, depth + 1);
    faults.push({ path: `${path}.${index}`, message: 'A condition is an object.' });
    return [];
  });
  if (operator === '$and') return members.flat();
  const any = (from: From, now: number) => members.some((conditions) => allHold(conditions, from, now));
  const isOr = operator === '$or';
  const holds = isOr ? any : (from: From, now: number) => !any(from, now);
  const wanted = isOr ? 'one of them' : 'none of them';
  const flipsAt = flipOf(members.flat());
  return [{ path: operator, wanted, holds, actual: () => !isOr, flipsAt }];
}

function compileField<From>(
  name: string,
  field: Field<From>,
  operand: unknown,
  path: string,
  faults: Fault[],
  depth: number,
): Condition<From>[] {
  const compileMember = (where: Record<string, unknown>, place: string) => {
    const conditions =
      field.type === 'records' ? compileAll(field.fields, where, place, faults, depth + 1) : [];
    const holds = (member: never, now: number) => allHold(conditions, member, now);
    return { holds, flipsAt: flipOf(conditions) };
  };
  const checks = checksOf(field, operand, path, faults, compileMember);
  // The checks read from what this field is read from, which the union over all fields cannot say.
  return checks.map(({ wanted, holds, shown, flipsAt }: Check) => ({
    path: name,
    wanted,
    holds: holds as Condition<From>['holds'],
    actual: shown as Condition<From>['actual'],
    flipsAt: flipsAt as Condition<From>['flipsAt'],
  }));
}

function flipOf<From>(conditions: readonly Condition<From>[]): Condition<From>['flipsAt'] {
  if (conditions.every(({ flipsAt }) => flipsAt === null)) return null;
  return (from, now) => nextFlip(conditions, from, now);
}

function allHold<From>(conditions: readonly Condition<From>[], from: From, now: number): boolean {
  for (const condition of conditions) if (!condition.holds(from, now)) return false;
  return true;
}
