import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Failure } from './world/simulation.ts';
import type { Task, TaskResult } from './worker.ts';

const MOST_THREADS = 8;
const HIGHEST_SEED = 2 ** 31 - 1;

/**
 * Lets every core live through its share of the worlds. The failure is that of the lowest seed, told step by step,
 * however many cores there are.
 */
export async function runWorlds(
  file: string,
  seeds: readonly number[],
  task: Omit<Task, 'seeds' | 'isTold' | 'lowestFailed'>,
): Promise<Omit<TaskResult, 'failure'> & { failure: Failure | null }> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, seeds.length);
  const shares = Array.from({ length: threads }, (_, thread) =>
    seeds.filter((_seed, place) => place % threads === thread),
  );
  const lowestFailed = new Int32Array(new SharedArrayBuffer(4)).fill(HIGHEST_SEED);
  const results = await Promise.all(
    shares.map((share) => ask(file, { ...task, seeds: share, lowestFailed, isTold: false })),
  );
  const failures = results.flatMap(({ failure }) => (failure ? [failure] : []));
  const [first = null] = failures.sort((a, b) => a.seed - b.seed);
  const told = first && (await ask(file, { ...task, seeds: [first.seed], lowestFailed, isTold: true }));
  return { failure: told?.failure ?? first, seedsRun: sumOf(results), seen: seenIn(results) };
}

function ask(file: string, task: Task): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`A thread ended with code ${code} before its worlds did.`)),
    );
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
