import { parentPort, workerData } from 'node:worker_threads';
import { race } from './world/purchase-race.ts';
import { type Failure, simulate } from './world/simulation.ts';
import { replaceGlobals } from './world/stage-globals.ts';

/** What a thread is asked to live through. */
export interface Task {
  readonly story: 'any life' | 'purchase race';
  readonly seeds: readonly number[];
  readonly steps: number;
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

async function run({ story, seeds, steps, isTold }: Task): Promise<TaskResult> {
  const seen = new Map<string, number>();
  let failure: Failure | null = null;
  let seedsRun = 0;
  for (const seed of seeds) {
    seedsRun++;
    const result = await (story === 'any life' ? simulate(seed, steps, isTold) : race(seed, isTold));
    for (const [what, times] of result.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    ({ failure } = result);
    if (failure) break;
  }
  return { failure, seedsRun, seen };
}

parentPort?.postMessage(await run(workerData as Task));
