import { type Abuse, type Abused, type AbuseOrder, ABUSES } from './abuse-orders.ts';
import { PUBLISHABLE_KEY, writeSiteFile } from './bench-site.ts';
import type { Measured } from './load-orders.ts';
import { ADMIN_KEY, makeOtherSite } from './other-site.ts';
import { median } from './percentiles.ts';
import { PinnedProcess } from './pinned-process.ts';
import { LOAD_CORE, startGenerator, startServer, tell, withServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

/** What shoppers notice of somebody who tries to take the hub from them. */
export interface AbuseRound {
  readonly abuse: Abuse;
  /** The same shoppers on the same hub, before it, when it begins, and once the hub has seen who it is. */
  readonly quiet: Measured;
  readonly first: Measured;
  readonly later: Measured;
  readonly abused: Abused;
}

const ROUNDS = 3;
export const ABUSE_PACE_PER_SECOND = 500;
const WARM_UP_MS = 5_000;
const WINDOW_MS = 5_000;
/** As it is where nobody says differently. Each page has an address of its own, as a proxy tells. */
const SOCKETS_PER_ADDRESS = '300';

/** A hub of its own each time: one that has shut an address out is no longer abused. */
export async function measureAbuse(workshop: Workshop, pins: boolean): Promise<AbuseRound[]> {
  const generator = startGenerator(workshop, pins);
  const rounds: AbuseRound[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const abuse of ABUSES) rounds.push(await measureOne(abuse, workshop, generator, pins));
  await generator.stop();
  return rounds;
}

function measureOne(
  abuse: Abuse,
  workshop: Workshop,
  generator: PinnedProcess,
  pins: boolean,
): Promise<AbuseRound> {
  const env = { TRUST_PROXY: '1', SOCKETS_PER_ADDRESS, ADMIN_KEY };
  const server = startServer('cartbell', workshop, pins, writeSiteFile, env);
  const pace = (forMs: number) =>
    tell(generator, {
      do: 'pace',
      perSecond: ABUSE_PACE_PER_SECOND,
      clickEvery: 10,
      forMs,
      serverPids: [server.pid],
    });
  return withServer(server, generator, async () => {
    const url = await server.line(/"url":"(http:[^"]+)"/);
    const key = abuse === 'one site' ? (await makeOtherSite(url)).publishable : PUBLISHABLE_KEY;
    await pace(WARM_UP_MS);
    const quiet = await pace(WINDOW_MS);
    const abuser = new PinnedProcess(LOAD_CORE, workshop.program('abuser'), {}, pins);
    await abuser.ask({ do: 'start', abuse, url, key } satisfies AbuseOrder);
    const first = await pace(WINDOW_MS);
    const later = await pace(WINDOW_MS);
    const abused = (await abuser.ask({ do: 'stop' } satisfies AbuseOrder)) as Abused;
    await abuser.stop();
    return { abuse, quiet, first, later, abused };
  });
}

/** By how much the slowest hundredth of the others' acks is slower. */
export function slowdown(rounds: readonly AbuseRound[], abuse: Abuse, when: 'first' | 'later'): number {
  const own = rounds.filter((round) => round.abuse === abuse);
  return median(own.map((round) => round[when].ack.p99)) / median(own.map(({ quiet }) => quiet.ack.p99));
}
