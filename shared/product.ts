import { z } from 'zod';
import { ItemId } from './item.ts';
import { LocalizedText } from './localized-text.ts';
import { Amount } from './money.ts';
import { SafeUrl } from './safe-url.ts';

export const Product = z.strictObject({
  item_id: ItemId,
  item_name: LocalizedText,
  item_category: z.string().max(200).optional(),
  price: Amount,
  /** Units left; absent means that the shop does not count. At 0 nothing recommends it. */
  stock: z.number().int().min(0).optional(),
  /** What it costs the shop; never leaves the hub. Offers with a margin floor are made by it. */
  cost: Amount.optional(),
  url: SafeUrl,
  image: SafeUrl.optional(),
});
export type Product = z.infer<typeof Product>;

export const MAX_PRODUCTS = 20_000;

export const Products = z.array(Product).max(MAX_PRODUCTS, `At most ${MAX_PRODUCTS} products.`);
