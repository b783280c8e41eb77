import type { ShopperId, SiteId } from '../../shared/ids.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';
import { entriesOf } from './redis-log.ts';
import type { RedisRegisters } from './redis-registers.ts';
import { RedisRewrite } from './redis-rewrite.ts';
import { keyOfName, nameOfShopper } from './shopper-name.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How much is kept of what has no time of its own to live. Past it the oldest (for sums: the smallest) go. */
const MOST = {
  logMs: 30 * DAY_MS,
  entriesPerPartition: 100_000,
  /** A hub that starts reads them all in one answer. */
  sumsPerFold: 200_000,
} as const;

/** One hub at a time does it, and others only when that was a while ago. */
const TURN_MS = HOUR_MS;
const SCAN_COUNT = 500;

/** Everything in Redis that grows and does not go by itself has its bound here. The log keeps what a fold has yet to read. */
export class RedisHousekeeping {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #registers: RedisRegisters;
  readonly #rewrite: RedisRewrite;

  constructor(link: RedisLink, keys: RedisKeys, registers: RedisRegisters) {
    this.#registers = registers;
    this.#link = link;
    this.#keys = keys;
    this.#rewrite = new RedisRewrite(link, keys);
  }

  /** Does nothing where a hub has done so in the last hour. */
  async takeTurn(node: string, now: number): Promise<void> {
    const isOurs = await this.#link.ask((client) =>
      client.set(this.#keys.housekeeper, node, 'PX', TURN_MS, 'NX'),
    );
    if (isOurs !== null) await this.keepHouse(now);
  }

  async keepHouse(now: number): Promise<void> {
    const folds = await this.#link.ask((client) => client.smembers(this.#keys.folds));
    const places = await Promise.all(
      folds.map((name) => this.#link.ask((client) => client.get(this.#keys.fold(name).place))),
    );
    for (const [partition, { log }] of this.#keys.partitions.entries())
      await this.#trimLog(
        log,
        now,
        places.map((place) => entriesOf(place ?? '')[partition] ?? '0-0'),
      );
    for (const name of folds) await this.#trimSums(this.#keys.fold(name).sums);
    await this.#registers.wipe();
    const sites = await this.#link.ask((client) => client.hkeys(this.#keys.sites));
    for (const site of sites) await this.#trimIndexes(site as SiteId);
    for (const { logKeys } of this.#keys.partitions) await this.#trimLogKeys(logKeys);
    await this.#rewrite.takeTurn();
  }

  /** `read`: up to where each fold has it. */
  async #trimLog(log: string, now: number, read: readonly string[]): Promise<void> {
    const old = `${now - MOST.logMs}-0`;
    const [oldest = old] = [old, ...read].toSorted(inOrder);
    await this.#link.ask((client) => client.xtrim(log, 'MINID', '~', oldest));
    const [slowest] = read.toSorted(inOrder);
    if (slowest === undefined) return;
    const unread = await this.#link.ask((client) => client.xrange(log, `(${slowest}`, '+', 'COUNT', 1));
    if (unread.length === 0)
      await this.#link.ask((client) => client.xtrim(log, 'MAXLEN', '~', MOST.entriesPerPartition));
  }

  async #trimSums(sums: string): Promise<void> {
    let excess = (await this.#link.ask((client) => client.hlen(sums))) - MOST.sumsPerFold;
    for (let most = 1; excess > 0; most *= 2)
      await this.#eachPage(
        (client, cursor) => client.hscan(sums, cursor, 'COUNT', SCAN_COUNT),
        async (page) => {
          const small = page.filter((_, index) => index % 2 === 0 && Number(page[index + 1]) <= most);
          const dropped = small.slice(0, Math.max(0, excess));
          if (dropped.length > 0) await this.#link.ask((client) => client.hdel(sums, ...dropped));
          excess -= dropped.length;
        },
      );
  }

  /** Shoppers go by themselves when nobody hears of them for long; where they are listed they have to be looked for. */
  async #trimIndexes(site: SiteId): Promise<void> {
    for (const { index, shoppers } of this.#keys.partitions)
      await this.#eachPage(
        (client, cursor) => client.zscan(index(site), cursor, 'COUNT', SCAN_COUNT),
        async (page) => {
          const listed = page.filter((_, place) => place % 2 === 0);
          const exist = await Promise.all(
            listed.map((shopper) => {
              const name = nameOfShopper({ site, shopper: shopper as ShopperId });
              return this.#link.ask((client) => client.exists(`${shoppers}${name}`));
            }),
          );
          const gone = listed.filter((_, place) => exist[place] === 0);
          if (gone.length > 0) await this.#link.ask((client) => client.zrem(index(site), ...gone));
        },
      );
  }

  /** The keys of shoppers who are gone, as nobody heard of them for long. */
  async #trimLogKeys(logKeys: string): Promise<void> {
    await this.#eachPage(
      (client, cursor) => client.hscan(logKeys, cursor, 'COUNT', SCAN_COUNT),
      async (page) => {
        const ids = page.filter((_, place) => place % 2 === 0);
        const owners = page.filter((_, place) => place % 2 === 1).map((entry) => entry.split(' ')[1] ?? '');
        const exist = await Promise.all(
          owners.map((name) =>
            this.#link.ask((client) => client.exists(this.#keys.shopper(keyOfName(name)).shopper)),
          ),
        );
        const gone = ids.filter((_, place) => exist[place] === 0);
        if (gone.length > 0) await this.#link.ask((client) => client.hdel(logKeys, ...gone));
      },
    );
  }

  async #eachPage(
    scan: (client: RedisClient, cursor: string) => Promise<[cursor: string, page: string[]]>,
    take: (page: readonly string[]) => Promise<void>,
  ): Promise<void> {
    let cursor = '0';
    do {
      const [next, page] = await this.#link.ask((client) => scan(client, cursor));
      await take(page);
      cursor = next;
    } while (cursor !== '0');
  }
}

function inOrder(one: string, other: string): number {
  const [oneMs = 0, oneSeq = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number);
  return oneMs - otherMs || oneSeq - otherSeq;
}
