import { parentPort, workerData } from 'node:worker_threads';
import { absence } from './world/absence.ts';
import { race } from './world/purchase-race.ts';
import { type Failure, simulate } from './world/simulation.ts';
import { replaceGlobals } from './world/stage-globals.ts';

const STORIES = {
  'any life': simulate,
  'purchase race': (seed: number, _steps: number, isTold: boolean) => race(seed, isTold),
  absence: (seed: number, _steps: number, isTold: boolean) => absence(seed, isTold),
};

/** What a thread is asked to live through. */
export interface Task {
  readonly story: keyof typeof STORIES;
  readonly seeds: readonly number[];
  readonly steps: number;
  /** The lowest seed that has failed in any thread, which all of them look for: later ones need not be lived through. */
  readonly lowestFailed: Int32Array;
  /** Whether to tell what happened before a failure. */
  readonly isTold: boolean;
}

export interface TaskResult {
  readonly failure: Failure | null;
  readonly seedsRun: number;
  /** How often each thing has happened. */
  readonly seen: ReadonlyMap<string, number>;
}

replaceGlobals();

async function run({ story, seeds, steps, lowestFailed, isTold }: Task): Promise<TaskResult> {
  const seen = new Map<string, number>();
  let failure: Failure | null = null;
  let seedsRun = 0;
  for (const seed of seeds) {
    if (seed > Atomics.load(lowestFailed, 0)) break;
    seedsRun++;
    const result = await STORIES[story](seed, steps, isTold);
    for (const [what, times] of result.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    ({ failure } = result);
    if (!failure) continue;
    lower(lowestFailed, seed);
    break;
  }
  return { failure, seedsRun, seen };
}

function lower(lowest: Int32Array, seed: number): void {
  for (let known = Atomics.load(lowest, 0); seed < known; known = Atomics.load(lowest, 0))
    Atomics.compareExchange(lowest, 0, known, seed);
}

parentPort?.postMessage(await run(workerData as Task));
