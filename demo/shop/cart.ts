import { type Product, products } from './catalogue.ts';
import { toCents } from './money.ts';
import { recall, remember } from './storage.ts';

export type CartLine = { readonly product: Product; readonly quantity: number };

const STORAGE_KEY = 'shop_cart';

const listeners = new Set<() => void>();

export function readCart(): CartLine[] {
  const quantities = new Map<string, number>();
  for (const entry of storedEntries()) {
    quantities.set(entry.item_id, (quantities.get(entry.item_id) ?? 0) + entry.quantity);
  }
  const lines: CartLine[] = [];
  for (const [itemId, wanted] of quantities) {
    const product = products.find(({ item_id }) => item_id === itemId);
    const quantity = Math.min(wanted, product?.stock ?? 0);
    if (product && quantity > 0) lines.push({ product, quantity });
  }
  return lines;
}

export function quantityInCart(itemId: string): number {
  return readCart().find(({ product }) => product.item_id === itemId)?.quantity ?? 0;
}

export function cartCount(): number {
  return readCart().reduce((count, { quantity }) => count + quantity, 0);
}

export function subtotalOf(lines: readonly CartLine[]): number {
  return toCents(lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0));
}

/** Stores the new quantity, within the stock, and returns how much it changed. */
export function setQuantity(product: Product, wanted: number): number {
  const lines = readCart();
  const before = lines.find((line) => line.product.item_id === product.item_id)?.quantity ?? 0;
  const quantity = Math.max(0, Math.min(wanted, product.stock));
  if (quantity === before) return 0;
  const changed =
    before === 0
      ? [...lines, { product, quantity }]
      : lines.map((line) => (line.product.item_id === product.item_id ? { product, quantity } : line));
  writeCart(changed.filter((line) => line.quantity > 0));
  return quantity - before;
}

export function clearCart(): void {
  writeCart([]);
}

export function onCartChange(listener: () => void): void {
  listeners.add(listener);
}

function writeCart(lines: readonly CartLine[]): void {
  const entries = lines.map(({ product, quantity }) => ({ item_id: product.item_id, quantity }));
  remember('local', STORAGE_KEY, JSON.stringify(entries));
  notify();
}

function notify(): void {
  for (const listener of listeners) listener();
}

function storedEntries(): { item_id: string; quantity: number }[] {
  let stored: unknown;
  try {
    stored = JSON.parse(recall('local', STORAGE_KEY) ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(stored) ? stored.filter(isEntry) : [];
}

function isEntry(value: unknown): value is { item_id: string; quantity: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'item_id' in value &&
    typeof value.item_id === 'string' &&
    'quantity' in value &&
    typeof value.quantity === 'number' &&
    Number.isSafeInteger(value.quantity) &&
    value.quantity > 0
  );
}

addEventListener('storage', (event) => {
  // A null key means that the whole storage was cleared.
  if (event.key === STORAGE_KEY || event.key === null) notify();
});

addEventListener('pageshow', (event) => {
  // A page taken from the back/forward cache missed what happened meanwhile.
  if (event.persisted) notify();
});
