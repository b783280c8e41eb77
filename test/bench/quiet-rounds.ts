import { BenchRedis } from './bench-redis.ts';
import { writeQuietSiteFile } from './bench-site.ts';
import type { Measured } from './load-orders.ts';
import { median } from './percentiles.ts';
import { PAGES, type Side, SIDES, startGenerator, startServer, tell, withServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

/** Shoppers look around and fill their carts, 20 rules are asked, and none fires: what a hub does most of the time. */
export interface QuietRound {
  readonly side: QuietSide;
  /** Every event is acked, and that is all that comes back. */
  readonly acked: Measured;
  /** Of the bare server: every event is answered by a push of a nudge's size instead, without an ack. */
  readonly pushed: Measured | null;
}

/** `redis`: Cartbell over a Redis of its own, which syncs once a second. */
export type QuietSide = Side | 'redis';

const ROUNDS = 3;
const UNDER_WAY = PAGES / 2;
/** Past the five seconds after which the store begins to write documents to their rows: that is part of its cost. */
const LEAST_WARM_UP_MS = 6_000;
/** The code is compiled by then; on a busy machine it takes longer. */
const WARM_UP_EVENTS = 30_000;
const MOST_WARM_UP_MS = 14_000;
const STRETCH_MS = 2_000;
const ROUND_MS = 4_000;

/** The sides take turns, so that what else the machine does falls on both. */
export async function measureQuiet(workshop: Workshop, pins: boolean): Promise<QuietRound[]> {
  const generator = startGenerator(workshop, pins);
  const rounds: QuietRound[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of [...SIDES, 'redis'] as const) {
      const redis = side === 'redis' ? await BenchRedis.start(pins) : null;
      const more = redis ? { REDIS_URL: redis.url, DRAIN_MS: '0' } : {};
      const own = side === 'bare' ? 'bare' : 'cartbell';
      const server = startServer(own, workshop, pins, writeQuietSiteFile, more);
      const measure = async (serverPid: number): Promise<QuietRound> => {
        const browse = (answer: 'ack' | 'push', forMs: number) =>
          tell(generator, { do: 'browse', underWay: UNDER_WAY, answer, forMs, serverPids: [serverPid] });
        await warmUp(browse);
        const acked = await browse('ack', ROUND_MS);
        const pushed = side === 'bare' ? await browse('push', ROUND_MS) : null;
        return { side, acked, pushed };
      };
      rounds.push(await withServer(server, generator, measure));
      await redis?.stop();
    }
  }
  await generator.stop();
  return rounds;
}

async function warmUp(browse: (answer: 'ack', forMs: number) => Promise<Measured>): Promise<void> {
  let events = 0;
  for (
    let ms = 0;
    ms < LEAST_WARM_UP_MS || (ms < MOST_WARM_UP_MS && events < WARM_UP_EVENTS);
    ms += STRETCH_MS
  )
    events += ((await browse('ack', STRETCH_MS)).perSecond * STRETCH_MS) / 1_000;
}

/** The median of one figure over a side's rounds. */
export function quietMedian(
  rounds: readonly QuietRound[],
  side: QuietSide,
  figure: (round: QuietRound) => number,
): number {
  return median(rounds.filter((round) => round.side === side).map(figure));
}
