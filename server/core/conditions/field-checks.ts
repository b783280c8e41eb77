import { type Fault, MOST_FAULTS } from '../../../shared/errors.ts';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import { ageThresholdMs, comparison, type Compared, type Read, type Test } from './comparisons.ts';
import type { Field, RecordsField } from './field.ts';
import { isRecord, isString, MAX_DEPTH, wantedText } from './operands.ts';
import { recordCheck, type MemberCompiler } from './record-checks.ts';

/** When time alone may change next what is found; infinity: never. */
export type Flip = Read<number>;

/** One operator on one field, or on the records that it reads. */
export interface Check {
  readonly wanted: string;
  readonly holds: Test;
  /** The value as a reason shows it. */
  readonly shown: Read<unknown>;
  /** When time alone may change the answer next; null: never. */
  readonly flipsAt: Flip | null;
}

const COMPARISONS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$all', '$exists', '$not'];
const ON_RECORDS = ['$elemMatch', '$all', '$size', '$count', '$sum', '$not'];
/** Every operator on a field. */
export const OPERATORS: readonly string[] = [...COMPARISONS, ...ON_RECORDS];
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
    faults.length >= MOST_FAULTS
      ? []
      : checkFor(field, operator, value, `${path}.${operator.slice(0, 60)}`, faults, compileMember, depth),
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
  if (field.type === 'records') {
    const checks = recordCheck(field, operator, operand, path, faults, compileMember);
    return checks.map((check) => readFrom(field, check));
  }
  const test = comparison(field, operator, operand);
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

function readFrom({ read }: RecordsField<never>, { wanted, holds, shown, flipsAt }: Check): Check {
  const records = read as (from: never) => never;
  return {
    wanted,
    holds: (from, now) => holds(records(from), now),
    shown: (from, now) => shown(records(from), now),
    flipsAt: flipsAt && ((from, now) => flipsAt(records(from), now)),
  };
}

function negated(checks: readonly Check[]): Check[] {
  const [first] = checks;
  if (!first) return [];
  const holds: Test = (from, now) => !checks.every((check) => check.holds(from, now));
  const wanted = `not ${checks.map((check) => check.wanted).join(' and ')}`;
  return [{ wanted, holds, shown: first.shown, flipsAt: earliestOf(checks) }];
}

function earliestOf(checks: readonly Check[]): Flip | null {
  const flips = checks.flatMap(({ flipsAt }) => flipsAt ?? []);
  if (flips.length === 0) return null;
  return (from, now) => Math.min(...flips.map((flipsAt) => flipsAt(from, now)));
}

/** Only what is compared as time passed changes by itself. */
function agingOf({ type, read }: Compared, operator: string, operand: unknown): Flip | null {
  if (type !== 'age' || operator === '$exists') return null;
  const afterMs = ageThresholdMs(operator, operand);
  return (from, now) => {
    const at = read(from, now);
    return at === undefined || at + afterMs <= now ? Number.POSITIVE_INFINITY : at + afterMs;
  };
}

function shownOf(field: Compared): Read<unknown> {
  switch (field.type) {
    case 'age':
      return (from, now) => {
        const at = field.read(from, now);
        return at === undefined ? undefined : now - at;
      };
    case 'list':
      return (from, now) => {
        const values = field.read(from, now);
        return values.length <= SHOWN_MEMBERS ? values : values.slice(0, SHOWN_MEMBERS);
      };
    default:
      return field.read;
  }
}
