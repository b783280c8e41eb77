import type { Logger } from 'pino';
import type { Engine } from './engine/engine.ts';
import type { SiteRegistry } from './engine/site-registry.ts';
import type { Canary } from './hub/canary.ts';
import type { MissedNews } from './hub/missed-news.ts';
import type { OpenPages } from './hub/open-pages.ts';
import type { Presence } from './hub/presence.ts';
import type { Relay } from './hub/relay.ts';
import type { LoopLag } from './loop-lag.ts';
import { Rounds } from './rounds.ts';
import type { Store } from './store/store.ts';

const LOOK_EVERY_MS = 1_000;
/** An answer that takes longer is none. */
const ANSWER_WITHIN_MS = 2_000;
/** What was seen is good for so long. */
const GOOD_FOR_MS = 3_000;
/** After so long without its store a node sends its pages elsewhere. */
const SHED_AFTER_MS = 10_000;
/** Whoever slept longer may have missed anything: others took over what it had claimed. */
const FROZEN_MS = 5_000;

export interface WatchParts {
  readonly store: Store;
  readonly sites: SiteRegistry;
  readonly engine: Engine;
  readonly pages: OpenPages;
  readonly presence: Presence;
  readonly missed: MissedNews;
  readonly lag: LoopLag;
  readonly logger: Logger;
  readonly relay: Relay;
  readonly canary: Canary;
  /** Asks all pages to come back elsewhere, where there is an elsewhere. */
  shed(): void;
}

/**
 * Looks every second whether this node can do its work, by doing a little of it, and mends what it can. Ready is who has
 * lately been seen to work.
 */
export class NodeWatch {
  readonly #parts: WatchParts;
  readonly #rounds = new Rounds(LOOK_EVERY_MS, () => this.#look());
  #epoch: string;
  /** Under which the sites were read last. */
  #epochOfSites: string;
  #seenAt = performance.now();
  #faults: readonly string[] = [];
  #relayMisses = 0;
  /** How often the store had lost what it knew, or another one had taken over. */
  epochChanges = 0;
  /** How often news of other nodes had stopped to arrive. */
  relayRenewals = 0;
  #storeAwaySince: number | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#epoch = parts.store.epoch;
    this.#epochOfSites = this.#epoch;
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look();
    this.#rounds.start();
  }

  /** Why this node should get no new pages now; empty: it may. */
  faults(): readonly string[] {
    const isStale = performance.now() - this.#seenAt > GOOD_FOR_MS;
    if (isStale) return ['This node was too busy to look after itself.'];
    // What is known to be wrong explains the canary too.
    return this.#faults.length > 0 ? this.#faults : this.#parts.canary.faults();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #look(): Promise<void> {
    const { store, relay, lag } = this.#parts;
    if (lag.takeLongest() > FROZEN_MS) this.#wakeUp();
    const [storeFault, relayFault] = await Promise.all([faultOf(store.ping()), faultOf(relay.check())]);
    this.#noteStore(storeFault);
    this.#noteRelay(storeFault === null ? relayFault : null);
    this.#say([storeFault, relayFault].filter((fault) => fault !== null));
    this.#seenAt = performance.now();
    if (storeFault === null) await this.#keepUp();
  }

  #noteStore(fault: string | null): void {
    const now = performance.now();
    if (fault === null) {
      this.#storeAwaySince = null;
      return;
    }
    this.#storeAwaySince ??= now;
    if (now - this.#storeAwaySince < SHED_AFTER_MS) return;
    this.#storeAwaySince = now;
    this.#parts.shed();
  }

  #noteRelay(fault: string | null): void {
    this.#relayMisses = fault === null ? 0 : this.#relayMisses + 1;
    if (this.#relayMisses < 2) return;
    this.#relayMisses = 0;
    this.relayRenewals++;
    this.#parts.logger.warn('news of other nodes do not arrive: listening on a new connection');
    this.#parts.relay.renew();
  }

  /** What the store has, and may have been changed by others or lost. */
  async #keepUp(): Promise<void> {
    const { store, sites, engine, logger } = this.#parts;
    try {
      const { epoch } = store;
      if (epoch !== this.#epoch) await this.#startOver(epoch);
      const changed = await sites.refresh(epoch !== this.#epochOfSites);
      this.#epochOfSites = epoch;
      for (const site of changed) await engine.lookAgain(site);
    } catch (error) {
      logger.warn({ err: error }, 'what was changed elsewhere could not be read');
    }
  }

  async #startOver(epoch: string): Promise<void> {
    const { logger, pages, presence } = this.#parts;
    logger.error({ before: this.#epoch, epoch }, 'the store has lost what it knew, or another one took over');
    this.#epoch = epoch;
    this.epochChanges++;
    // Who knows which pages are here may be forgotten as well.
    await presence.enterAll();
    for (const key of pages.keys()) pages.startOver(key);
  }

  #wakeUp(): void {
    this.#parts.logger.warn('this node was frozen: it looks after all of its pages');
    this.#parts.missed.lookAfterAll();
  }

  #say(faults: readonly string[]): void {
    if (faults.join() !== this.#faults.join())
      this.#parts.logger.warn({ faults }, faults.length > 0 ? 'not ready' : 'ready again');
    this.#faults = faults;
  }
}

async function faultOf(answer: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('The store does not answer.'), ANSWER_WITHIN_MS);
  });
  const fault = await Promise.race([
    answer.then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
    late,
  ]);
  clearTimeout(timer);
  return fault;
}
