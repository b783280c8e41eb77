/**
 * The Mann-Whitney U test: how likely samples as different as these are, both ways, if they were of one distribution. By the normal
 * approximation with corrections for ties and continuity (Lehmann, "Nonparametrics", 1975), good from some twenty samples each.
 */
export function mannWhitneyP(a: readonly number[], b: readonly number[]): number {
  const total = a.length + b.length;
  const all = [
    ...a.map((value) => ({ value, isA: true })),
    ...b.map((value) => ({ value, isA: false })),
  ].toSorted((one, other) => one.value - other.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < total;) {
    let to = from;
    while (to < total && all[to]?.value === all[from]?.value) to++;
    const count = to - from;
    // Ranks begin at 1, and those of equal values are shared.
    const rank = (from + 1 + to) / 2;
    rankSum += rank * all.slice(from, to).filter(({ isA }) => isA).length;
    ties += count ** 3 - count;
    from = to;
  }
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const variance = ((a.length * b.length) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(u - mean) - 0.5) / Math.sqrt(variance);
  return 2 * upperTail(z);
}

/** Of the standard normal distribution: Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (poly * Math.exp(-x * x)) / 2;
}
