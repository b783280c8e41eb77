import type { CronTimes } from '../../shared/cron.ts';
import { dateOf, dayOf, offsetMs, utcOf } from './zoned-time.ts';

const DAY_MS = 86_400_000;
/** Zones may be spelt in many ways by whoever wishes. */
const MOST_ZONES = 700;
/** A 29th of February on a given weekday comes back after 40 years at the latest. */
const MOST_DAYS = 41 * 366;

/** When a schedule runs next, in each zone; asked for by every decision, so what was found is kept. */
export class Schedule {
  readonly #times: CronTimes;
  /** For each zone the last stretch without a run that was looked at: from one run to the next. */
  readonly #stretches = new Map<string, { from: number; next: number }>();

  constructor(times: CronTimes) {
    this.#times = times;
  }

  /** The first run after `at`, by the clock on the wall of `zone`; infinity where there is none. */
  nextAfter(at: number, zone: string): number {
    const known = this.#stretches.get(zone);
    if (known && at >= known.from && at < known.next) return known.next;
    const next = this.#find(at, zone);
    if (this.#stretches.size >= MOST_ZONES) this.#stretches.clear();
    this.#stretches.set(zone, { from: at, next });
    return next;
  }

  #find(at: number, zone: string): number {
    const today = Math.floor((at + offsetMs(at, zone)) / DAY_MS);
    // From the day before on: where a day is skipped or told twice, its hours are too.
    for (let day = today - 1; day < today + MOST_DAYS; day++) {
      if (!this.#isOn(day)) continue;
      for (const hour of this.#times.hours) {
        const run = utcOf(day * DAY_MS + (hour * 60 + this.#times.minute) * 60_000, zone);
        if (run > at) return run;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  #isOn(days: number): boolean {
    const { day, month } = dateOf(days);
    const { months, days: daysOfMonth, weekdays, eitherDay } = this.#times;
    if (!months.includes(month)) return false;
    const isDay = daysOfMonth.includes(day);
    const isWeekday = weekdays.includes(dayOf(days));
    return eitherDay ? isDay || isWeekday : isDay && isWeekday;
  }
}
