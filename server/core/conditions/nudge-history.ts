import { Duration, durationMs } from '../../../shared/duration.ts';

const NUDGES = 'history.nudges';
const ALL_OF_IT = durationMs('366d');

/** How far back in a shopper's nudges these conditions look: the longest time they name, or 366 days when they name none. */
export function nudgeHistoryMs(when: unknown): number {
  if (typeof when !== 'object' || when === null) return 0;
  let longest = 0;
  for (const [key, operand] of Object.entries(when)) {
    const looksBack = key === NUDGES ? longestIn(operand) || ALL_OF_IT : nudgeHistoryMs(operand);
    longest = Math.max(longest, looksBack);
  }
  return longest;
}

function longestIn(operand: unknown): number {
  if (typeof operand === 'string') return Duration.safeParse(operand).success ? durationMs(operand) : 0;
  if (typeof operand !== 'object' || operand === null) return 0;
  return Math.max(0, ...Object.values(operand).map(longestIn));
}
