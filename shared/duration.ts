import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d{1,9})(ms|s|m|h|d)$/;
const LONGEST_MS = 366 * UNIT_MS.d;

/** A length of time as people write it: a whole number and a unit (`ms`, `s`, `m`, `h`, `d`), at most 366 days. */
export const Duration = z
  .string()
  .regex(PATTERN, 'Write a duration as a number and a unit, like "10s", "15m", "1h" or "7d".')
  .refine((text) => !(durationMs(text) > LONGEST_MS), 'A duration is at most 366 days.');

/** Milliseconds in a duration that `Duration` accepts; NaN for any other text. */
export function durationMs(text: string): number {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  return count === undefined ? Number.NaN : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
