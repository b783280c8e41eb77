import { z } from 'zod';

/** An IANA time zone that this machine knows. */
export const TimeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, 'Use an IANA time zone such as "Europe/Berlin".');

const MOST_KEPT = 700;
const known = new Map<string, boolean>();

/** Asking costs 30 microseconds, and every page tells its zone. */
function isTimeZone(name: string): boolean {
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  if (known.size >= MOST_KEPT) known.clear();
  const is = askIntl(name);
  known.set(name, is);
  return is;
}

function askIntl(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
