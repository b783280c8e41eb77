const SOONEST_MS = 1_000;
const SPREAD_MS = 1_000;

/**
 * When to come again for what many share. There may be room for one in a millisecond: if all came then, each would be refused again
 * and again, and would look like somebody who does not listen.
 */
export function comeAgainMs(leastMs: number, chance = Math.random()): number {
  return Math.max(leastMs, SOONEST_MS) + chance * SPREAD_MS;
}
