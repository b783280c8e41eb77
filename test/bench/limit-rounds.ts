import { writeSiteFile } from './bench-site.ts';
import type { Measured } from './load-orders.ts';
import { median } from './percentiles.ts';
import { startGenerator, startServer, tell, withServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

/** What it costs to ask of each message whether its sender, their address and their site may say that much. */
export interface LimitRound {
  readonly limits: 'on' | 'off';
  readonly measured: Measured;
}

const TURNS = ['off', 'on', 'on', 'off', 'off', 'on'] as const;
const UNDER_WAY = 200;
const WARM_UP_MS = 5_000;
const WINDOW_MS = 4_000;

export async function measureLimits(workshop: Workshop, pins: boolean): Promise<LimitRound[]> {
  const generator = startGenerator(workshop, pins);
  const rounds: LimitRound[] = [];
  for (const limits of TURNS) {
    const server = startServer('cartbell', workshop, pins, writeSiteFile, { LIMITS: limits });
    const saturate = (forMs: number) =>
      tell(generator, {
        do: 'saturate',
        underWay: UNDER_WAY,
        clickEvery: 10,
        forMs,
        serverPids: [server.pid],
      });
    const measure = async () => {
      await saturate(WARM_UP_MS);
      return saturate(WINDOW_MS);
    };
    rounds.push({ limits, measured: await withServer(server, generator, measure) });
  }
  await generator.stop();
  return rounds;
}

export function limitMedian(
  rounds: readonly LimitRound[],
  limits: LimitRound['limits'],
  figure: (measured: Measured) => number,
): number {
  return median(rounds.filter((round) => round.limits === limits).map(({ measured }) => figure(measured)));
}

/** The part of its events/s that a hub loses by its limits. */
export function limitCost(rounds: readonly LimitRound[]): number {
  const perSecond = (limits: LimitRound['limits']) =>
    limitMedian(rounds, limits, (measured) => measured.perSecond);
  return 1 - perSecond('on') / perSecond('off');
}
