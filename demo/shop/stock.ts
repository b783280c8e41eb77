import type { Product } from './catalogue.ts';

const LOW_STOCK = 5;

export function isSoldOut(product: Product): boolean {
  return product.stock === 0;
}

export function isLow(product: Product): boolean {
  return product.stock > 0 && product.stock <= LOW_STOCK;
}
