import { z } from 'zod';
import { ItemId } from './item.ts';
import { LocalizedText } from './localized-text.ts';
import { Amount } from './money.ts';

/** Links and images may be relative or https (http on a developer's machine); never a script. */
export const SafeUrl = z
  .string()
  .max(2_000)
  .regex(/^(\/(?!\/)|https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])[^\s"'<>\\]*$/, {
    error: 'Use a path starting with "/" or an https:// address.',
  });

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
