import { trackItems } from './analytics.ts';
import { quantityInCart, setQuantity } from './cart.ts';
import type { Product } from './catalogue.ts';
import { toCents } from './money.ts';

/** Changes the cart and tells the data layer the difference, which it also returns. */
export function changeQuantity(product: Product, wanted: number): number {
  const difference = setQuantity(product, wanted);
  if (difference === 0) return 0;
  const quantity = Math.abs(difference);
  trackItems(difference > 0 ? 'add_to_cart' : 'remove_from_cart', toCents(product.price * quantity), [
    { product, quantity },
  ]);
  return difference;
}

export function addToCart(product: Product, quantity: number): number {
  return changeQuantity(product, quantityInCart(product.item_id) + quantity);
}
