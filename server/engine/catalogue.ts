import { z } from 'zod';
import { type CatalogueProduct, type Prices, pricesAfter, strikePrice } from '../core/price-history.ts';
import { type Product, Products } from '../../shared/product.ts';

/** A site's products, and what each has cost since when. */
export interface Catalogue {
  readonly products: readonly Product[];
  readonly prices: ReadonlyMap<string, Prices>;
}

export const emptyCatalogue: Catalogue = { products: [], prices: new Map() };

const StoredPrices = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));

/** As it is stored; a plain list is what a hub wrote that kept no prices. */
export const StoredCatalogue = z.union([
  z.object({ products: Products, prices: StoredPrices }),
  Products.transform((products) => ({ products, prices: {} })),
]);

export function readCatalogue({ products, prices }: z.infer<typeof StoredCatalogue>): Catalogue {
  return { products, prices: new Map(Object.entries(prices)) };
}

export function catalogueToStore({ products, prices }: Catalogue): string {
  return JSON.stringify({ products, prices: Object.fromEntries(prices) });
}

export function withProducts({ prices }: Catalogue, products: readonly Product[], now: number): Catalogue {
  return { products, prices: pricesAfter(prices, products, now) };
}

/** As decisions read it. */
export function productsOf({ products, prices }: Catalogue): Map<string, CatalogueProduct> {
  return new Map(
    products.map((product) => {
      const was = strikePrice(prices.get(product.item_id) ?? []);
      const shown: CatalogueProduct = was === null ? product : Object.assign({ was }, product);
      return [product.item_id, shown];
    }),
  );
}
