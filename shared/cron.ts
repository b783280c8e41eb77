import { z } from 'zod';

/** When a schedule runs, by the wall clock: which minute, hours, days of the month, months and weekdays (0 is Sunday). */
export interface CronTimes {
  readonly minute: number;
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  /** As cron has it: where both are restricted, a day that meets either will do. */
  readonly eitherDay: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const HOW_TO =
  'Write five fields of cron, such as "0 10 * * mon-fri", with one minute: at most once an hour.';

/** Five fields of cron: minute, hour, day of the month, month, weekday; `*`, lists, ranges, steps and English names. */
export const Cron = z
  .string()
  .max(100)
  .refine((text) => readCron(text) !== null, HOW_TO);

/** The times that an expression means; null where it is none, or could never run. */
export function readCron(text: string): CronTimes | null {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) return null;
  const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = ''] = fields;
  const minutes = valuesOf(minuteText, 0, 59);
  const hours = valuesOf(hourText, 0, 23);
  const days = valuesOf(dayText, 1, 31);
  const months = valuesOf(monthText, 1, 12, MONTHS, 1);
  const weekdays = valuesOf(weekdayText, 0, 7, WEEKDAYS)?.map((day) => day % 7);
  const [minute] = minutes ?? [];
  if (minutes?.length !== 1 || minute === undefined || !hours || !days || !months || !weekdays) return null;
  const eitherDay = dayText !== '*' && weekdayText !== '*';
  const isPossible = eitherDay || months.some((month) => days.some((day) => day <= longestOf(month)));
  return isPossible ? { minute, hours, days, months, weekdays, eitherDay } : null;
}

function longestOf(month: number): number {
  return [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function valuesOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): readonly number[] | null {
  const numberOf = (word: string) => {
    const place = names.indexOf(word);
    if (place >= 0) return place + firstName;
    return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    const [from = '', to] = range === '*' ? [String(least), String(most)] : range.split('-');
    const first = numberOf(from);
    const last = to === undefined ? (step === undefined ? first : most) : numberOf(to);
    const by = Number(step ?? 1);
    const isRange = first >= least && last <= most && first <= last && by >= 1;
    if (!isRange || range.split('-').length > 2) return null;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
