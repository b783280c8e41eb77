/** A moment as a shopper's clock on the wall shows it. */
export interface WallClock {
  readonly hour: number;
  readonly minute: number;
  readonly weekday: Weekday;
  /** 1 to 31. */
  readonly day: number;
  /** 1 to 12. */
  readonly month: number;
  readonly year: number;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Since 1972 every zone has changed its offset on a quarter of an hour, in UTC. */
const BUCKET_MS = 15 * MINUTE_MS;
const MOST_ZONES = 700;

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  bucket: number;
  offsetMs: number;
}

const zones = new Map<string, ZoneClock>();

/** What the wall clock of an IANA zone shows at `at` (milliseconds since 1970), daylight saving time included. */
export function wallClock(at: number, zone: string): WallClock {
  const local = at + offsetMs(at, zone);
  const days = Math.floor(local / DAY_MS);
  const minutes = Math.floor((local - days * DAY_MS) / MINUTE_MS);
  // 1970-01-01 was a Thursday.
  const weekday = WEEKDAYS[(((days + 3) % 7) + 7) % 7] ?? 'mon';
  return { hour: Math.floor(minutes / 60), minute: minutes % 60, weekday, ...dateOf(days) };
}

/** How far a zone's wall clock is ahead of UTC. Asking the formatter costs microseconds, so each quarter asks once. */
export function offsetMs(at: number, zone: string): number {
  const bucket = Math.floor(at / BUCKET_MS);
  const clock = clockOf(zone);
  if (clock.bucket !== bucket) {
    clock.offsetMs = readOffset(clock.format, bucket * BUCKET_MS);
    clock.bucket = bucket;
  }
  return clock.offsetMs;
}

function clockOf(zone: string): ZoneClock {
  const known = zones.get(zone);
  if (known) return known;
  if (zones.size >= MOST_ZONES) zones.clear();
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const clock = { format, bucket: Number.NaN, offsetMs: 0 };
  zones.set(zone, clock);
  return clock;
}

function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const days = daysSince1970(part('year'), part('month'), part('day'));
  return days * DAY_MS + (part('hour') * 60 + part('minute')) * MINUTE_MS - at;
}

/** Days from 1970-01-01 to a Gregorian date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse, from the same source. */
export function dateOf(days: number): Pick<WallClock, 'day' | 'month' | 'year'> {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { day, month, year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0) };
}

/** The weekday of a day since 1970-01-01, 0 for Sunday. */
export function dayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/**
 * The moment at which a zone's wall clock shows `local` (milliseconds since 1970 as if it were UTC). What it shows twice
 * is taken the first time; what it jumps over, as much later as it jumps.
 */
export function utcOf(local: number, zone: string): number {
  const byBefore = local - offsetMs(local - DAY_MS, zone);
  const byAfter = local - offsetMs(local + DAY_MS, zone);
  const isShown = (at: number) => at + offsetMs(at, zone) === local;
  const shown = [byBefore, byAfter].filter(isShown);
  return shown.length > 0 ? Math.min(...shown) : byBefore;
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since 1970 of an ISO 8601 time with its offset, to the second; NaN for any other text. */
export function momentMs(text: string): number {
  const [, year, month, day, hour, minute, second, sign, hours, minutes] = MOMENT.exec(text) ?? [];
  if (year === undefined) return Number.NaN;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  const localMs =
    days * DAY_MS + (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second ?? 0) * 1_000;
  const aheadMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? localMs + aheadMs : localMs - aheadMs;
}
