import { appendFileSync } from 'node:fs';

/** `npm run chaos` asks for many runs; as a part of `npm test` there are a few. */
const isLong = process.env['CHAOS'] === 'long';

export function runs(short: number, long: number): number {
  return isLong ? long : short;
}

export const LONG_MS = 900_000;

export interface Score {
  /** As the scorecard names it, such as `R2`. */
  readonly row: string;
  readonly measure: string;
  readonly goal: string;
  readonly result: string;
  readonly runs: number;
  /** Events acked in the last 100 ms before a kill, or under way at it. */
  readonly atRisk?: number;
  readonly isMet: boolean;
}

/** Puts a result on the scorecard, where there is one. */
export function score(row: Score): void {
  const file = process.env['CHAOS_SCORES'];
  if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
