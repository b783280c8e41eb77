/** Where an event has stopped to come that used to. */
export interface Silence {
  /** The first hour without it. */
  readonly from: number;
  /** About so many would have come since. */
  readonly expected: number;
}

/** What is judged has to be known for so long before it fell silent. */
const LEAST_KNOWN_HOURS = 24;
/** Whole hours without it. A shop that brings out a new version may be away for one. */
const LEAST_SILENT_HOURS = 2;
/**
 * How unlikely chance has to be as the cause: less than e^-17, 4 in 100 million. Each name of an event is looked at anew once
 * an hour, 35 of them 300,000 times a year: so a shop has a false alarm in some 80 years.
 */
const LEAST_DOUBT = 17;
const DAY_HOURS = 24;

/**
 * Whether an event has fallen silent while the shop is still visited. `counts`: how often it came in each hour, oldest
 * first, from when the shop is known on; the last hour is the one that is under way. `visits`: how often other things
 * came that shoppers do in any case.
 *
 * How many should have come is told in two ways, and the smaller one counts: by what was visited since (a quiet day, or a shop
 * that is closed, is no fault of an event's), and by what came at the same times of day before (programs that visit the shop at
 * night buy nothing). If arrivals come by chance and one by one (Poisson) and nothing has changed, each of those that
 * came had a chance of known / (known + expected) to come before the silence, and all of them did: where little is known,
 * more has to be missing. Real arrivals come in bunches: one shopper adds five items, or a newsletter goes out. How much more
 * than by chance they vary is measured over the hours before, and so many arrivals count as one.
 */
export function silenceOf(counts: readonly number[], visits: readonly number[]): Silence | null {
  const from = counts.findLastIndex((count) => count > 0) + 1;
  const until = counts.length - 1;
  if (from < LEAST_KNOWN_HOURS || until - from < LEAST_SILENT_HOURS) return null;
  const before = { counts: counts.slice(0, from), visits: visits.slice(0, from) };
  const known = sum(before.counts);
  const rate = known / sum(before.visits);
  // Nobody has visited: there is nothing to tell it by.
  if (!Number.isFinite(rate)) return null;
  const byVisits = rate * sum(visits.slice(from, until));
  const expected = Math.min(byVisits, byTheClock(before.counts, from, until));
  const doubt = (known / bunching(before, rate)) * Math.log(1 + expected / known);
  return doubt < LEAST_DOUBT ? null : { from, expected };
}

/** The mean of what came at the same hours of the days before. */
function byTheClock(counts: readonly number[], from: number, until: number): number {
  let expected = 0;
  for (let hour = from; hour < until; hour++) {
    const alike = counts.filter((_, index) => (hour - index) % DAY_HOURS === 0);
    expected += sum(alike) / alike.length;
  }
  return expected;
}

/** How much more the counts vary around what the visits would have them than chance does (Pearson's dispersion), 1 at least. */
function bunching(before: { counts: readonly number[]; visits: readonly number[] }, rate: number): number {
  const squares = before.counts.map((count, hour) => {
    const usual = rate * Math.max(before.visits[hour] ?? 0, 1);
    return (count - usual) ** 2 / usual;
  });
  return Math.max(1, sum(squares) / (squares.length - 1));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
