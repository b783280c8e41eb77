import type { Product } from '../../shared/product.ts';

/** What an item cost from when on, oldest first. */
export type Prices = readonly (readonly [at: number, price: number])[];

/** A product with the price that may be struck through beside its own. */
export type CatalogueProduct = Product & { readonly was?: number };

const LOOKS_BACK_MS = 30 * 86_400_000;
/** Price changes of one item that are kept; of more within the time the oldest go, and with them the right to strike. */
const MOST_CHANGES = 100;

/** The history of all items after a new catalogue took effect. Items that left it are forgotten. */
export function pricesAfter(
  before: ReadonlyMap<string, Prices>,
  products: readonly Product[],
  now: number,
): Map<string, Prices> {
  return new Map(
    products.map(({ item_id, price }) => {
      const known = before.get(item_id) ?? [];
      const isSame = known.at(-1)?.[1] === price;
      return [item_id, isSame ? known : forget([...known, [now, price]], now)];
    }),
  );
}

/**
 * The lowest price of the 30 days before the price of now took effect, where it is higher than that and all of those days
 * are known (Directive 98/6/EC, article 6a, on announcements of price reductions); otherwise null, and nothing is struck.
 */
export function strikePrice(prices: Prices): number | null {
  const current = prices.at(-1);
  if (!current) return null;
  const [reducedAt, price] = current;
  const from = reducedAt - LOOKS_BACK_MS;
  const earlier = prices.slice(0, -1);
  const inForce = earlier.findLastIndex(([at]) => at <= from);
  if (inForce < 0) return null;
  const lowest = Math.min(...earlier.slice(inForce).map(([, before]) => before));
  return lowest > price ? lowest : null;
}

/** What lies so far back that no reduction can look at it any more goes. */
function forget(prices: Prices, now: number): Prices {
  const inForce = prices.findLastIndex(([at]) => at <= now - 2 * LOOKS_BACK_MS);
  return prices.slice(Math.max(0, inForce, prices.length - MOST_CHANGES));
}
