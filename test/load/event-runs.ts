import { setTimeout as sleep } from 'node:timers/promises';
import type { Latency, Measured } from '../bench/load-orders.ts';
import type { Configuration } from './configuration.ts';
import { shareOf, sum } from './cpu-account.ts';
import type { Place } from './crowd-orders.ts';
import { CrowdProcess } from './crowd-process.ts';
import { Deployment, type Surroundings } from './deployment.ts';
import { PACE_PER_SECOND, type Plan } from './plan.ts';

/** One window of events. */
export interface EventWindow {
  readonly perSecond: number;
  readonly perHubCpuSecond: number;
  /** Milliseconds of CPU that 1,000 events take. */
  readonly hubCpuMs: number;
  readonly redisCpuMs: number;
  readonly ack: Latency;
  readonly nudge: Latency;
  /** On the other node; null where there is none. */
  readonly elsewhere: Latency | null;
  readonly generatorBusy: number;
  readonly failed: number;
}

export interface RampStep {
  readonly shoppers: number;
  readonly offered: number;
  readonly perSecond: number;
  readonly ackP99: number;
  /** Whether all that was offered was done, and acked in time. */
  readonly isHeld: boolean;
}

export interface EventFigure extends Configuration {
  readonly round: number;
  /** First round only. */
  readonly ramp: readonly RampStep[];
  readonly paced: EventWindow;
  /** At the limit, each event answered with a nudge: two inputs for the hub, as the last nudge has to be clicked first. */
  readonly full: EventWindow;
  /** At the limit, one event in ten answered with a nudge. */
  readonly sparse: EventWindow;
  readonly underWay: number;
  /** Times that Redis held back a write since the disk was slow. */
  readonly delayedSyncs: number;
}

const LEVELS = [50, 200, 800];
const HELD_WITHIN_MS = 250;
/** What is under way as the window closes is not counted. */
const HELD_SHARE = 0.9;

/** One life of a configuration: a ramp, a steady pace, and its limit. */
export async function measureEvents(
  configuration: Configuration,
  round: number,
  underWay: number | undefined,
  plan: Plan,
  surroundings: Surroundings,
  say: (what: string) => void,
): Promise<EventFigure> {
  const { kind, nodes } = configuration;
  const deployment = await Deployment.start(kind, nodes, surroundings);
  const crowd = new CrowdProcess(deployment, surroundings);
  try {
    const places = deployment.urls.map((at): Place => ({ at }));
    const ramp = round === 0 ? await climb(crowd, places, plan, say) : [];
    await crowd.gather({ crowd: 'shoppers', shoppers: plan.shoppers, places });
    say(`${PACE_PER_SECOND} events/s`);
    const paced = await steady(crowd, deployment.urls, plan);
    const saturate = (level: number, clickEvery: number, forMs: number) =>
      crowd.saturate({ crowd: 'shoppers', underWay: level, clickEvery, forMs });
    say('as many events as it can');
    const level = underWay ?? (await bestLevel((each) => saturate(each, 10, plan.levelMs)));
    await saturate(level, 10, plan.warmMs / 2);
    const sparse = await saturate(level, 10, plan.fullMs);
    // The hub sums up its log behind the events; what is left of that must not fall on the next figure.
    await sleep(500);
    await saturate(level, 1, plan.warmMs / 2);
    const full = await saturate(level, 1, plan.fullMs);
    const windows = {
      paced: windowOf(paced, nodes),
      sparse: windowOf(sparse, nodes),
      full: windowOf(full, nodes),
    };
    const delayedSyncs = await deployment.delayedSyncs();
    return { kind, nodes, round, ramp, ...windows, underWay: level, delayedSyncs };
  } finally {
    await crowd.stop();
    await deployment.stop();
  }
}

/** Ever more shoppers and events, up to what is not held any more. */
async function climb(
  crowd: CrowdProcess,
  places: readonly Place[],
  { ramp, rampMs, warmMs }: Plan,
  say: (what: string) => void,
): Promise<RampStep[]> {
  const steps: RampStep[] = [];
  for (const { shoppers, perSecond: offered } of ramp) {
    say(`${shoppers} shoppers, ${offered} events/s`);
    await crowd.gather({ crowd: 'shoppers', shoppers, places });
    const pace = (forMs: number) =>
      crowd.pace({ crowd: 'shoppers', perSecond: offered, clickEvery: 10, forMs });
    // Code that is still being compiled would be taken for a limit.
    if (steps.length === 0) await pace(warmMs);
    const { perSecond, ack } = await pace(rampMs);
    const isHeld = perSecond >= offered * HELD_SHARE && ack.p99 <= HELD_WITHIN_MS;
    steps.push({ shoppers, offered, perSecond, ackP99: ack.p99, isHeld });
    if (!isHeld) break;
  }
  return steps;
}

/** With several nodes each shopper has a page on two of them. */
async function steady(crowd: CrowdProcess, urls: readonly string[], plan: Plan): Promise<Measured> {
  if (urls.length > 1) {
    const places = urls.map((at, index): Place => {
      const alsoAt = urls[(index + 1) % urls.length];
      return alsoAt === undefined ? { at } : { at, alsoAt };
    });
    await crowd.gather({ crowd: 'pairs', shoppers: plan.pairs, places });
  }
  const name = urls.length > 1 ? 'pairs' : 'shoppers';
  const pace = (forMs: number) =>
    crowd.pace({ crowd: name, perSecond: PACE_PER_SECOND, clickEvery: 1, forMs });
  await pace(plan.warmMs);
  return pace(plan.pacedMs);
}

async function bestLevel(tryOut: (level: number) => Promise<Measured>): Promise<number> {
  const tried: { level: number; perSecond: number; failed: number }[] = [];
  // The code is still being compiled at the first level; what that says is not used.
  await tryOut(LEVELS[0] ?? 1);
  for (const level of LEVELS) {
    const { perSecond, failed } = await tryOut(level);
    tried.push({ level, perSecond, failed });
  }
  // What is refused or not answered is not done, however fast.
  return tried.toSorted((a, b) => a.failed - b.failed || b.perSecond - a.perSecond)[0]?.level ?? 1;
}

function windowOf(measured: Measured, nodes: number): EventWindow {
  const { perSecond, events, ack, nudge, elsewhere, generatorBusy, failed, cpu } = measured;
  const share = shareOf(cpu, nodes);
  const hubs = sum(share.nodes);
  return {
    perSecond,
    perHubCpuSecond: events / hubs,
    hubCpuMs: (hubs * 1e6) / events,
    redisCpuMs: (share.redis * 1e6) / events,
    ack,
    nudge,
    elsewhere,
    generatorBusy,
    failed,
  };
}
