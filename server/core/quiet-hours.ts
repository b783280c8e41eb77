import { offsetMs } from './zoned-time.ts';

const DAY_MS = 86_400_000;

/** By the clock on the shopper's wall, in milliseconds since midnight; `from` after `to` goes over midnight. */
export interface QuietHours {
  readonly fromMs: number;
  readonly toMs: number;
}

export function compileQuietHours({ from, to }: { from: string; to: string }): QuietHours {
  return { fromMs: timeOfDayMs(from), toMs: timeOfDayMs(to) };
}

/** "21:30" in milliseconds since midnight. */
function timeOfDayMs(text: string): number {
  const [hours, minutes] = text.split(':');
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * When the quiet hours end that are on at `at`; null: it is not quiet. The clock on the wall decides, so on the night
 * in which clocks are put forward they are an hour shorter, and they end at the jump where it passes their end.
 */
export function quietUntil(at: number, zone: string, hours: QuietHours): number | null {
  const local = at + offsetMs(at, zone);
  if (!isQuiet(local, hours)) return null;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const endLocal = midnight + hours.toMs + (midnight + hours.toMs > local ? 0 : DAY_MS);
  const byNow = endLocal - offsetMs(at, zone);
  const byThen = endLocal - offsetMs(byNow, zone);
  if (byNow === byThen) return byNow;
  return firstLoud(at, Math.max(byNow, byThen), zone, hours);
}

function isQuiet(local: number, { fromMs, toMs }: QuietHours): boolean {
  const time = local - Math.floor(local / DAY_MS) * DAY_MS;
  return fromMs <= toMs ? time >= fromMs && time < toMs : time >= fromMs || time < toMs;
}

const QUARTER_MS = 900_000;

/**
 * The clocks change before the end. All changes lie on quarters of an hour, so the end is the first quarter at which
 * it is no longer quiet (the clock jumped over the end), or lies where the wall clock passes `to` within one.
 */
function firstLoud(from: number, latest: number, zone: string, hours: QuietHours): number {
  for (let quarter = from - (from % QUARTER_MS); quarter < latest; quarter += QUARTER_MS) {
    const local = quarter + offsetMs(quarter, zone);
    if (quarter > from && !isQuiet(local, hours)) return quarter;
    const end = quarter + ((((hours.toMs - local) % DAY_MS) + DAY_MS) % DAY_MS);
    if (end > from && end < quarter + QUARTER_MS) return end;
  }
  // Where the clocks jump over all of the loud time, it is quiet until the next day's.
  return quietUntil(latest, zone, hours) ?? latest;
}
