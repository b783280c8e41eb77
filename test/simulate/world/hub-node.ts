import type { Logger } from 'pino';
import type { Learned } from '../../../server/core/recommend.ts';
import { startDueShoppers } from '../../../server/engine/due-shoppers.ts';
import { Engine } from '../../../server/engine/engine.ts';
import { HubError } from '../../../server/engine/hub-error.ts';
import { declaredEvents, pageInputs } from '../../../server/engine/page-inputs.ts';
import { parse } from '../../../server/engine/parse.ts';
import type { News, Pages } from '../../../server/engine/pages.ts';
import { SiteBudgets } from '../../../server/limits/site-budgets.ts';
import { SiteRegistry } from '../../../server/engine/site-registry.ts';
import { admit } from '../../../server/hub/admission.ts';
import { type ConnectionParts, serveConnection } from '../../../server/hub/connection.ts';
import { greet, visitorOf } from '../../../server/hub/handshake.ts';
import { OpenPages } from '../../../server/hub/open-pages.ts';
import type { HubSocket } from '../../../server/hub/hub-socket.ts';
import { Tokens } from '../../../server/hub/token.ts';
import type { ShopperKey } from '../../../server/store/store.ts';
import type { ShopperEvent } from '../../../shared/event.ts';
import { Beacon } from '../../../shared/http-bodies.ts';
import type { Chance } from './chance.ts';
import type { Disk } from './disk.ts';
import { HubSide, type HubWatcher } from './hub-side.ts';
import { type Fate, MemoryStore } from './memory-store.ts';
import type { PageLink } from './page-link.ts';
import type { ShopPage } from './shop-page.ts';
import { ORIGIN } from './shops.ts';
import type { Actor, Stage } from './stage.ts';
import type { Wire } from './wire.ts';

export interface Surroundings {
  readonly stage: Stage;
  readonly disk: Disk;
  readonly chance: Chance;
  readonly watcher: HubWatcher;
  readonly learned: Learned;
  fateOf(call: string): Fate;
  systemClock(): number;
  /** Other lives that are open on the same disk. */
  others(life: HubLife): readonly HubLife[];
  relayMs(): number;
}

/** One life of a hub's process, from its start until it is killed. All of it is the real hub but sockets and store. */
export class HubLife implements Actor {
  readonly name: string;
  readonly isWatchman = true;
  isGone = false;
  readonly pages = new OpenPages();
  readonly #surroundings: Surroundings;
  #running: { engine: Engine; sites: SiteRegistry; tokens: Tokens; store: MemoryStore } | null = null;
  #isBooting = true;

  constructor(name: string, surroundings: Surroundings) {
    this.name = name;
    this.#surroundings = surroundings;
    const { stage } = surroundings;
    stage.at(stage.now, this, () => void this.#boot());
  }

  get isUp(): boolean {
    return this.#running !== null && !this.isGone;
  }

  wallClock(): number {
    return this.#surroundings.systemClock();
  }

  accept(page: ShopPage, link: PageLink, wire: Wire, auth: Record<string, unknown>): HubSide | null {
    if (!this.#running) return null;
    const { sites, tokens, engine } = this.#running;
    try {
      const greeting = greet(auth, ORIGIN, sites);
      const { token = '' } = greeting.handshake;
      const named = tokens.verify(greeting.site.id, token);
      if (!named) throw new Error('A page with a token of another hub.');
      const visitor = { ...visitorOf(greeting, { shopper: named.shopper, token }), from: null };
      const side = new HubSide(page, link, wire, visitor, this.#surroundings.watcher);
      const socket = side as unknown as HubSocket;
      wire.whenCut('hub', () => side.leave());
      wire.handshakeDown(() => link.accepted());
      if (this.pages.add(socket)) serveConnection(socket, this.#connectionParts(engine, sites));
      return side;
    } catch (error) {
      this.#surroundings.watcher.fails(`a handshake was refused: ${String(error)}`);
      return null;
    }
  }

  /** `POST /v1/track`, without Express around it. */
  async beacon(body: string): Promise<void> {
    const { engine, sites, tokens } = this.#parts();
    const beacon = parse(Beacon, JSON.parse(body));
    const { site } = admit(sites, beacon.site, ORIGIN);
    const named = tokens.verify(site.id, beacon.token);
    if (!named) throw new Error('A beacon with a token of another hub.');
    const { shopper } = named;
    const events = declaredEvents(beacon.events, sites.vocabulary(site.id));
    const inputs = pageInputs(events, { tab: null });
    await engine.submit({ site: site.id, shopper }, inputs);
    this.#surroundings.watcher.acks(
      shopper,
      beacon.events.map(({ id }) => id),
    );
  }

  /** `POST /v1/events`. */
  async serverEvent(key: ShopperKey, event: ShopperEvent): Promise<void> {
    await this.#parts().engine.submit(key, [{ kind: 'event', source: 'server', event }]);
    this.#surroundings.watcher.acks(key.shopper, [event.id]);
  }

  /** `POST /v1/coupons/:code/redeem`: null where the shop is told that there is no such code. */
  async redeem(site: ShopperKey['site'], digest: string, order: string) {
    const { store, engine } = this.#parts();
    const shopper = await store.findCoupon(site, digest);
    if (shopper === null) return null;
    const { answer } = await engine.submit({ site, shopper }, [{ kind: 'redeem', digest, order }]);
    return answer.kind === 'redeem' ? answer : null;
  }

  async #boot(): Promise<void> {
    const { stage, disk, learned } = this.#surroundings;
    const store = new MemoryStore(disk, {
      fateOf: (call) => (this.#isBooting ? still : this.#surroundings.fateOf(call)),
      wait: (ms) => new Promise((resolve) => void stage.at(stage.now + ms, this, resolve)),
    });
    const sites = await SiteRegistry.open(store, () => learned, this.#logger());
    const tokens = new Tokens(await store.readSecret());
    const engine = new Engine({ store, sites, pages: this.#allPages(), seed: () => this.#seed() });
    this.#isBooting = false;
    this.#running = { engine, sites, tokens, store };
    startDueShoppers(store, engine, this.#logger());
  }

  /** What one node decides, the pages on the others learn by way of a relay. */
  #allPages(): Pages {
    const { stage, relayMs, others } = this.#surroundings;
    return {
      tell: (key: ShopperKey, news: News) => {
        this.pages.tell(key, news);
        for (const other of others(this))
          stage.at(stage.now + relayMs(), other, () => other.pages.tell(key, news));
      },
      startOver: (key: ShopperKey) => this.pages.startOver(key),
      connected: (site) => this.pages.connected(site),
    };
  }

  #connectionParts(engine: Engine, sites: SiteRegistry): ConnectionParts {
    const presence = { enter: () => Promise.resolve() };
    const budgets = new SiteBudgets(() => null);
    const logger = this.#logger();
    return { engine, sites, pages: this.pages, presence, budgets, epoch: () => 'epoch', logger };
  }

  #parts() {
    if (!this.#running) throw new HubError('busy', 'The hub is starting.');
    return this.#running;
  }

  #seed(): readonly [number, number, number, number] {
    const { chance } = this.#surroundings;
    return [chance.uint32(), chance.uint32(), chance.uint32(), chance.uint32()];
  }

  /** The log of a hub whose store comes and goes says so; anything else in it is a fault. */
  #logger(): Logger {
    const notice = ({ err }: { err?: unknown } = {}, message = '') => {
      const error = HubError.from(err);
      if (error.code !== 'busy') this.#surroundings.watcher.fails(`${message}: ${String(err)}`);
    };
    return {
      error: notice,
      warn: notice,
      info: () => undefined,
      debug: () => undefined,
    } as unknown as Logger;
  }
}

const still: Fate = { untilDoneMs: 0, untilToldMs: 0, fails: 'not' };
