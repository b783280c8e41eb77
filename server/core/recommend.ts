import type { Product } from '../../shared/product.ts';

/** Counts learned from the log: in how many baskets (or visits) an item was, and two items were together. */
export interface PairCounts {
  /** How often the item was seen at all. */
  count(item: string): number;
  /** The items seen together with `item`, and how often. */
  with(item: string): Iterable<readonly [item: string, together: number]>;
}

export interface Learned {
  readonly viewed: PairCounts;
  readonly carted: PairCounts;
  readonly bought: PairCounts;
  /** Item ids, the most popular first. */
  readonly popular: readonly string[];
}

/** How much each kind of togetherness says: people who put two things in one basket mean it more. */
const WEIGHT = { bought: 1, carted: 0.7, viewed: 0.4 } as const;

/** Pulls pairs seen a few times towards nothing; lift and PMI would put exactly those on top. */
const SHRINKAGE = 5;

/**
 * Shrunk cosine: n(xy) / sqrt(n(x) n(y)) * n(xy) / (n(xy) + SHRINKAGE); Sarwar et al. 2001 for the cosine over items,
 * Bell and Koren 2007 for the shrinkage.
 */
export function shrunkCosine(together: number, countA: number, countB: number): number {
  if (countA <= 0 || countB <= 0) return 0;
  return (together / Math.sqrt(countA * countB)) * (together / (together + SHRINKAGE));
}

/** How well each item goes with the given ones, best first. */
export function rankTogether(counts: PairCounts, items: readonly string[]): [item: string, score: number][] {
  const scores = new Map<string, number>();
  for (const item of items) addScores(scores, counts, item, 1);
  return ranked(scores);
}

/**
 * Up to `size` products that go with what the shopper has and looked at, popular ones filling up. Never one that is in
 * the cart, out of stock or not in the catalogue.
 */
export function recommend(
  learned: Learned,
  products: ReadonlyMap<string, Product>,
  shopper: { readonly cart: readonly string[]; readonly viewed: readonly string[] },
  size: number,
): Product[] {
  const inCart = new Set(shopper.cart);
  const scores = new Map<string, number>();
  for (const item of shopper.cart) {
    addScores(scores, learned.bought, item, WEIGHT.bought);
    addScores(scores, learned.carted, item, WEIGHT.carted);
    addScores(scores, learned.viewed, item, WEIGHT.viewed);
  }
  for (const [place, item] of shopper.viewed.entries()) {
    if (!inCart.has(item)) addScores(scores, learned.viewed, item, WEIGHT.viewed / (place + 2));
  }
  const chosen = new Map<string, Product>();
  for (const item of [...ranked(scores).map(([id]) => id), ...learned.popular]) {
    if (chosen.size === size) break;
    const product = products.get(item);
    if (product && product.stock !== 0 && !inCart.has(item)) chosen.set(item, product);
  }
  return [...chosen.values()];
}

function addScores(scores: Map<string, number>, counts: PairCounts, item: string, weight: number): void {
  const own = counts.count(item);
  for (const [other, together] of counts.with(item)) {
    const score = weight * shrunkCosine(together, own, counts.count(other));
    scores.set(other, (scores.get(other) ?? 0) + score);
  }
}

function ranked(scores: ReadonlyMap<string, number>): [string, number][] {
  return [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
