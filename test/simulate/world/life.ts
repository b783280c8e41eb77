import type { SeenEvent } from '../../../widget/event-queue.ts';
import type { Device, TabSlot } from './device.ts';
import { ITEMS } from './shops.ts';
import type { ShopPage } from './shop-page.ts';
import { SITE, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const WAITS = { instant: 30, moment: 30, seconds: 16, due: 14, minutes: 7, hours: 1, days: 0.1 };

/** How often each thing happens. */
const ACTS = {
  add: 14,
  remove: 4,
  view: 9,
  cart: 7,
  checkout: 5,
  leaving: 4,
  buy: 3,
  buyAgain: 1,
  fail: 1,
  consent: 4,
  serverBuy: 2,
  click: 4,
  dismiss: 4,
  redeem: 5,
  look: 6,
  openTab: 2,
  copyTab: 1,
  reload: 6,
  closeTab: 2,
  crashTab: 2,
  away: 2,
  network: 3,
  cut: 3,
  killHub: 2,
  startHub: 4,
  trouble: 2,
  systemClock: 1,
  deviceClock: 1,
  nothing: 8,
};

const PRICE = 20;
const MOST_TABS = 3;

/** What happens next in a world, by chance. Returns it in a few words. */
export async function liveOn(world: World): Promise<string> {
  const waited = await wait(world);
  if (world.stage.isOver()) return waited;
  const act = world.chance.weighed(ACTS);
  const detail = await perform(world, act);
  return `${waited}, then ${act}${detail ? ` ${detail}` : ''}`;
}

async function wait({ chance, stage, disk, systemSkewMs }: World): Promise<string> {
  const kind = chance.weighed(WAITS);
  const untilDue = disk.nextWake() - systemSkewMs - stage.now;
  const ms = {
    instant: () => 0,
    moment: () => chance.between(0, 300),
    seconds: () => chance.between(300, 15 * SECOND),
    due: () => (untilDue < 2 * HOUR ? Math.max(0, untilDue + chance.between(-50, 300)) : 0),
    minutes: () => chance.between(MINUTE / 2, 20 * MINUTE),
    hours: () => chance.between(HOUR / 2, 3 * HOUR),
    days: () => chance.between(12 * HOUR, 50 * HOUR),
  }[kind]();
  await stage.advance(ms);
  return `${ms} ms`;
}

async function perform(world: World, act: keyof typeof ACTS): Promise<string> {
  const { chance } = world;
  const device = chance.pick(world.devices);
  const slot = device && chance.pick(device.tabs);
  if (!device || !slot) return '';
  const showing = world.pages.filter(({ screen }) => screen.nudge !== null);
  const isOnNudge = act === 'click' || act === 'dismiss';
  const page = isOnNudge ? chance.pick(showing) : slot.page;
  switch (act) {
    case 'openTab':
    case 'copyTab':
    case 'reload':
    case 'closeTab':
    case 'crashTab':
      return changeTab(world, act, device, slot);
    case 'network':
      return switchNetwork(world, device);
    case 'killHub':
    case 'startHub':
    case 'trouble':
    case 'systemClock':
      return disturb(world, act);
    case 'deviceClock':
      device.setClock(device.skewMs + chance.between(-2 * HOUR, 2 * HOUR));
      return `${device.name} ${device.skewMs} ms`;
    case 'serverBuy':
      world.server.sells({ site: SITE, shopper: device.shopper }, orderOf(world));
      return device.shopper;
    case 'redeem':
      return redeem(world);
    case 'nothing':
      return '';
    default:
      return page ? actOnPage(world, act, page) : 'nowhere';
  }
}

type PageAct = Exclude<
  keyof typeof ACTS,
  | 'openTab'
  | 'copyTab'
  | 'reload'
  | 'closeTab'
  | 'crashTab'
  | 'network'
  | 'killHub'
  | 'startHub'
  | 'trouble'
  | 'systemClock'
  | 'deviceClock'
  | 'serverBuy'
  | 'redeem'
  | 'nothing'
>;

async function actOnPage(world: World, act: PageAct, page: ShopPage): Promise<string> {
  const { stage, chance } = world;
  if (act === 'cut') {
    const learnsAfter = chance.between(0, 20 * SECOND);
    await stage.play(page, () => page.link?.breakDown(learnsAfter));
    return page.name;
  }
  if (act === 'away') return goAwayOrBack(world, page);
  if (page.isAway) return `${page.name}, which is away`;
  if (act === 'look') {
    const isVisible = !page.isVisible;
    for (const other of page.device.pages)
      if (isVisible && other.isVisible) await stage.play(other, () => other.look(false));
    await stage.play(page, () => page.look(isVisible));
    return `${page.name} ${isVisible ? 'shown' : 'hidden'}`;
  }
  if (act === 'click' || act === 'dismiss') {
    const nudge = page.screen.nudge?.id ?? 'nothing';
    await stage.play(page, () => page.screen.act(act === 'click' ? 'clicked' : 'dismissed'));
    return `${nudge} on ${page.name}`;
  }
  const seen = seenOn(world, act);
  await stage.play(page, () => page.report(seen));
  return `${JSON.stringify(seen.params)} on ${page.name}`;
}

function seenOn(
  world: World,
  act: Exclude<PageAct, 'cut' | 'away' | 'look' | 'click' | 'dismiss'>,
): SeenEvent {
  const { chance } = world;
  const item = () => ({ item_id: chance.pick(ITEMS) ?? 'mug', price: PRICE, quantity: chance.between(1, 2) });
  switch (act) {
    case 'add':
      return { name: 'add_to_cart', params: { items: [item()] } };
    case 'remove':
      return { name: 'remove_from_cart', params: { items: [item()] } };
    case 'view':
      return { name: 'view_item', params: { items: [item()] } };
    case 'cart': {
      const items = chance.is(0.2) ? [] : [item()];
      return { name: 'view_cart', params: { items, value: items.length * PRICE } };
    }
    case 'checkout':
      return { name: 'begin_checkout', params: {} };
    case 'leaving':
      return { name: 'exit_intent', params: {} };
    case 'consent':
      return { name: 'consent_update', params: { marketing: chance.is(0.2) ? 'denied' : 'granted' } };
    case 'fail':
      return { name: 'payment_failed', params: {} };
    case 'buy':
      return { name: 'purchase', params: { transaction_id: orderOf(world), value: PRICE, items: [] } };
    case 'buyAgain':
      return { name: 'purchase', params: { transaction_id: oldOrderOf(world), value: PRICE, items: [] } };
  }
}

const orders = new WeakMap<World, number>();

/** Mostly a new one; sometimes one that page and server both tell of. */
function orderOf(world: World): string {
  if (world.chance.is(0.3)) return oldOrderOf(world);
  const order = (orders.get(world) ?? 0) + 1;
  orders.set(world, order);
  return `order-${order}`;
}

function oldOrderOf(world: World): string {
  return `order-${Math.max(1, (orders.get(world) ?? 1) - world.chance.below(2))}`;
}

async function goAwayOrBack({ stage }: World, page: ShopPage): Promise<string> {
  if (page.isAway) {
    await stage.play(page, () => page.comeBack());
    return `${page.name} is back`;
  }
  page.isAway = true;
  await stage.play(page, () => {
    page.look(false);
    page.leave();
  });
  return `${page.name} is left for a while`;
}

async function changeTab(
  world: World,
  act: 'openTab' | 'copyTab' | 'reload' | 'closeTab' | 'crashTab',
  device: Device,
  slot: TabSlot,
): Promise<string> {
  if (act === 'openTab' || act === 'copyTab') {
    if (device.tabs.length >= MOST_TABS) return 'has no room';
    world.openTab(device, act === 'copyTab' ? new Map(slot.session) : undefined);
    return device.name;
  }
  await world.closePage(slot, act === 'crashTab' ? 'crash' : 'leave');
  const isForGood = act === 'closeTab' && device.tabs.length > 1;
  if (isForGood) device.tabs.splice(device.tabs.indexOf(slot), 1);
  else world.openPage(device, slot);
  return slot.page?.name ?? device.name;
}

async function switchNetwork({ stage, chance }: World, device: Device): Promise<string> {
  device.isOnline = !device.isOnline;
  if (!device.isOnline)
    for (const page of device.pages)
      await stage.play(page, () => page.link?.breakDown(chance.between(0, 20 * SECOND)));
  return `${device.name} ${device.isOnline ? 'on' : 'off'}`;
}

function disturb(world: World, act: 'killHub' | 'startHub' | 'trouble' | 'systemClock'): string {
  const { chance, plan } = world;
  const node = chance.below(plan.nodes);
  switch (act) {
    case 'killHub':
      if (chance.is(0.3)) {
        world.fate(node);
        return `${node} at its next deadline`;
      }
      world.killHub(node);
      return `${node}`;
    case 'startHub':
      world.startHub(node);
      return `${node}`;
    case 'systemClock':
      world.systemSkewMs += chance.between(-10 * MINUTE, 5 * MINUTE);
      return `${world.systemSkewMs} ms`;
    case 'trouble':
      world.trouble = chance.is(0.5)
        ? { undone: 0, untold: 0, slowestMs: 0 }
        : {
            undone: chance.is(0.5) ? 0.2 : 0,
            untold: plan.isEverUntold ? 0.2 : 0,
            slowestMs: chance.between(0, 2 * SECOND),
          };
      return JSON.stringify(world.trouble);
  }
}

function redeem(world: World): string {
  const { chance, disk, observer, server } = world;
  const code = chance.pick(observer.book.codes.slice(-3));
  if (code === undefined) return 'nothing';
  const order = `order-${chance.below(3)}`;
  const asked = disk.now();
  server.redeems(SITE, code, order, (answer) => {
    observer.count(`answered ${answer?.outcome ?? 'unknown'}`);
    const outcome = answer?.outcome ?? 'unknown';
    const deadline = answer?.outcome === 'redeemed' ? answer.coupon.expiresAt : null;
    observer.book.answered(code, order, { outcome, deadline }, asked, disk.now());
  });
  return `${code} for ${order}`;
}
