import type { Fault } from '../../../shared/errors.ts';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import { ageThresholdMs, comparison, type Test } from './comparisons.ts';
import type { Field } from './field.ts';
import { isRecord, isString, MAX_DEPTH, wantedText } from './operands.ts';
import { recordCheck, type MemberCompiler } from './record-checks.ts';

/** When time alone may change next what a value is found to be; infinity: never. */
export type Flip = (value: never, now: number) => number;

/** One operator on one field's value. */
export interface Check {
  readonly wanted: string;
  holds(value: never, now: number): boolean;
  /** The value as a reason shows it. */
  shown(value: never, now: number): unknown;
  /** When time alone may change the answer next; null: never. */
  readonly flipsAt: Flip | null;
}

type Shown = (value: never, now: number) => unknown;

const COMPARISONS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$all', '$exists', '$not'];
const ON_RECORDS = ['$elemMatch', '$all', '$size', '$count', '$sum', '$not'];
/** As many members of a list are shown in a reason. */
const SHOWN_MEMBERS = 10;

/** The checks that an operand asks for: all of them must hold. Faults are reported with their path. */
export function checksOf(
  field: Field<never>,
  operand: unknown,
  path: string,
  faults: Fault[],
  compileMember: MemberCompiler,
  depth = 0,
): Check[] {
  if (depth > MAX_DEPTH) {
    faults.push({ path, message: `Conditions are nested more than ${MAX_DEPTH} deep.` });
    return [];
  }
  if (!isRecord(operand)) return checkFor(field, '$eq', operand, path, faults, compileMember, depth);
  const operators = Object.entries(operand);
  if (operators.length === 0) faults.push({ path, message: 'Give an operator, such as "$gte".' });
  return operators.flatMap(([operator, value]) =>
    checkFor(field, operator, value, `${path}.${operator}`, faults, compileMember, depth),
  );
}

function checkFor(
  field: Field<never>,
  operator: string,
  operand: unknown,
  path: string,
  faults: Fault[],
  compileMember: MemberCompiler,
  depth: number,
): Check[] {
  const known = field.type === 'records' ? ON_RECORDS : COMPARISONS;
  const isImplied = field.type === 'records' && operator === '$eq';
  if (isImplied) {
    faults.push({
      path,
      message: `This is a list of records: ask with ${ON_RECORDS.slice(0, 5).join(', ')}.`,
    });
    return [];
  }
  if (!known.includes(operator)) {
    const hint = didYouMean(operator, known);
    faults.push({ path, message: `Unknown operator "${operator.slice(0, 60)}".${hint}` });
    return [];
  }
  if (operator === '$not') return negated(checksOf(field, operand, path, faults, compileMember, depth + 1));
  if (field.type === 'records') return recordCheck(field, operator, operand, path, faults, compileMember);
  const test = comparison(field.type, operator, operand);
  const holds = typeof test === 'string' ? test : (unknownValue(field, operand) ?? test);
  if (typeof holds === 'function')
    return [
      {
        wanted: wantedText(operator, operand),
        holds,
        shown: shownOf(field),
        flipsAt: agingOf(field, operator, operand),
      },
    ];
  faults.push({ path, message: holds });
  return [];
}

/** What is wrong with a text that the field can never be. */
function unknownValue(field: Field<never>, operand: unknown): string | undefined {
  if ((field.type !== 'string' && field.type !== 'list') || !field.values) return undefined;
  const { values } = field;
  const wrong = (Array.isArray(operand) ? operand : [operand]).find(
    (value) => isString(value) && !values.includes(value),
  );
  if (!isString(wrong)) return undefined;
  const hint =
    didYouMean(wrong, values) || ` There is ${values.slice(0, SHOWN_MEMBERS).join(', ') || 'none'}.`;
  return `This is never "${wrong.slice(0, 60)}".${hint}`;
}

function negated(checks: readonly Check[]): Check[] {
  const [first] = checks;
  if (!first) return [];
  const holds: Test = (value, now) => !checks.every((check) => check.holds(value, now));
  const wanted = `not ${checks.map((check) => check.wanted).join(' and ')}`;
  const shown: Shown = (value, now) => first.shown(value, now);
  return [{ wanted, holds, shown, flipsAt: earliestOf(checks) }];
}

function earliestOf(checks: readonly Check[]): Flip | null {
  const flips = checks.flatMap(({ flipsAt }) => flipsAt ?? []);
  if (flips.length === 0) return null;
  return (value, now) => Math.min(...flips.map((flipsAt) => flipsAt(value, now)));
}

/** Only what is compared as time passed changes by itself. */
function agingOf({ type }: Field<never>, operator: string, operand: unknown): Flip | null {
  if (type !== 'age' || operator === '$exists') return null;
  const afterMs = ageThresholdMs(operator, operand);
  return (at: number | undefined, now: number) =>
    at === undefined || at + afterMs <= now ? Number.POSITIVE_INFINITY : at + afterMs;
}

function shownOf({ type }: Field<never>): Shown {
  switch (type) {
    case 'age':
      return (at: number | undefined, now: number) => (at === undefined ? undefined : now - at);
    case 'list':
      return (values: readonly string[]) =>
        values.length <= SHOWN_MEMBERS ? values : values.slice(0, SHOWN_MEMBERS);
    default:
      return (value: unknown) => value;
  }
}
