import type { RedisKeys } from './redis-keys.ts';
import { KEEP } from './redis-lane.ts';
import type { RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { readLogKey } from './log-key.ts';
import { type ShopperKey, type Stored, StoreUnavailable } from './store.ts';

const MOST_ATTEMPTS = 20;

/** Wipes shoppers: one script on the keys of a partition, upon the version that was read, as that says which codes there are. */
export class RedisErasure {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #load: (key: ShopperKey) => Promise<Stored>;

  constructor(link: RedisLink, keys: RedisKeys, load: (key: ShopperKey) => Promise<Stored>) {
    this.#link = link;
    this.#keys = keys;
    this.#load = load;
  }

  /** Resolves with the nodes on which the shopper has a page open. */
  async erase(key: ShopperKey): Promise<readonly string[]> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const nodes = await this.#tryOnce(key);
      if (nodes === null) continue;
      await this.#link.ask((client) => client.set(this.#keys.rewriteWanted, '1'));
      return nodes;
    }
    throw new StoreUnavailable('Others keep changing this shopper.');
  }

  async #tryOnce(key: ShopperKey): Promise<string[] | null> {
    const { partition, member, shopper, counted, pages, coupons, erased } = this.#keys.shopper(key);
    const { index, due, logKeys } = this.#keys.partition(partition);
    const { version } = await this.#load(key);
    const given = await this.#link.ask((client) => client.smembers(coupons));
    const logKey = await this.#link.ask((client) => client.hget(shopper, 'l'));
    const keys = [shopper, counted, pages, index(key.site), due, logKeys, erased(), coupons, ...given];
    const keyId = logKey === null ? '' : readLogKey(logKey).id;
    const args = [member, key.shopper, version, keyId, KEEP.erasedMs];
    return (await this.#link.run(SCRIPTS.erase, keys, args)) as string[] | null;
  }
}
