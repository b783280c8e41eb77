import type { Learned, PairCounts } from '../core/recommend.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { RememberedFold } from '../analytics/fold.ts';

type How = 'viewed' | 'carted' | 'bought';

/** Per item and kind: partners past this many lose the rarest half. */
const MOST_PARTNERS = 400;
/** How much each act says about an item's popularity. */
const POPULARITY = { viewed: 1, carted: 4, bought: 10 } as const;
const MOST_POPULAR = 200;
/** Visitors name the items, so their number has a bound: past it new ones are not learned. */
const MOST_ITEMS = 50_000;

const NOTHING: readonly [string, number][] = [];

class Counts implements PairCounts {
  readonly own = new Map<string, number>();
  readonly #pairs = new Map<string, Map<string, number>>();

  count(item: string): number {
    return this.own.get(item) ?? 0;
  }

  with(item: string): Iterable<readonly [string, number]> {
    return this.#pairs.get(item) ?? [];
  }

  add(a: string, b: string | undefined, change: number): void {
    if (b === undefined) {
      if (this.own.size >= MOST_ITEMS && !this.own.has(a)) return;
      this.own.set(a, this.count(a) + change);
      return;
    }
    this.#addPartner(a, b, change);
    this.#addPartner(b, a, change);
  }

  #addPartner(item: string, other: string, change: number): void {
    if (this.#pairs.size >= MOST_ITEMS && !this.#pairs.has(item)) return;
    const partners = this.#pairs.get(item) ?? new Map<string, number>();
    partners.set(other, (partners.get(other) ?? 0) + change);
    if (partners.size > MOST_PARTNERS) dropRarest(partners);
    this.#pairs.set(item, partners);
  }
}

class SiteModel implements Learned {
  readonly viewed = new Counts();
  readonly carted = new Counts();
  readonly bought = new Counts();
  #popular: readonly string[] | null = null;

  get popular(): readonly string[] {
    this.#popular ??= this.#rankPopular();
    return this.#popular;
  }

  add(how: How, a: string, b: string | undefined, change: number): void {
    this[how].add(a, b, change);
    this.#popular = null;
  }

  #rankPopular(): string[] {
    const scores = new Map<string, number>();
    for (const how of ['viewed', 'carted', 'bought'] as const) {
      for (const [item, count] of this[how].own)
        scores.set(item, (scores.get(item) ?? 0) + count * POPULARITY[how]);
    }
    const ranked = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return ranked.slice(0, MOST_POPULAR).map(([item]) => item);
  }
}

/** What shoppers view, cart and buy together, learned from the log as it grows. */
export class PairModel implements RememberedFold {
  readonly name = 'pairs';
  readonly #sites = new Map<string, SiteModel>();

  /** Items' ids are on one line each, so a line break parts them. */
  changesOf({ site, together }: Parameters<RememberedFold['changesOf']>[0]): readonly [string, number][] {
    if (!together) return NOTHING;
    const changes: [string, number][] = [];
    for (const { how, item, with: others } of together) {
      const own = `${site}\n${how}\n`;
      changes.push([own + item, 1]);
      for (const other of others)
        if (other !== item)
          changes.push([own + (item < other ? `${item}\n${other}` : `${other}\n${item}`), 1]);
    }
    return changes;
  }

  forget(): void {
    this.#sites.clear();
  }

  absorb(changes: Iterable<readonly [string, number]>): void {
    for (const [key, change] of changes) {
      const [site, how, a, b] = key.split('\n') as [string, How, string, string?];
      this.#model(site).add(how, a, b, change);
    }
  }

  learned(site: SiteId): Learned {
    return this.#model(site);
  }

  #model(site: string): SiteModel {
    const known = this.#sites.get(site) ?? new SiteModel();
    this.#sites.set(site, known);
    return known;
  }
}

function dropRarest(partners: Map<string, number>): void {
  const rarest = [...partners].sort(([, x], [, y]) => x - y).slice(0, MOST_PARTNERS / 2);
  for (const [item] of rarest) partners.delete(item);
}
