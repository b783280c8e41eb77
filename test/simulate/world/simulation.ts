import type { Violation } from '../observer/violation.ts';
import type { Chance } from './chance.ts';
import { liveOn } from './life.ts';
import { SHOPS } from './shops.ts';
import { Trace } from './trace.ts';
import { type Plan, World } from './world.ts';

/** A seed whose world broke a promise. */
export interface Failure extends Violation {
  readonly seed: number;
  readonly step: number;
  /** The last of what happened, newest last; told only where it was asked for. */
  readonly trace: readonly string[];
}

/** Three times in a life, and at its end, everything is mended and looked at. */
const CALMS = 3;
const HOUR = 3_600_000;
const LAST_HOURS = 3;

function anyPlan(chance: Chance): Plan {
  return {
    shop: SHOPS[chance.weighed({ ordinary: 6, eager: 6, strict: 4, crowded: 1 })],
    devices: chance.pick([[0], [0, 0], [0, 1], [0, 0, 1]]) ?? [0],
    nodes: chance.is(0.4) ? 2 : 1,
    weather: { kind: chance.is(0.3) ? 'wild' : 'ordered', slowestMs: chance.pick([8, 200, 2_000]) ?? 8 },
    isEverUntold: chance.is(0.25),
  };
}

/** One world from one seed, step by step. `failure` is null when every promise was kept. */
export async function simulate(
  seed: number,
  steps: number,
  isTold = false,
): Promise<{ failure: Failure | null; seen: ReadonlyMap<string, number> }> {
  const world = new World(seed, anyPlan);
  const failure = await live(world, seed, steps, new Trace(world, isTold));
  return { failure, seen: world.observer.seen };
}

async function live(world: World, seed: number, steps: number, trace: Trace): Promise<Failure | null> {
  const failed = (step: number): Failure | null => {
    const { violation } = world.observer;
    return violation && { ...violation, seed, step, trace: trace.lines };
  };
  await world.begin();
  for (let step = 1; step <= steps; step++) {
    trace.note(step, await liveOn(world));
    if (!world.losesHints) world.observer.looks(world.pages);
    if (world.observer.violation) return failed(step);
    if (step % Math.ceil(steps / CALMS) === 0) {
      await world.calm();
      trace.note(step, 'everything is mended, and settles');
    }
    if (world.observer.violation) return failed(step);
  }
  await world.gather();
  for (const node of world.hubs.keys()) world.fate(node);
  for (let hour = 0; hour < LAST_HOURS; hour += 0.5) {
    await world.stage.advance(HOUR / 2);
    world.startHubs();
  }
  await world.calm();
  if (!world.observer.violation) world.observer.ended(world.keptQueues());
  trace.note(steps, 'long after');
  return failed(steps);
}
