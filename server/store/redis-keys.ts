import type { SiteId } from '../../shared/ids.ts';
import { erasureMark, nameOfShopper, type ShopperName } from './shopper-name.ts';
import type { ShopperKey } from './store.ts';

/**
 * The names of all that is kept in Redis. What has to change in one step shares a hash tag, and so a slot: all of one
 * partition, all of the installation, all of one fold, all of one budget.
 */
export const PARTITIONS = 16;

export interface Partition {
  readonly due: string;
  readonly log: string;
  readonly probe: string;
  /** The keys that records of the log are sealed with, by their ids. */
  readonly logKeys: string;
  /** What the keys of its shoppers begin with. */
  readonly shoppers: string;
  index(site: SiteId): string;
  coupon(site: SiteId, code: string): string;
  take(commit: string): string;
}

export interface ShopperKeys {
  readonly partition: number;
  readonly member: ShopperName;
  readonly shopper: string;
  readonly counted: string;
  readonly pages: string;
  /** Under which keys codes lead to them, also those that their document no longer has. */
  readonly coupons: string;
  /** What stays of one who was erased. */
  erased(): string;
}

export class RedisKeys {
  readonly facts: string;
  readonly sites: string;
  readonly siteVersions: string;
  readonly budgets: string;
  readonly folds: string;
  readonly registers: string;
  readonly housekeeper: string;
  /** There since a shopper was erased whom Redis's own file still has. */
  readonly rewriteWanted: string;
  /** There until it was seen that the last rewrite has ended well. */
  readonly rewriteBegun: string;
  readonly partitions: readonly Partition[];
  readonly prefix: string;
  readonly #shoppers = new WeakMap<ShopperKey, ShopperKeys>();

  constructor(prefix = 'cartbell') {
    this.prefix = prefix;
    this.facts = `${prefix}:{all}:facts`;
    this.sites = `${prefix}:{all}:sites`;
    this.siteVersions = `${prefix}:{all}:site-versions`;
    this.budgets = `${prefix}:{all}:budgets`;
    this.folds = `${prefix}:{all}:folds`;
    this.registers = `${prefix}:{all}:registers`;
    this.housekeeper = `${prefix}:{all}:housekeeper`;
    this.rewriteWanted = `${prefix}:{all}:rewrite-wanted`;
    this.rewriteBegun = `${prefix}:{all}:rewrite-begun`;
    this.partitions = Array.from({ length: PARTITIONS }, (_, number) => partitionOf(`${prefix}:{${number}}`));
  }

  partition(number: number): Partition {
    const partition = this.partitions[number];
    if (!partition) throw new Error(`There is no partition ${number}.`);
    return partition;
  }

  mark(name: string): string {
    return `${this.prefix}:{all}:mark:${name}`;
  }

  siteHistory(site: SiteId): string {
    return `${this.prefix}:{all}:site-history:${site}`;
  }

  register(name: string): { entries: string; ids: string } {
    const key = `${this.prefix}:{all}:register:${name}`;
    return { entries: key, ids: `${key}:ids` };
  }

  fold(name: string): { place: string; sums: string; steps: string } {
    const tag = `${this.prefix}:{fold ${name}}`;
    return { place: `${tag}:place`, sums: `${tag}:sums`, steps: `${tag}:steps` };
  }

  /** `name`: as `budgets` lists it. */
  budget(name: string): { taken: string; held: string } {
    const tag = `${this.prefix}:{budget ${name}}`;
    return { taken: `${tag}:taken`, held: `${tag}:held` };
  }

  /** A shopper of no site, one for each partition. No site can have this id. */
  nobodyOf(turn: number): { partition: number; key: ShopperKey } {
    const wanted = turn % PARTITIONS;
    for (let number = 0; ; number++) {
      const key = { site: '_nobody', shopper: `nobody-${number}`.padEnd(22, '-') } as ShopperKey;
      if (this.shopper(key).partition === wanted) return { partition: wanted, key };
    }
  }

  shopper(key: ShopperKey): ShopperKeys {
    let keys = this.#shoppers.get(key);
    if (!keys) this.#shoppers.set(key, (keys = this.#keysOf(key)));
    return keys;
  }

  #keysOf(key: ShopperKey): ShopperKeys {
    const member = nameOfShopper(key);
    const partition = hash(member) % PARTITIONS;
    const tag = `${this.prefix}:{${partition}}`;
    return {
      partition,
      member,
      shopper: `${tag}:shopper:${member}`,
      counted: `${tag}:counted:${member}`,
      pages: `${tag}:pages:${member}`,
      coupons: `${tag}:coupons:${member}`,
      erased: () => `${tag}:erased:${erasureMark(member)}`,
    };
  }
}

function partitionOf(tag: string): Partition {
  return {
    due: `${tag}:due`,
    log: `${tag}:log`,
    probe: `${tag}:probe`,
    logKeys: `${tag}:log-keys`,
    shoppers: `${tag}:shopper:`,
    index: (site) => `${tag}:index:${site}`,
    coupon: (site, code) => `${tag}:coupon:${site}/${code}`,
    take: (commit) => `${tag}:take:${commit}`,
  };
}

/** FNV-1a, 32 bits, over UTF-16 units: which partition a shopper is in must never change. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
