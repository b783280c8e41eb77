import type { Fault } from '../../../shared/errors.ts';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import { comparison } from './comparisons.ts';
import type { RecordsField } from './field.ts';
import type { Check, Flip } from './field-checks.ts';
import { isRecord, MAX_MEMBERS, wantedText } from './operands.ts';

/** Conditions on one record of a list. */
interface Member {
  holds(member: never, now: number): boolean;
  readonly flipsAt: Flip | null;
}

export type MemberCompiler = (where: Record<string, unknown>, path: string) => Member;

type Records = readonly never[];
/** Reduces the records to the number that is compared. */
type Measure = (records: Records, now: number) => number;

/**
 * One operator on a list of records:
 *
 * - `$elemMatch: {…}` at least one record meets all of these conditions; `$all: [{ $elemMatch: {…} }, …]` each of
 *   these is met by some record.
 * - `$size: n` or `$size: { $gte: n }` how many records there are.
 * - `$count: { where?: {…}, $gte: n }` how many records meet the conditions.
 * - `$sum: { of: "quantity", where?: {…}, $gte: n }` the sum of a number over them.
 */
export function recordCheck(
  field: RecordsField<never>,
  operator: string,
  operand: unknown,
  path: string,
  faults: Fault[],
  compileMember: MemberCompiler,
): Check[] {
  switch (operator) {
    case '$elemMatch':
      return elemMatch(operand, path, faults, compileMember);
    case '$all':
      return all(operand, path, faults, compileMember);
    case '$size':
      return isRecord(operand)
        ? measured('$size', size, operand, path, faults)
        : compared('$size', size, '$eq', operand, path, faults);
    case '$count':
      return counted(operand, path, faults, compileMember);
    default:
      return summed(field, operand, path, faults, compileMember);
  }
}

function elemMatch(operand: unknown, path: string, faults: Fault[], compileMember: MemberCompiler): Check[] {
  if (!isRecord(operand) || Object.keys(operand).length === 0) {
    faults.push({ path, message: '$elemMatch takes the conditions on one record.' });
    return [];
  }
  const member = compileMember(operand, path);
  const holds = (records: Records, now: number) => records.some((record) => member.holds(record, now));
  return [{ wanted: wantedText('$elemMatch', operand), holds, shown: size, flipsAt: earliestOf(member) }];
}

function earliestOf({ flipsAt }: Member): Flip | null {
  if (!flipsAt) return null;
  return (records: Records, now: number) =>
    records.reduce((next, record) => Math.min(next, flipsAt(record, now)), Number.POSITIVE_INFINITY);
}

function all(operand: unknown, path: string, faults: Fault[], compileMember: MemberCompiler): Check[] {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > MAX_MEMBERS) {
    faults.push({
      path,
      message: `$all takes a list of 1 to ${MAX_MEMBERS} conditions here, each an $elemMatch.`,
    });
    return [];
  }
  return operand.flatMap((member: unknown, index) => {
    const here = `${path}.${index}`;
    if (isRecord(member) && Object.keys(member).join(',') === '$elemMatch')
      return elemMatch(member['$elemMatch'], `${here}.$elemMatch`, faults, compileMember);
    faults.push({ path: here, message: 'Write { "$elemMatch": { … } }.' });
    return [];
  });
}

function counted(operand: unknown, path: string, faults: Fault[], compileMember: MemberCompiler): Check[] {
  if (!isRecord(operand)) return refused(path, '$count takes a comparison, such as { "$gte": 3 }.', faults);
  const { where, ...comparisons } = operand;
  const member = memberFilter(where, path, faults, compileMember);
  const count: Measure = (records, now) => {
    let found = 0;
    for (const record of records) if (member.holds(record, now)) found++;
    return found;
  };
  return measured('$count', count, comparisons, path, faults, member);
}

function summed(
  { fields }: RecordsField<never>,
  operand: unknown,
  path: string,
  faults: Fault[],
  compileMember: MemberCompiler,
): Check[] {
  if (!isRecord(operand))
    return refused(
      path,
      '$sum takes what to add up and a comparison: { "of": "quantity", "$gte": 3 }.',
      faults,
    );
  const { of, where, ...comparisons } = operand;
  const field = typeof of === 'string' && Object.hasOwn(fields, of) ? fields[of] : undefined;
  if (field?.type !== 'number') {
    const numbers = Object.keys(fields).filter((name) => fields[name]?.type === 'number');
    const message =
      numbers.length === 0
        ? 'These records have no numbers to add up.'
        : `$sum adds up ${numbers.join(', ')}.${didYouMean(String(of), numbers)}`;
    return refused(`${path}.of`, message, faults);
  }
  const member = memberFilter(where, path, faults, compileMember);
  const sum: Measure = (records, now) => {
    let total = 0;
    for (const record of records) if (member.holds(record, now)) total += field.read(record) ?? 0;
    return total;
  };
  return measured('$sum', sum, comparisons, path, faults, member);
}

const ANY: Member = { holds: () => true, flipsAt: null };

function memberFilter(where: unknown, path: string, faults: Fault[], compileMember: MemberCompiler): Member {
  if (where === undefined) return ANY;
  if (isRecord(where)) return compileMember(where, `${path}.where`);
  faults.push({ path: `${path}.where`, message: 'Conditions are an object.' });
  return ANY;
}

/** Compares a number that was made from the records, by the operators that numbers have. */
function measured(
  operator: string,
  measure: Measure,
  comparisons: Record<string, unknown>,
  path: string,
  faults: Fault[],
  member: Member = ANY,
): Check[] {
  const entries = Object.entries(comparisons);
  if (entries.length === 0) return refused(path, 'Give a comparison, such as "$gte".', faults);
  return entries.flatMap(([comparator, bound]) =>
    compared(operator, measure, comparator, bound, `${path}.${comparator}`, faults, earliestOf(member)),
  );
}

function compared(
  operator: string,
  measure: Measure,
  comparator: string,
  bound: unknown,
  path: string,
  faults: Fault[],
  flipsAt: Flip | null = null,
): Check[] {
  const holds = COMPARATORS.includes(comparator)
    ? comparison({ type: 'number', read: measure }, comparator, bound)
    : `Unknown operator "${comparator.slice(0, 60)}".${didYouMean(comparator, COMPARATORS)}`;
  if (typeof holds === 'string') return refused(path, holds, faults);
  return [{ wanted: `${operator} ${wantedText(comparator, bound)}`, holds, shown: measure, flipsAt }];
}

const COMPARATORS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'];

function size(records: Records): number {
  return records.length;
}

function refused(path: string, message: string, faults: Fault[]): Check[] {
  faults.push({ path, message });
  return [];
}
