import { createServer, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { pino } from 'pino';
import { startDueShoppers } from '../../server/engine/due-shoppers.ts';
import { Engine } from '../../server/engine/engine.ts';
import { secureSeeds } from '../../server/engine/seeds.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { PATIENCE } from '../../server/http/patience.ts';
import { AllPages } from '../../server/hub/all-pages.ts';
import { Canary } from '../../server/hub/canary.ts';
import { startHub } from '../../server/hub/hub.ts';
import { Intake } from '../../server/hub/intake.ts';
import { OpenPages } from '../../server/hub/open-pages.ts';
import { Presence } from '../../server/hub/presence.ts';
import { noRelay } from '../../server/hub/relay.ts';
import { Bearers } from '../../server/hub/bearers.ts';
import { Tokens } from '../../server/hub/token.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { AddressMarks } from '../../server/limits/address-marks.ts';
import { Addresses } from '../../server/limits/addresses.ts';
import { SiteBudgets } from '../../server/limits/site-budgets.ts';
import { LoopLag } from '../../server/loop-lag.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { noTelemetry } from '../../server/telemetry/telemetry.ts';
import { SiteFile } from '../../shared/site.ts';
import type { FuzzedPage } from './fuzzed-page.ts';

/** How many may come in a second is another test's concern. */
class OpenDoor extends Intake {
  override admits(): boolean {
    return true;
  }
}

/** A hub as it is put together for real, down to its HTTP server: only what lies before that is missing. */
export class MemoryHub {
  readonly store: Store;
  readonly engine: Engine;
  readonly tokens: Tokens;
  readonly sites: SiteRegistry;
  /** What it has logged as an error. */
  readonly errors: readonly string[];
  readonly #http: Server;
  readonly #end: () => Promise<void>;

  private constructor(
    parts: Pick<MemoryHub, 'store' | 'engine' | 'tokens' | 'sites' | 'errors'>,
    http: Server,
    end: () => Promise<void>,
  ) {
    this.store = parts.store;
    this.engine = parts.engine;
    this.tokens = parts.tokens;
    this.sites = parts.sites;
    this.errors = parts.errors;
    this.#http = http;
    this.#end = end;
  }

  static async open(dir: string, site: object): Promise<MemoryHub> {
    const errors: string[] = [];
    const logger = pino(
      { level: 'error' },
      { write: (line) => void (errors.length < 20 && errors.push(line)) },
    );
    const store = await SqliteStore.open(dir);
    const pairs = new PairModel();
    const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
    const [fault] = await sites.importFile(SiteFile.parse(site));
    if (fault) throw new Error(`${fault.path}: ${fault.message}`);
    const tokens = new Tokens(await store.readSecret());
    const pages = new OpenPages();
    const presence = new Presence(store, pages);
    const engine = new Engine({
      store,
      sites,
      pages: new AllPages(pages, noRelay, store),
      seed: secureSeeds(),
    });
    const lag = new LoopLag();
    const http = createServer(PATIENCE);
    const canary = new Canary({ store, telemetry: noTelemetry, logger, send: () => undefined });
    const epoch = () => store.epoch;
    const intake = new OpenDoor(lag);
    const bearers = new Bearers({ engine, sites, tokens });
    const heart = { engine, sites, bearers, pages, presence, intake, canary, epoch, logger };
    // How much anybody may send is another test's concern, too.
    const edge = {
      isLimited: false,
      trustProxy: 0,
      addresses: new Addresses(Number.MAX_SAFE_INTEGER),
      budgets: new SiteBudgets(() => null),
      marks: new AddressMarks(await store.readSecret()),
    };
    const hub = startHub(http, { ...heart, ...edge });
    const due = startDueShoppers(store, engine, logger);
    return new MemoryHub({ store, engine, tokens, sites, errors }, http, async () => {
      await due.stop();
      await hub.close().catch(() => undefined);
      presence.close();
      lag.close();
      await store.close();
    });
  }

  /** Lets the page in by a wire in memory. */
  connect(page: FuzzedPage): void {
    const end = new HubEnd(page);
    this.#http.emit('connection', end);
    page.begin({
      send: (bytes) => void (end.isOpen && end.push(bytes)),
      end: () => end.hangUp(),
    });
  }

  close(): Promise<void> {
    return this.#end();
  }
}

/** The hub's end of a connection in memory. What a page sends has been read when the call returns. */
class HubEnd extends Duplex {
  readonly #page: FuzzedPage;
  isOpen = true;

  constructor(page: FuzzedPage) {
    super({ allowHalfOpen: false });
    this.#page = page;
    this.once('close', () => this.#lose());
  }

  hangUp(): void {
    if (this.isOpen) this.push(null);
    this.isOpen = false;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    done();
    // On a network an answer never comes while the hub is still about to send it.
    process.nextTick(() => {
      if (!this.#page.isGone) this.#page.hear(chunk);
    });
  }

  override _final(done: () => void): void {
    done();
    process.nextTick(() => this.#lose());
  }

  #lose(): void {
    this.isOpen = false;
    this.#page.lost();
  }
}
