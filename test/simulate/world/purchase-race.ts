import type { Reason } from '../../../server/core/reasons.ts';
import type { Chance } from './chance.ts';
import type { ShopPage } from './shop-page.ts';
import { RACE } from './shops.ts';
import { type Failure } from './simulation.ts';
import { Trace } from './trace.ts';
import { type Plan, SITE, World } from './world.ts';

const SECOND = 1_000;
/** When the rules of the shop for races are due, after the last that the shopper did. */
const DUE_MS = [10 * SECOND, 12 * SECOND, 15 * SECOND] as const;
const ORDER = 'the-order';

type Act = readonly [at: number, what: string, run: () => Promise<void> | void];

function racePlan(chance: Chance): Plan {
  return {
    shop: RACE,
    devices: chance.pick([[0], [0, 0]]) ?? [0],
    nodes: chance.is(0.4) ? 2 : 1,
    weather: { kind: chance.is(0.2) ? 'wild' : 'ordered', slowestMs: chance.pick([8, 100, 1_000]) ?? 8 },
    isEverUntold: false,
  };
}

/** A cart, a rule that is about to remind of it, and a purchase, each a moment before or after the others. */
export async function race(
  seed: number,
  isTold: boolean,
): Promise<{ failure: Failure | null; seen: ReadonlyMap<string, number> }> {
  const world = new World(seed, racePlan);
  const { stage, chance, observer } = world;
  const trace = new Trace(world, isTold);
  await world.begin();
  if (chance.is(0.5)) for (const device of world.devices.slice(0, 1)) world.openTab(device);
  await stage.advance(3 * SECOND);
  for (const [step, [at, what, run]] of actsOf(world).entries()) {
    await stage.advance(Math.max(0, at - stage.now), 1_000);
    await run();
    trace.note(step, what);
    if (observer.violation) break;
  }
  await world.calm();
  trace.note(99, 'everything has settled');
  if (!observer.violation) await world.gather();
  const { violation } = observer;
  const seen = new Map(observer.seen);
  seen.set(orderInLog(world), 1);
  return { failure: violation && { ...violation, seed, step: 0, trace: trace.lines }, seen };
}

function actsOf(world: World): Act[] {
  const { chance, stage, server } = world;
  const [page] = world.pages;
  const anyPage = () => chance.pick(world.pages);
  const added = stage.now;
  const due = added + (chance.pick(DUE_MS) ?? 0);
  const around = () => due + chance.between(-300, 700);
  const acts: Act[] = [[added, 'adds', () => report(world, page, 'add_to_cart')]];
  if (chance.is(0.3)) acts.push([added + 1, 'checks out', () => report(world, page, 'begin_checkout')]);
  const bought = due + chance.between(-1_500, 3_000);
  const buyer = chance.weighed({ page: 4, server: 4, both: 2 });
  if (buyer !== 'page')
    acts.push([
      bought,
      'the server sells',
      () => server.sells({ site: SITE, shopper: shopperOf(world) }, ORDER),
    ]);
  if (buyer !== 'server')
    acts.push([bought + chance.between(0, 200), 'buys', () => report(world, anyPage(), 'purchase')]);
  if (chance.is(0.4)) acts.push([around(), 'looks elsewhere', () => look(world, anyPage())]);
  if (chance.is(0.3)) acts.push([around(), 'is cut off', () => cut(world, anyPage())]);
  if (chance.is(0.25)) {
    const node = chance.below(world.plan.nodes);
    const killed = around();
    acts.push([killed, 'a hub dies', () => world.killHub(node)]);
    acts.push([killed + chance.between(1, 2_000), 'a hub starts', () => world.startHub(node)]);
  }
  if (chance.is(0.4)) {
    const trouble = { undone: chance.is(0.5) ? 0.2 : 0, untold: 0, slowestMs: chance.between(1, 600) };
    acts.push([around(), 'the store is slow', () => void (world.trouble = trouble)]);
  }
  return acts.sort(([a], [b]) => a - b);
}

async function report(
  { stage }: World,
  page: ShopPage | undefined,
  name: 'add_to_cart' | 'begin_checkout' | 'purchase',
) {
  const items = [{ item_id: 'mug', price: 20, quantity: 1 }];
  const params = name === 'purchase' ? { transaction_id: ORDER, value: 20, items: [] } : { items };
  if (page) await stage.play(page, () => page.report({ name, params }));
}

async function look({ stage }: World, page: ShopPage | undefined): Promise<void> {
  if (!page) return;
  for (const other of page.device.pages)
    if (other !== page && other.isVisible) await stage.play(other, () => other.look(false));
  await stage.play(page, () => page.look(true));
}

async function cut({ stage }: World, page: ShopPage | undefined): Promise<void> {
  if (page) await stage.play(page, () => page.link?.breakDown(0));
}

function shopperOf({ devices: [device] }: World) {
  if (!device) throw new Error('Nobody is here.');
  return device.shopper;
}

/** The nudge of the moment begins the journey; what reminds comes later. */
function isReminder({ result, rule }: Reason): boolean {
  return result === 'fired' && rule !== 'added';
}

function orderInLog({ disk }: World): string {
  const place = (is: (record: (typeof disk.log)[number]) => boolean) =>
    disk.log.findIndex((record) => is(record));
  const bought = place(({ input }) => input.kind === 'event' && input.event.name === 'purchase');
  const reminded = place(({ reasons = [] }) => reasons.some(isReminder));
  return reminded < 0 || bought < reminded ? 'the purchase came first' : 'the reminder came first';
}
