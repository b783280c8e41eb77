import type { ShopperEvent } from '../../shared/event.ts';

/** What a history makes of the cart, worked out the slow way: in the shopper's own order, from its last word on the whole cart. */
export function meant(events: readonly (ShopperEvent & { rev: number })[]): Map<string, number> {
  const ordered = events.toSorted((a, b) => a.rev - b.rev || (a.id < b.id ? -1 : 1));
  const cart = new Map<string, number>();
  for (const event of ordered) {
    if (event.name === 'purchase') {
      cart.clear();
      continue;
    }
    const whole = event.cart ?? (event.name === 'view_cart' ? event.params : null);
    if (whole) cart.clear();
    const sign = event.name === 'remove_from_cart' && !whole ? -1 : 1;
    const isChange = event.name === 'add_to_cart' || event.name === 'remove_from_cart';
    const named = 'items' in event.params && isChange ? event.params.items : [];
    for (const { item_id, quantity = 1 } of whole?.items ?? named) {
      const left = (cart.get(item_id) ?? 0) + sign * quantity;
      if (left > 0) cart.set(item_id, left);
      else cart.delete(item_id);
    }
  }
  return cart;
}
