import { type PairCounts, rankTogether } from '../../server/core/recommend.ts';

/** What follows from the items seen, best first, none of them again. */
export type Ranking = (counts: PairCounts, items: readonly string[], total: number) => string[];

const byScore =
  (score: (together: number, a: number, b: number, total: number) => number): Ranking =>
  (counts, items, total) => {
    const scores = new Map<string, number>();
    for (const item of items) {
      for (const [other, together] of counts.with(item)) {
        scores.set(
          other,
          (scores.get(other) ?? 0) + score(together, counts.count(item), counts.count(other), total),
        );
      }
    }
    return [...scores].sort(([, x], [, y]) => y - x).map(([item]) => item);
  };

/** Ours, and what is often used instead. */
export const RANKINGS: readonly [name: string, ranking: Ranking][] = [
  ['shrunk cosine', (counts, items) => rankTogether(counts, items).map(([item]) => item)],
  ['plain cosine', byScore((together, a, b) => together / Math.sqrt(a * b))],
  ['count', byScore((together) => together)],
  ['lift', byScore((together, a, b, total) => (together * total) / (a * b))],
  ['PMI', byScore((together, a, b, total) => Math.log((together * total) / (a * b)))],
];

export interface Score {
  readonly name: string;
  readonly hitRate: number;
  readonly meanReciprocalRank: number;
}

/** Share of cases whose hidden item is among the first 20, and the mean of 1 / its rank. */
export function judge(
  counts: PairCounts,
  total: number,
  cases: readonly { readonly seen: readonly string[]; readonly hidden: string }[],
): Score[] {
  return RANKINGS.map(([name, ranking]) => {
    let hits = 0;
    let reciprocal = 0;
    for (const { seen, hidden } of cases) {
      const place = ranking(counts, seen, total)
        .filter((item) => !seen.includes(item))
        .slice(0, 20)
        .indexOf(hidden);
      if (place < 0) continue;
      hits++;
      reciprocal += 1 / (place + 1);
    }
    return { name, hitRate: hits / cases.length, meanReciprocalRank: reciprocal / cases.length };
  });
}

/** Prints the scores; true when ours is ahead of lift and PMI, as the product relies on. */
export function report(title: string, cases: number, scores: readonly Score[]): boolean {
  console.log(`\n${title} (${cases} cases)`);
  console.log(`${'ranking'.padEnd(16)}${'hit@20'.padStart(10)}${'MRR@20'.padStart(10)}`);
  for (const { name, hitRate, meanReciprocalRank } of scores) {
    console.log(
      `${name.padEnd(16)}${hitRate.toFixed(4).padStart(10)}${meanReciprocalRank.toFixed(4).padStart(10)}`,
    );
  }
  const [ours, ...others] = scores;
  const rivals = others.filter(({ name }) => name === 'lift' || name === 'PMI');
  return (
    ours !== undefined &&
    rivals.every(({ meanReciprocalRank }) => meanReciprocalRank < ours.meanReciprocalRank)
  );
}
