import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Failure } from './world/simulation.ts';
import type { Task, TaskResult } from './worker.ts';

const MOST_THREADS = 8;

/** Lets every core live through its share of the worlds. Ends at the first failure, told step by step. */
export async function runWorlds(
  file: string,
  seeds: readonly number[],
  task: Omit<Task, 'seeds' | 'isTold'>,
): Promise<Omit<TaskResult, 'failure'> & { failure: Failure | null }> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, seeds.length);
  const shares = Array.from({ length: threads }, (_, thread) =>
    seeds.filter((_seed, place) => place % threads === thread),
  );
  const workers = new Set<Worker>();
  const results: TaskResult[] = [];
  const run = async (share: readonly number[]) => {
    const result = await ask(file, { ...task, seeds: share, isTold: false }, workers);
    if (result) results.push(result);
    if (result?.failure) for (const worker of workers) void worker.terminate();
  };
  await Promise.all(shares.map(run));
  const failures = results.flatMap(({ failure }) => (failure ? [failure] : []));
  const [first = null] = failures.sort((a, b) => a.seed - b.seed);
  const told = first && (await ask(file, { ...task, seeds: [first.seed], isTold: true }, workers));
  return { failure: told?.failure ?? first, seedsRun: sumOf(results), seen: seenIn(results) };
}

/** Null when it was ended before it was done. */
function ask(file: string, task: Task, workers: Set<Worker>): Promise<TaskResult | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: task });
    workers.add(worker);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      workers.delete(worker);
      resolve(null);
    });
  });
}

function sumOf(results: readonly TaskResult[]): number {
  return results.reduce((sum, { seedsRun }) => sum + seedsRun, 0);
}

function seenIn(results: readonly TaskResult[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const result of results)
    for (const [what, times] of result.seen) seen.set(what, (seen.get(what) ?? 0) + times);
  return seen;
}
