import { setTimeout as sleep } from 'node:timers/promises';
import type { Latency, Measured } from '../bench/load-orders.ts';
import { cpuSeconds } from '../bench/process-cpu.ts';
import type { Configuration } from './configuration.ts';
import { costPerMessage, type MessageCost, shareOf, type Spent, sum } from './cpu-account.ts';
import type { Place } from './crowd-orders.ts';
import { CrowdProcess } from './crowd-process.ts';
import { Deployment, type Surroundings } from './deployment.ts';
import { type Plan, PUSHES_PER_SECOND } from './plan.ts';

export interface PushFigure extends Configuration {
  readonly round: number;
  /** Shoppers with a page on the first node and one on the second: each message is pushed to both. */
  readonly apart: MessageCost;
  /** Shoppers whose one page is on the first node. */
  readonly here: MessageCost;
  /** CPU of a node on average, and of Redis, per second in which nothing happens. */
  readonly restBusy: number;
  readonly redisRestBusy: number;
  readonly ack: Latency;
  /** Until the page on the first node had the nudge, and until the page on the second one had it. */
  readonly nudge: Latency;
  readonly elsewhere: Latency | null;
  readonly perSecond: number;
  readonly failed: number;
  /** Times that Redis held back a write since the disk was slow. */
  readonly delayedSyncs: number;
}

/** On each of the other nodes, so that they serve somebody. */
const BYSTANDERS = 25;
/** Subscriptions are made behind the welcome. */
const SETTLE_MS = 1_000;

/** One life of some nodes: all shoppers act on the first one. */
export async function measurePush(
  configuration: Configuration,
  round: number,
  plan: Plan,
  surroundings: Surroundings,
  say: (what: string) => void,
): Promise<PushFigure> {
  const { kind, nodes } = configuration;
  const deployment = await Deployment.start(kind, nodes, surroundings);
  const crowd = new CrowdProcess(deployment, surroundings);
  try {
    await gatherAll(crowd, deployment.urls, plan.pairs);
    await sleep(SETTLE_MS);
    say(`${PUSHES_PER_SECOND} messages/s`);
    const pace = (name: string, forMs: number) =>
      crowd.pace({ crowd: name, perSecond: PUSHES_PER_SECOND, clickEvery: 1, forMs });
    await pace('apart', plan.warmMs);
    await pace('here', plan.warmMs / 2);
    await sleep(SETTLE_MS);
    const rest = await atRest(deployment, plan.pushMs / 2);
    const here = await pace('here', plan.pushMs / 2);
    await sleep(SETTLE_MS);
    const apart = await pace('apart', plan.pushMs);
    const spent = ({ seconds, cpu }: Measured): Spent => ({ seconds, share: shareOf(cpu, nodes) });
    return {
      kind,
      nodes,
      round,
      apart: costPerMessage(spent(apart), rest, apart.events),
      here: costPerMessage(spent(here), rest, here.events),
      restBusy: sum(rest.share.nodes) / nodes / rest.seconds,
      redisRestBusy: rest.share.redis / rest.seconds,
      ack: apart.ack,
      nudge: apart.nudge,
      elsewhere: apart.elsewhere,
      perSecond: apart.perSecond,
      failed: apart.failed + here.failed,
      delayedSyncs: await deployment.delayedSyncs(),
    };
  } finally {
    await crowd.stop();
    await deployment.stop();
  }
}

async function gatherAll(crowd: CrowdProcess, urls: readonly string[], pairs: number): Promise<void> {
  const [at = '', alsoAt = '', ...others] = urls;
  const gathered = [
    await crowd.gather({ crowd: 'apart', shoppers: pairs, places: [{ at, alsoAt }] }),
    await crowd.gather({ crowd: 'here', shoppers: pairs, places: [{ at }] }),
  ];
  if (others.length > 0) {
    const places = others.map((other): Place => ({ at: other }));
    gathered.push(await crowd.gather({ crowd: 'others', shoppers: BYSTANDERS * others.length, places }));
  }
  const given = sum(gathered.map((each) => each.given));
  if (given > 0) throw new Error(`${given} shoppers could not connect.`);
}

async function atRest({ pids, size }: Deployment, forMs: number): Promise<Spent> {
  const before = pids.map(cpuSeconds);
  const startedAt = performance.now();
  await sleep(forMs);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = pids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? Number.NaN));
  return { seconds, share: shareOf(cpu, size) };
}
