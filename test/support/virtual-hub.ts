import { pino } from 'pino';
import { Deadlines } from '../../server/analytics/backtest/deadlines.ts';
import { Engine } from '../../server/engine/engine.ts';
import { secureSeeds } from '../../server/engine/seeds.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { LOG_START, type Store } from '../../server/store/store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';

export interface PlayedEvent {
  readonly at: number;
  readonly shopper: string;
  readonly event: object;
}

/** A hub on a real store, without pages, under a clock of its own: deadlines are decided on the moment they are due. */
export class VirtualHub {
  readonly store: Store;
  readonly sites: SiteRegistry;
  readonly site: SiteFile;
  readonly #engine: Engine;
  readonly #clock: { now: number };
  readonly #deadlines = new Deadlines();

  private constructor(store: Store, sites: SiteRegistry, site: SiteFile, clock: { now: number }) {
    this.store = store;
    this.sites = sites;
    this.site = site;
    this.#clock = clock;
    const noPages = {
      connected: () => [],
      tell: () => undefined,
      startOver: () => undefined,
    };
    this.#engine = new Engine({ store, sites, pages: noPages, seed: secureSeeds() });
  }

  static async open(dir: string, given: object, startsAt: number): Promise<VirtualHub> {
    const clock = { now: startsAt };
    const store = await SqliteStore.open(dir, () => clock.now);
    const pairs = new PairModel();
    const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), pino({ level: 'silent' }));
    const site = SiteFile.parse(given);
    const [fault] = await sites.importFile(site);
    if (fault) throw new Error(`${fault.path}: ${fault.message}`);
    return new VirtualHub(store, sites, site, clock);
  }

  async play(events: readonly PlayedEvent[]): Promise<void> {
    for (const { at, shopper, event } of events) {
      await this.passUntil(at);
      await this.#submit(shopper, { kind: 'event', source: 'page', event: ShopperEvent.parse(event) });
    }
  }

  async passUntil(time: number): Promise<void> {
    for (let due = this.#deadlines.next(time); due; due = this.#deadlines.next(time)) {
      this.#clock.now = due.at;
      await this.#submit(due.shopper, { kind: 'clock' });
    }
    this.#clock.now = time;
  }

  async #submit(name: string, input: Parameters<Engine['submit']>[1][number]): Promise<void> {
    const key = { site: this.site.id, shopper: ShopperId.parse(name) };
    await this.#engine.submit(key, [input]);
    const { document } = await this.#engine.read(key);
    if (document?.wakeAt) this.#deadlines.add(document.wakeAt, name);
  }

  /** What a rule did, as the log has it. */
  async firings(rule: string): Promise<{ at: number; shopper: string; rule: string }[]> {
    const found: { at: number; shopper: string; rule: string }[] = [];
    for (let place = LOG_START; ;) {
      const { records, next } = await this.store.readLog(place, 1_000);
      if (next === place) return found;
      place = next;
      for (const { at, shopper, reasons = [] } of records)
        for (const reason of reasons)
          if (reason.result === 'fired' && reason.rule === rule) found.push({ at, shopper, rule });
    }
  }
}
