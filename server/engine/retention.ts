import type { Logger } from 'pino';
import type { SiteId } from '../../shared/ids.ts';
import { Rounds } from '../rounds.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import { changeEntry } from './change-entry.ts';
import type { SiteRegistry } from './site-registry.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** All shoppers of a site are looked at so often, by whichever hub comes first. */
const WALK_EVERY_MS = 24 * 3_600_000;
const SHOPPERS_AT_ONCE = 100;
const TURNS = 'retention';
const NOT_ERASED = 'shoppers who are past their time could not be erased; they will be';

export interface RetentionParts {
  readonly store: Store;
  readonly sites: SiteRegistry;
  readonly logger: Logger;
  /** Wherever something of them is. */
  erase(key: ShopperKey): Promise<unknown>;
}

/** Erases shoppers who did nothing for as long as their site keeps them. A site that says nothing of it leaves that to the store. */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #rounds = new Rounds(LOOK_EVERY_MS, () => this.look());

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round: each site whose turn it is. */
  async look(): Promise<void> {
    const { sites, logger } = this.#parts;
    for (const site of sites.ids()) {
      const { keepMs } = sites.live(site).site;
      if (keepMs === null) continue;
      try {
        if (!(await this.#takeTurn(site))) continue;
        if ((await this.#walk(site, keepMs)) > 0) await this.#endTurnSoon(site);
      } catch (error) {
        logger.warn({ err: error, site }, NOT_ERASED);
      }
    }
  }

  /** False where another hub has it, or had it lately. */
  async #takeTurn(site: SiteId): Promise<boolean> {
    const { store } = this.#parts;
    const expiresAt = (await store.time()) + WALK_EVERY_MS;
    let isOurs = false;
    await changeEntry(store.registers, TURNS, site, (taken) => {
      isOurs = taken === null;
      return isOurs ? { text: store.node, expiresAt } : undefined;
    });
    return isOurs;
  }

  /** So that those who could not be erased are not left for a day. */
  async #endTurnSoon(site: SiteId): Promise<void> {
    const { store } = this.#parts;
    const expiresAt = (await store.time()) + LOOK_EVERY_MS;
    await changeEntry(store.registers, TURNS, site, () => ({ text: store.node, expiresAt }));
  }

  /** Resolves with how many could not be erased: one of them is in nobody else's way. */
  async #walk(site: SiteId, keepMs: number): Promise<number> {
    const { store, logger } = this.#parts;
    let erased = 0;
    let failed = 0;
    for (let after = ''; ;) {
      const shoppers = await store.readShoppers(site, after, SHOPPERS_AT_ONCE);
      const last = shoppers.at(-1);
      if (last === undefined) break;
      after = last;
      for (const shopper of shoppers) {
        const { document, now } = await store.load({ site, shopper }, []);
        // Who turned out to be another goes with them.
        if (!document || document.departed || now - document.activeAt < keepMs) continue;
        try {
          await this.#parts.erase({ site, shopper });
          erased++;
        } catch (error) {
          if (failed++ === 0) logger.warn({ err: error, site }, NOT_ERASED);
        }
      }
    }
    if (erased > 0)
      logger.info({ site, erased }, 'shoppers who did nothing for as long as they are kept were erased');
    return failed;
  }
}
