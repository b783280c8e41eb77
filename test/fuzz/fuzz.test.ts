import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { runOverHttp } from './http-run.ts';
import { runInOwnProcess } from './memory-process.ts';
import { runOverSockets } from './socket-run.ts';

/** `npm run fuzz` has other seeds, and many more frames. */
const SEED = 20_261_127;
const MOST_GROWN_MB = 20;
const say = () => undefined;

it('250,000 frames to a hub in memory: each is answered or its connection cut, and nothing is kept of them', async () => {
  const { faults, acks, grownMb } = await runInOwnProcess({ seed: SEED, frames: 250_000, say });
  expect(faults).toEqual([]);
  expect(acks).toBeGreaterThan(100_000);
  expect(grownMb).toBeLessThan(MOST_GROWN_MB);
});

it('35,000 frames to a hub by real sockets: others are served meanwhile', async () => {
  const order = { seed: SEED, frames: 35_000, say };
  const { faults, acks, served, grownMb } = await runOverSockets(await tempDir(), order, onTestFinished);
  expect(faults).toEqual([]);
  expect(acks).toBeGreaterThan(5_000);
  expect(served).toBeGreaterThan(0);
  expect(grownMb).toBeLessThan(MOST_GROWN_MB);
});

it('10,000 requests to every address of a hub: each is answered by a known error, or well', async () => {
  const order = { seed: SEED, frames: 10_000, say };
  const { faults, statuses, served, grownMb } = await runOverHttp(await tempDir(), order, onTestFinished);
  expect(faults).toEqual([]);
  expect(statuses[400]).toBeGreaterThan(1_000);
  expect(served).toBeGreaterThan(0);
  expect(grownMb).toBeLessThan(MOST_GROWN_MB);
});
