import { z } from 'zod';
import { Amount } from './money.ts';

export const MAX_ITEMS = 200;

export const MOST_PIECES = 10_000;
export const LABEL_MOST = 200;

export const ITEM_ID = { most: 100, form: /^[^\p{Cc}]+$/u } as const;
/** Whatever a shop calls its items, on one line. */
export const ItemId = z
  .string()
  .max(ITEM_ID.most)
  .regex(ITEM_ID.form, 'An item_id is 1 to 100 characters on one line.');

const Label = z.string().max(LABEL_MOST);

/** A GA4 item. Fields that Cartbell does not use are dropped, so that nothing undeclared is kept. */
export const Item = z.object({
  item_id: ItemId,
  item_name: Label.optional(),
  item_brand: Label.optional(),
  item_category: Label.optional(),
  item_variant: Label.optional(),
  price: Amount.optional(),
  quantity: z.number().int().min(1).max(MOST_PIECES).optional(),
});
export type Item = z.infer<typeof Item>;

export const Items = z.array(Item).max(MAX_ITEMS, `At most ${MAX_ITEMS} items.`);
