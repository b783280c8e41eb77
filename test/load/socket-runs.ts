import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from './configuration.ts';
import { shareOf, sum } from './cpu-account.ts';
import type { Gathered, Place } from './crowd-orders.ts';
import { CrowdProcess } from './crowd-process.ts';
import { Deployment, type Surroundings } from './deployment.ts';
import type { Memory } from './memory-answers.ts';
import { PACE_PER_SECOND, type Plan } from './plan.ts';

/** What an idle shopper weighs, bytes. */
interface Weight {
  readonly rss: number;
  readonly heap: number;
}

export interface SocketFigure extends Configuration {
  readonly round: number;
  readonly connects: number;
  /** Until the last of them was welcomed. */
  readonly connectSeconds: number;
  readonly perCpuSecond: number;
  /** Times that a server sent a page away, which came back later. */
  readonly refusals: number;
  readonly weight: Weight;
  /** First round only: as many as one node is to hold. */
  readonly most: Most | null;
}

interface Most {
  readonly sockets: number;
  /** Open in the end. */
  readonly open: number;
  readonly weight: Weight;
  /** Events that were not acked, of those that some of them sent in the end. */
  readonly failed: number;
  readonly ackP99: number;
}

const SETTLE_MS = 500;

/** One life of a configuration: shoppers connect, and do nothing. */
export async function measureSockets(
  configuration: Configuration,
  round: number,
  plan: Plan,
  surroundings: Surroundings,
  say: (what: string) => void,
): Promise<SocketFigure> {
  const { kind, nodes } = configuration;
  const deployment = await Deployment.start(kind, nodes, surroundings);
  const crowd = new CrowdProcess(deployment, surroundings);
  const places = deployment.urls.map((at): Place => ({ at }));
  try {
    await crowd.gather({ crowd: 'early', shoppers: plan.warmSockets * nodes, places });
    await crowd.leave('early');
    await sleep(SETTLE_MS);
    const before = await deployment.memory();
    const gather = (shoppers: number) => crowd.gather({ crowd: 'shoppers', shoppers, places });
    say(`${plan.connects} shoppers connect`);
    const gathered = await gather(plan.connects);
    expectAll(gathered);
    await sleep(SETTLE_MS);
    const weight = weightOf(await deployment.memory(), before, plan.connects);
    return {
      kind,
      nodes,
      round,
      connects: plan.connects,
      connectSeconds: gathered.seconds,
      perCpuSecond: plan.connects / sum(shareOf(gathered.cpu, nodes).nodes),
      refusals: gathered.refusals,
      weight,
      most: round === 0 && nodes === 1 ? await fill() : null,
    };

    async function fill(): Promise<Most> {
      say(`${plan.sockets} shoppers`);
      await gather(plan.sockets);
      await sleep(SETTLE_MS);
      const memory = await deployment.memory();
      const pace = { crowd: 'shoppers', perSecond: PACE_PER_SECOND, clickEvery: 10, forMs: plan.pacedMs };
      const { failed, ack } = await crowd.pace(pace);
      const { open } = await crowd.count('shoppers');
      const filled = weightOf(memory, before, open);
      return { sockets: plan.sockets, open, weight: filled, failed, ackP99: ack.p99 };
    }
  } finally {
    await crowd.stop();
    await deployment.stop();
  }
}

function expectAll({ opened, given }: Gathered): void {
  if (given > 0) throw new Error(`${given} of ${opened + given} shoppers could not connect.`);
}

function weightOf(now: Memory, before: Memory, sockets: number): Weight {
  const heapOf = ({ heapUsed, external }: Memory) => heapUsed + external;
  return { rss: (now.rss - before.rss) / sockets, heap: (heapOf(now) - heapOf(before)) / sockets };
}
