import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import type { Grown } from './growth.ts';
import { runOverHttp } from './http-run.ts';
import { runInOwnProcess } from './memory-process.ts';
import { runOverSockets } from './socket-run.ts';

/** `npm run fuzz` has other seeds, and many more frames. */
const SEED = 20_261_127;
const MOST_KEPT_MB = 5;
/** `npm run fuzz` allows a third of it: what malloc holds back has levelled off by then. */
const MOST_GROWN_MB = 60;
const say = () => undefined;

it('250,000 frames to a hub in memory: each is answered or its connection cut, and nothing is kept of them', async () => {
  const { faults, acks, ...grown } = await runInOwnProcess({ seed: SEED, frames: 250_000, say });
  expect(faults).toEqual([]);
  expect(acks).toBeGreaterThan(100_000);
  expectNothingKept(grown);
});

it('35,000 frames to a hub by real sockets: others are served meanwhile', async () => {
  const order = { seed: SEED, frames: 35_000, say };
  const { faults, acks, served, ...grown } = await runOverSockets(await tempDir(), order, onTestFinished);
  expect(faults).toEqual([]);
  expect(acks).toBeGreaterThan(5_000);
  expect(served).toBeGreaterThan(0);
  expectNothingKept(grown);
});

it('10,000 requests to every address of a hub: each is answered by a known error, or well', async () => {
  const order = { seed: SEED, frames: 10_000, say };
  const { faults, statuses, served, ...grown } = await runOverHttp(await tempDir(), order, onTestFinished);
  expect(faults).toEqual([]);
  expect(statuses[400]).toBeGreaterThan(1_000);
  expect(served).toBeGreaterThan(0);
  expectNothingKept(grown);
});

function expectNothingKept({ keptMb, grownMb }: Grown): void {
  expect(keptMb).toBeLessThan(MOST_KEPT_MB);
  expect(grownMb).toBeLessThan(MOST_GROWN_MB);
}
