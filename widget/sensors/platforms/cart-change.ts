import type { CartSnapshot } from '../../../shared/event.ts';
import type { Item } from '../../../shared/item.ts';

/** What came to a cart and what went from it, each with as many pieces. */
export function changeBetween(
  before: readonly Item[],
  after: readonly Item[],
): { readonly added: Item[]; readonly removed: Item[] } {
  return { added: moreIn(after, before), removed: moreIn(before, after) };
}

/** One line for each item and variant. Some platforms have several, as for engravings; their sum stays what it was. */
export function merged(cart: CartSnapshot): CartSnapshot {
  const lines = new Map<string, Item>();
  for (const item of cart.items) {
    const known = lines.get(keyOf(item));
    const quantity = piecesOf(known) + piecesOf(item);
    const sum = valueOf([item]) + (known ? valueOf([known]) : 0);
    lines.set(keyOf(item), known ? { ...known, quantity, price: sum / quantity } : item);
  }
  return { ...cart, items: [...lines.values()] };
}

export function valueOf(items: readonly Item[]): number {
  const sum = items.reduce((value, item) => value + (item.price ?? 0) * piecesOf(item), 0);
  // No currency has more than three digits; the rest is what binary fractions leave.
  return Math.round(sum * 1_000) / 1_000;
}

function moreIn(these: readonly Item[], those: readonly Item[]): Item[] {
  const others = new Map(those.map((item) => [keyOf(item), piecesOf(item)]));
  return these.flatMap((item) => {
    const quantity = piecesOf(item) - (others.get(keyOf(item)) ?? 0);
    return quantity > 0 ? { ...item, quantity } : [];
  });
}

function piecesOf(item: Item | undefined): number {
  return item ? (item.quantity ?? 1) : 0;
}

function keyOf({ item_id, item_variant = '' }: Item): string {
  return `${item_id}\n${item_variant}`;
}
