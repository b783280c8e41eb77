const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How long to wait after each failed attempt, as Svix does: eight attempts in somewhat more than a day. */
const WAITS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
export const MOST_ATTEMPTS = WAITS.length + 1;
/** So much earlier or later, that what failed together does not come back together. */
const JITTER = 0.1;
/** A receiver may ask for more time, and not for ever. */
const LONGEST_WISH_MS = 10 * HOUR;

/** How long to wait after so many failed attempts; null: there is no further one. `chance`: from 0 to below 1. */
export function waitAfter(attempts: number, wishMs: number | null, chance: number): number | null {
  const wait = WAITS[attempts - 1];
  if (wait === undefined) return null;
  const spread = Math.round(wait * (1 + JITTER * (2 * chance - 1)));
  return Math.max(spread, Math.min(wishMs ?? 0, LONGEST_WISH_MS));
}

/** What `Retry-After` asks for, in seconds or as a date. */
export function wishIn(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const until = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(until) ? null : Math.max(0, until - now);
}
