import type { Score } from './score.ts';

/** A table in Markdown, in the order of the rows' numbers. */
export function scorecardLines(scores: readonly Score[]): string[] {
  const number = ({ row }: Score) => Number(row.slice(1));
  const sorted = scores.toSorted((one, other) => number(one) - number(other));
  return [
    '| | measure | goal | result | runs | events at risk | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...sorted.map(
      ({ row, measure, goal, result, runs, atRisk, isMet }) =>
        `| ${row} | ${measure} | ${goal} | ${result} | ${runs} | ${atRisk ?? ''} | ${isMet ? 'met' : '**missed**'} |`,
    ),
  ];
}
