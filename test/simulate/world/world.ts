import type { Learned, PairCounts } from '../../../server/core/recommend.ts';
import { SiteRegistry } from '../../../server/engine/site-registry.ts';
import { Tokens } from '../../../server/hub/token.ts';
import { ShopperId, SiteId } from '../../../shared/ids.ts';
import { SiteFile } from '../../../shared/site.ts';
import { keysOf } from '../../../widget/storage-keys.ts';
import { Observer } from '../observer/observer.ts';
import { Chance } from './chance.ts';
import { Device, type TabSlot } from './device.ts';
import { Disk } from './disk.ts';
import { HubLife } from './hub-node.ts';
import type { HubSide } from './hub-side.ts';
import { type Fate, MemoryStore } from './memory-store.ts';
import type { Line, PageLink } from './page-link.ts';
import { PUBLISHABLE_KEY, ShopPage } from './shop-page.ts';
import { ShopServer } from './shop-server.ts';
import { type Shop, siteFileOf } from './shops.ts';
import { drawFrom } from './stage-globals.ts';
import { Stage } from './stage.ts';
import { type Weather, Wire } from './wire.ts';

export interface Plan {
  readonly shop: Shop;
  readonly devices: readonly number[];
  readonly nodes: number;
  readonly weather: Weather;
  /** Whether a commit may happen without the hub learning that it did. */
  readonly isEverUntold: boolean;
}

export interface Trouble {
  readonly undone: number;
  readonly untold: number;
  readonly slowestMs: number;
}

const WELL: Trouble = { undone: 0, untold: 0, slowestMs: 0 };
const HALF_OPEN_MS = 20_000;
const CALM_STOPS = 1_000;

export const SITE = SiteId.parse('simulated');
const none: PairCounts = { count: () => 0, with: () => [] };
const learned: Learned = { viewed: none, carted: none, bought: none, popular: ['mug', 'pot', 'tray'] };

/** Shoppers with their devices and tabs, hubs on one disk, the shop's server, and all that lies between them. */
export class World {
  readonly plan: Plan;
  readonly stage = new Stage();
  readonly chance: Chance;
  readonly disk: Disk;
  readonly observer: Observer;
  readonly devices: Device[] = [];
  readonly server: ShopServer;
  readonly hubs: (HubLife | null)[];
  trouble = WELL;
  systemSkewMs = 0;
  /** Nodes that die as soon as they have taken up a deadline, with it in their hands. */
  readonly #fated = new Set<number>();
  #weather: Weather;
  readonly #wires = new Map<HubLife, Set<Wire>>();
  #lives = 0;
  #pages = 0;

  constructor(seed: number, makePlan: (chance: Chance) => Plan) {
    this.chance = new Chance(seed);
    this.plan = makePlan(this.chance);
    this.#weather = this.plan.weather;
    this.observer = new Observer(this.plan.shop, this.stage);
    this.disk = new Disk(
      () => this.systemClock(),
      (commit, row) => this.observer.committed(commit, row),
      (why) => this.observer.count(`commit refused as ${why}`),
    );
    this.server = new ShopServer(this.stage, this);
    this.hubs = Array.from({ length: this.plan.nodes }, () => null);
    this.stage.nextDeadline = () => this.disk.nextWake() - this.systemSkewMs;
    this.stage.isOver = () => this.observer.violation !== null;
    drawFrom(this.chance);
  }

  async begin(): Promise<void> {
    for (const [name, stored] of await storedSite(this.plan.shop)) this.disk.sites.set(name, stored);
    this.startHubs();
    const tokens = new Tokens(this.disk.secret);
    for (const [index, shopper] of this.plan.devices.entries()) {
      const id = ShopperId.parse(`shopper-${shopper}`.padEnd(22, '_'));
      const device = new Device(`device ${index}`, id);
      device.storage.set(keysOf(PUBLISHABLE_KEY).token, tokens.sign(SITE, id));
      this.devices.push(device);
      this.openTab(device);
    }
  }

  get pages(): ShopPage[] {
    return this.devices.flatMap((device) => device.pages);
  }

  /** Whether a connected page may miss something that only its next welcome tells it. */
  get losesHints(): boolean {
    return this.plan.weather.kind === 'wild' || this.plan.nodes > 1;
  }

  systemClock(): number {
    return this.stage.now + this.systemSkewMs;
  }

  startHub(node: number): void {
    if (this.hubs[node]) return;
    const life: HubLife = new HubLife(`hub ${node}.${this.#lives++}`, {
      stage: this.stage,
      disk: this.disk,
      chance: this.chance,
      watcher: this.observer,
      learned,
      fateOf: (call) => this.#fateOf(call, node),
      systemClock: () => this.systemClock(),
      others: (own) => this.hubs.filter((other): other is HubLife => other !== null && other !== own),
      relayMs: () => this.latency(),
    });
    this.hubs[node] = life;
  }

  startHubs(): void {
    for (const node of this.hubs.keys()) this.startHub(node);
  }

  killHub(node: number): void {
    const life = this.hubs[node];
    if (!life) return;
    this.observer.count('hub killed');
    life.isGone = true;
    this.hubs[node] = null;
    for (const wire of this.#wires.get(life) ?? []) wire.cut();
    this.#wires.delete(life);
  }

  /** The next deadline that this node takes up is its end. */
  fate(node: number): void {
    this.#fated.add(node);
  }

  pickHub(): HubLife | undefined {
    return this.chance.pick(this.hubs.filter((life): life is HubLife => life?.isUp === true));
  }

  latency(): number {
    return this.chance.between(0, this.plan.weather.slowestMs >> 2);
  }

  retryAfterMs(): number {
    return this.chance.between(500, 5_000);
  }

  connect(page: ShopPage, link: PageLink, auth: () => Record<string, unknown>): Line | null {
    const life = this.pickHub();
    if (!life) return null;
    const wire = new Wire(this.stage, this.chance, () => this.#weather, page, life);
    const wires = this.#wires.get(life) ?? new Set();
    this.#wires.set(life, wires.add(wire));
    const given = auth();
    let side: HubSide | null = null;
    wire.handshakeUp(() => {
      side = life.accept(page, link, wire, given);
    });
    return {
      wire,
      say: (name, message, ack) => wire.up(() => side?.hears(name, message, ack)),
    };
  }

  beacon(body: string): void {
    const life = this.pickHub();
    if (!life || this.chance.is(0.1)) return;
    this.stage.at(this.stage.now + this.latency(), life, () => void life.beacon(body).catch(() => undefined));
  }

  /** What devices have kept to report, of tabs that are open and of those that are gone. */
  keptQueues(): string[] {
    const { queues } = keysOf(PUBLISHABLE_KEY);
    return this.devices.flatMap(({ storage }) =>
      [...storage].flatMap(([key, kept]) => (key.startsWith(queues) ? [kept] : [])),
    );
  }

  openTab(device: Device, session = new Map<string, string>()): void {
    const slot: TabSlot = { session, page: null };
    device.tabs.push(slot);
    this.openPage(device, slot);
  }

  openPage(device: Device, slot: TabSlot): void {
    const isVisible = device.pages.every((page) => !page.isVisible);
    const name = `page ${this.#pages++} of ${device.name}`;
    slot.page = new ShopPage(name, this.stage, device, slot, this, this.observer, isVisible);
  }

  /** `crash`: without a last word. */
  async closePage(slot: TabSlot, how: 'leave' | 'crash'): Promise<void> {
    const { page } = slot;
    if (!page) return;
    if (how === 'leave') await this.stage.play(page, () => page.leave());
    else page.link?.breakDown(this.chance.between(0, HALF_OPEN_MS));
    page.isGone = true;
    slot.page = null;
  }

  /** Everyone comes back to what they left, and every page connects anew. */
  async gather(): Promise<void> {
    for (const page of this.pages) if (page.isAway) await this.stage.play(page, () => page.comeBack());
    await this.calm();
    for (const page of this.pages) await this.stage.play(page, () => page.link?.breakDown(0));
    await this.calm();
  }

  /** Everything is mended, and time enough passes for every message and retry. */
  async calm(): Promise<void> {
    this.trouble = WELL;
    this.#fated.clear();
    // A clock that was set back is set right as well: until then the store's time stands still, and so do leases.
    this.systemSkewMs = Math.max(this.systemSkewMs, this.disk.now() - this.stage.now);
    this.#weather = { ...this.plan.weather, kind: 'ordered' };
    this.startHubs();
    for (const device of this.devices) device.isOnline = true;
    await this.stage.advance(30_000, CALM_STOPS);
    if (this.losesHints)
      for (const page of this.pages) await this.stage.play(page, () => page.link?.breakDown(0));
    await this.stage.advance(40_000, CALM_STOPS);
    if (!this.stage.isOver()) this.observer.settled(this.pages, this.disk.now());
    this.#weather = this.plan.weather;
  }

  #fateOf(call: string, node: number): Fate {
    if (call === 'claimDue' && this.#fated.has(node) && this.disk.nextWake() <= this.disk.now()) {
      this.#fated.delete(node);
      this.observer.count('hub killed with a deadline in hand');
      this.stage.at(this.stage.now, this.server, () => this.killHub(node));
      return { untilDoneMs: 0, untilToldMs: 1, fails: 'not' };
    }
    const { undone, untold, slowestMs } = this.trouble;
    const isSlow = slowestMs > 0 || this.chance.is(0.3);
    const slowest = Math.max(slowestMs, 5);
    const wait = () => (isSlow ? this.chance.between(0, slowest) : 0);
    const fails = this.chance.is(undone)
      ? 'undone'
      : call === 'commit' && this.chance.is(untold)
        ? 'untold'
        : 'not';
    if (fails !== 'not') this.observer.count(`${call} ${fails}`);
    return { untilDoneMs: wait(), untilToldMs: wait(), fails };
  }
}

const stored = new Map<Shop, Disk['sites']>();

/** What a hub stores of a shop that it imports: the same for every world. */
async function storedSite(shop: Shop): Promise<Disk['sites']> {
  const known = stored.get(shop);
  if (known) return known;
  const disk = new Disk(() => 0);
  const quiet = { warn: () => undefined } as unknown as Parameters<typeof SiteRegistry.open>[2];
  const sites = await SiteRegistry.open(new MemoryStore(disk), () => learned, quiet);
  const faults = await sites.importFile(SiteFile.parse(siteFileOf(shop)));
  if (faults.length > 0) throw new Error(`The shop has faults: ${JSON.stringify(faults)}`);
  stored.set(shop, disk.sites);
  return disk.sites;
}
