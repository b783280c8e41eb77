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
  /** What the keys of its shoppers begin with. */
  readonly shoppers: string;
  index(site: string): string;
  coupon(site: string, code: string): string;
  take(commit: string): string;
}

export interface ShopperKeys {
  readonly partition: number;
  readonly member: string;
  readonly shopper: string;
  readonly counted: string;
  readonly pages: string;
}

export class RedisKeys {
  readonly facts: string;
  readonly sites: string;
  readonly siteVersions: string;
  readonly budgets: string;
  readonly folds: string;
  readonly housekeeper: string;
  readonly partitions: readonly Partition[];
  readonly #prefix: string;
  readonly #shoppers = new WeakMap<ShopperKey, ShopperKeys>();

  constructor(prefix = 'cartbell') {
    this.#prefix = prefix;
    this.facts = `${prefix}:{all}:facts`;
    this.sites = `${prefix}:{all}:sites`;
    this.siteVersions = `${prefix}:{all}:site-versions`;
    this.budgets = `${prefix}:{all}:budgets`;
    this.folds = `${prefix}:{all}:folds`;
    this.housekeeper = `${prefix}:{all}:housekeeper`;
    this.partitions = Array.from({ length: PARTITIONS }, (_, number) => partitionOf(`${prefix}:{${number}}`));
  }

  mark(name: string): string {
    return `${this.#prefix}:{all}:mark:${name}`;
  }

  siteHistory(site: string): string {
    return `${this.#prefix}:{all}:site-history:${site}`;
  }

  fold(name: string): { place: string; sums: string; steps: string } {
    const tag = `${this.#prefix}:{fold ${name}}`;
    return { place: `${tag}:place`, sums: `${tag}:sums`, steps: `${tag}:steps` };
  }

  /** `name`: as `budgets` lists it. */
  budget(name: string): { taken: string; held: string } {
    const tag = `${this.#prefix}:{budget ${name}}`;
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

  #keysOf({ site, shopper }: ShopperKey): ShopperKeys {
    const member = `${site}/${shopper}`;
    const partition = hash(member) % PARTITIONS;
    const tag = `${this.#prefix}:{${partition}}`;
    return {
      partition,
      member,
      shopper: `${tag}:shopper:${member}`,
      counted: `${tag}:counted:${member}`,
      pages: `${tag}:pages:${member}`,
    };
  }
}

function partitionOf(tag: string): Partition {
  return {
    due: `${tag}:due`,
    log: `${tag}:log`,
    probe: `${tag}:probe`,
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

/** The other way round: a site's id has no slash. */
export function keyOfMember(member: string): ShopperKey {
  const slash = member.indexOf('/');
  return { site: member.slice(0, slash), shopper: member.slice(slash + 1) } as ShopperKey;
}
