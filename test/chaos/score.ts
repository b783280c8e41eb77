import { appendFileSync } from 'node:fs';

const size = process.env['CHAOS'];

/** As a part of `npm test` there are a few runs, `npm run chaos` asks for many, and a night has time for more. */
export function runs(short: number, long: number, night = long): number {
  if (size === 'night') return night;
  return size === 'long' ? long : short;
}

export const LONG_MS = size === 'night' ? 4 * 3_600_000 : 900_000;

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
