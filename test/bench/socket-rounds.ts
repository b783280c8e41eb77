import { setTimeout as sleep } from 'node:timers/promises';
import { writeSiteFile } from './bench-site.ts';
import type { Measured } from './load-orders.ts';
import { median } from './percentiles.ts';
import type { PinnedProcess } from './pinned-process.ts';
import { type Side, SIDES, startGenerator, startServer, tell, withServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

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

export const ROUNDS = 3;
export const PACE_PER_SECOND = 1_000;
const LEVELS = [50, 200, 800];

/** The sides take turns, so that what else the machine does falls on both. */
export async function measureSockets(workshop: Workshop, pins: boolean): Promise<SocketFigures> {
  const generator = startGenerator(workshop, pins);
  const underWay: Record<Side, number> = { cartbell: 0, bare: 0 };
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of SIDES) {
      const server = startServer(side, workshop, pins, writeSiteFile);
      const measure = (pid: number) => measureServer(side, pid, generator, underWay);
      rounds.push(await withServer(server, generator, measure));
    }
  }
  await generator.stop();
  return { rounds, underWay };
}

async function measureServer(
  side: Side,
  serverPid: number,
  generator: PinnedProcess,
  underWay: Record<Side, number>,
): Promise<Round> {
  const pace = (forMs: number) =>
    tell(generator, {
      do: 'pace',
      perSecond: PACE_PER_SECOND,
      clickEvery: 1,
      forMs,
      serverPids: [serverPid],
    });
  const saturate = (level: number, clickEvery: number, forMs: number) =>
    tell(generator, { do: 'saturate', underWay: level, clickEvery, forMs, serverPids: [serverPid] });
  // By then the code is compiled, also on a slow machine.
  await pace(5_000);
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

/** The median of one figure over a side's rounds. */
export function medianOf({ rounds }: SocketFigures, side: Side, figure: (round: Round) => number): number {
  return median(rounds.filter((round) => round.side === side).map(figure));
}
