/** Something that is measured once in each of its rounds. */
export interface Run {
  readonly name: string;
  /** In how many rounds; the first ones. */
  readonly rounds: number;
  go(round: number): Promise<void>;
}

export interface Clock {
  readonly elapsedMs: number;
}

/**
 * Round by round, so that what else the machine does falls on all runs, and so that all were measured once before any is
 * measured twice. Every other round goes the other way: none is always the first. Tells of what was left out, for lack of
 * time or since it failed.
 */
export async function goThrough(runs: readonly Run[], clock: Clock, budgetMs: number): Promise<string[]> {
  const left: string[] = [];
  const took = new Map<Run, number>();
  const most = Math.max(...runs.map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    const inRound = runs.filter(({ rounds }) => round < rounds);
    for (const run of round % 2 === 0 ? inRound : inRound.toReversed()) {
      const startedAt = clock.elapsedMs;
      if (startedAt + (took.get(run) ?? 0) > budgetMs) {
        left.push(`${run.name}, round ${round + 1}: no time was left`);
        continue;
      }
      try {
        await run.go(round);
      } catch (error) {
        left.push(
          `${run.name}, round ${round + 1}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      took.set(run, clock.elapsedMs - startedAt);
    }
  }
  return left;
}
