import type { Chance } from './chance.ts';
import { LASTING } from './shops.ts';
import type { Failure } from './simulation.ts';
import { Trace } from './trace.ts';
import { type Plan, SITE, World } from './world.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** When the rule has its turn, after the last that the shopper did. */
const DUE_MS = 10 * SECOND;
/** So long a page that is back may take to connect and to paint. */
const SOON_MS = 20 * SECOND;

function awayPlan(chance: Chance): Plan {
  return {
    shop: chance.pick(LASTING) ?? { rules: [] },
    devices: [0],
    nodes: chance.is(0.4) ? 2 : 1,
    weather: { kind: 'ordered', slowestMs: chance.pick([8, 200, 1_000]) ?? 8 },
    isEverUntold: false,
  };
}

/** A cart, and a shopper who is away when it is time to remind of it: for a second, for a week, or anything between. */
export async function absence(
  seed: number,
  isTold: boolean,
): Promise<{ failure: Failure | null; seen: ReadonlyMap<string, number> }> {
  const world = new World(seed, awayPlan);
  const { stage, chance, observer } = world;
  const trace = new Trace(world, isTold);
  await world.begin();
  await stage.advance(3 * SECOND);
  const [page] = world.pages;
  const items = [{ item_id: 'mug', price: 20, quantity: 1 }];
  if (page) await stage.play(page, () => page.report({ name: 'add_to_cart', params: { items } }));
  await stage.advance(DUE_MS + chance.between(-6 * SECOND, SECOND), 1_000);
  const comeBack = await leave(world);
  const forMs = Math.round(
    SECOND * Math.exp(chance.between(0, 1_000) * (Math.log((7 * DAY) / SECOND) / 1_000)),
  );
  trace.note(1, `is away for ${forMs} ms`);
  await stage.advance(forMs, 1_000);
  await comeBack();
  const back = world.disk.now();
  await stage.advance(SOON_MS, 1_000);
  trace.note(2, 'is back');
  const missed = missedBy(world, back);
  const seen = new Map(observer.seen);
  seen.set(
    `${(observer.seen.get('painted toast') ?? 0) > 0 ? 'painted' : 'never painted'}, ${spanOf(forMs)}`,
    1,
  );
  const violation = observer.violation ?? missed;
  return { failure: violation && { ...violation, seed, step: 0, trace: trace.lines }, seen };
}

/** By losing the network, by leaving the page for a while, or by closing it. Returns the way back. */
async function leave(world: World): Promise<() => Promise<void> | void> {
  const { stage, chance } = world;
  const [device] = world.devices;
  const [slot] = device?.tabs ?? [];
  const page = slot?.page;
  if (!device || !slot || !page) throw new Error('Nobody is here.');
  switch (chance.pick(['network', 'page', 'tab'] as const)) {
    case 'page':
      page.isAway = true;
      await stage.play(page, () => {
        page.look(false);
        page.leave();
      });
      return () =>
        stage.play(page, () => {
          page.comeBack();
          page.look(true);
        });
    case 'tab':
      await world.closePage(slot, chance.is(0.5) ? 'leave' : 'crash');
      return () => world.openPage(device, slot);
    default:
      device.isOnline = false;
      await stage.play(page, () => page.link?.breakDown(chance.between(0, 20 * SECOND)));
      return () => {
        device.isOnline = true;
      };
  }
}

/** What was good for long enough when its shopper came back, and was never painted. */
function missedBy({ disk, devices, observer }: World, back: number): Failure | null {
  const shopper = devices[0]?.shopper;
  const live = shopper ? (disk.row({ site: SITE, shopper })?.document.nudges ?? []) : [];
  const good = live.find(({ nudge }) => nudge.expiresAt > back + SOON_MS);
  if (!good || observer.seen.has('painted toast')) return null;
  return {
    invariant: 'nothingMissed',
    what: `${good.nudge.id} was never painted`,
    seed: 0,
    step: 0,
    trace: [],
  };
}

function spanOf(ms: number): string {
  if (ms < 60 * SECOND) return 'seconds';
  return ms < 3_600 * SECOND ? 'minutes' : ms < DAY ? 'hours' : 'days';
}
