import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeSiteFile } from './bench-site.ts';
import type { LoadOrder, Measured } from './load-orders.ts';
import { median } from './percentiles.ts';
import { PinnedProcess } from './pinned-process.ts';
import type { Workshop } from './workshop.ts';

export const SIDES = ['cartbell', 'bare'] as const;
export type Side = (typeof SIDES)[number];

/** One server's life: started fresh, measured at a steady pace and then at its limit, ended. */
export interface Round {
  readonly side: Side;
  readonly paced: Measured;
  /** At the limit, every event answered with a nudge. */
  readonly full: Measured;
  /** At the limit, one event in ten answered with a nudge. */
  readonly sparse: Measured;
}

export interface SocketFigures {
  readonly rounds: readonly Round[];
  /** Events under way at once with which each side did most. */
  readonly underWay: Readonly<Record<Side, number>>;
}

export const PAGES = 800;
export const ROUNDS = 3;
export const PACE_PER_SECOND = 1_000;
const LEVELS = [50, 200, 800];
const SERVER_CORE = 0;
const LOAD_CORE = 1;
const hubProgram = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** The sides take turns, so that what else the machine does falls on both. */
export async function measureSockets(workshop: Workshop, pins: boolean): Promise<SocketFigures> {
  const generator = new PinnedProcess(LOAD_CORE, workshop.program('load-generator'), {}, pins);
  const underWay: Record<Side, number> = { cartbell: 0, bare: 0 };
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of SIDES) {
      const server = startServer(side, workshop, pins);
      const url = await server.line(/"url":"(http:[^"]+)"/);
      await tell(generator, { do: 'connect', url, pages: PAGES });
      rounds.push(await measureServer(side, server.pid, generator, underWay));
      await tell(generator, { do: 'leave' });
      await server.stop();
    }
  }
  await generator.stop();
  return { rounds, underWay };
}

function startServer(side: Side, workshop: Workshop, pins: boolean): PinnedProcess {
  if (side === 'bare') return new PinnedProcess(SERVER_CORE, workshop.program('bare-server'), {}, pins);
  const dir = workshop.freshDir();
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dir,
    SITE_FILE: writeSiteFile(dir),
    LOG_LEVEL: 'info',
  };
  return new PinnedProcess(SERVER_CORE, hubProgram, env, pins);
}

async function measureServer(
  side: Side,
  serverPid: number,
  generator: PinnedProcess,
  underWay: Record<Side, number>,
): Promise<Round> {
  const pace = (forMs: number) =>
    tell(generator, { do: 'pace', perSecond: PACE_PER_SECOND, clickEvery: 1, forMs, serverPid });
  const saturate = (level: number, clickEvery: number, forMs: number) =>
    tell(generator, { do: 'saturate', underWay: level, clickEvery, forMs, serverPid });
  await pace(1_500);
  const paced = await pace(6_000);
  if (underWay[side] === 0) underWay[side] = await bestLevel((level) => saturate(level, 1, 2_000));
  await saturate(underWay[side], 1, 800);
  const full = await saturate(underWay[side], 1, 4_000);
  // The hub sums up its log behind the events; what is left of that must not fall on the next figure.
  await sleep(500);
  await saturate(underWay[side], 10, 500);
  const sparse = await saturate(underWay[side], 10, 3_000);
  return { side, paced, full, sparse };
}

async function bestLevel(tryOut: (level: number) => Promise<Measured>): Promise<number> {
  // The code is still being compiled at the first level; what that says is not used.
  await tryOut(LEVELS[0] ?? 1);
  const tried: { level: number; perSecond: number }[] = [];
  for (const level of LEVELS) tried.push({ level, perSecond: (await tryOut(level)).perSecond });
  return tried.reduce((best, next) => (next.perSecond > best.perSecond ? next : best)).level;
}

async function tell(generator: PinnedProcess, order: LoadOrder): Promise<Measured> {
  return (await generator.ask(order)) as Measured;
}

/** The median of one figure over a side's rounds. */
export function medianOf({ rounds }: SocketFigures, side: Side, figure: (round: Round) => number): number {
  return median(rounds.filter((round) => round.side === side).map(figure));
}
