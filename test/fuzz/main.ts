import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, machineLines } from '../bench/machine.ts';
import { fixed, table, whole } from '../bench/table.ts';
import type { Grown } from './growth.ts';
import { runOverHttp } from './http-run.ts';
import { runInOwnProcess } from './memory-process.ts';
import { runOverSockets } from './socket-run.ts';

/**
 * `npm run fuzz [-- --seed N] [--frames N] [--only memory|sockets|http]`: what a hub does not expect, on all its ways in. Of
 * `--frames` so many go to a hub in memory, a tenth of them by real sockets, and a fifth as requests. The same seed sends the
 * same: a fault names the place of its frame.
 */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    frames: { type: 'string', default: '5000000' },
    only: { type: 'string', multiple: true, default: ['memory', 'sockets', 'http'] },
  },
});
const seed = Number(options.seed);
const frames = Number(options.frames);
const MOST_GROWN_MB = 20;

interface Row extends Grown {
  readonly what: string;
  readonly sent: number;
  readonly seconds: number;
  readonly served: number | null;
  readonly faults: readonly string[];
  readonly more: string;
}

const ends: (() => Promise<void>)[] = [];
const atEnd = (end: () => Promise<void>) => void ends.push(end);

async function freshDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cartbell-fuzz-'));
  ends.unshift(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

function order(what: string, count: number) {
  return { seed, frames: count, say: (line: string) => console.log(`${what}: ${line}`) };
}

const RUNS: Readonly<Record<string, () => Promise<Row>>> = {
  async memory() {
    const run = await runInOwnProcess(order('in memory', frames));
    const more = `${whole(run.connections)} connections, ${whole(run.acks)} acks, ${whole(run.refusals)} of them no`;
    return { ...run, what: 'frames in memory', sent: run.frames, served: null, more };
  },
  async sockets() {
    const run = await runOverSockets(await freshDir(), order('by sockets', Math.ceil(frames / 10)), atEnd);
    const more = `${whole(run.connections)} connections, ${whole(run.acks)} acks, ${whole(run.refusals)} of them no`;
    return { ...run, what: 'frames by sockets', sent: run.frames, more };
  },
  async http() {
    const run = await runOverHttp(await freshDir(), order('by HTTP', Math.ceil(frames / 5)), atEnd);
    const statuses = Object.entries(run.statuses).map(([status, count]) => `${status}: ${whole(count)}`);
    return { ...run, what: 'requests', sent: run.requests, more: statuses.join(', ') };
  },
};

async function runAll(): Promise<boolean> {
  console.log(`${machineLines(describeMachine()).join('\n')}\nseed ${seed}\n`);
  const rows: Row[] = [];
  for (const name of options.only) {
    const go = RUNS[name];
    if (!go) throw new Error(`There is no "${name}": use ${Object.keys(RUNS).join(', ')}.`);
    rows.push(await go());
  }
  const head = ['', 'sent', 'seconds', 'a second', 'kept MB', 'grown MB', 'acks to others', 'faults'];
  const lines = rows.map(({ what, sent, seconds, keptMb, grownMb, served, faults }) => [
    what,
    whole(sent),
    whole(seconds),
    whole(sent / seconds),
    fixed(keptMb, 1),
    fixed(grownMb, 1),
    served === null ? '' : whole(served),
    String(faults.length),
  ]);
  console.log(`\n${table(head, lines)}\n`);
  for (const { what, more, faults } of rows) console.log([`${what}: ${more}`, ...faults].join('\n  '));
  return rows.every(({ faults, grownMb }) => faults.length === 0 && grownMb < MOST_GROWN_MB);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
let isGood = false;
try {
  isGood = await runAll();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  for (const end of ends.toReversed()) await end();
}
process.exit(isGood ? 0 : 1);
