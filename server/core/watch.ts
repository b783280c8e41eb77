import type { Product } from '../../shared/product.ts';
import { WATCH_TRIGGERS, type WatchTrigger } from '../../shared/trigger.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { KEPT, type Shopper, type Watched } from './shopper.ts';
import type { Site } from './site.ts';
import { draft, type Turn } from './turn.ts';

/** What became of an item's price or stock since this shopper's last step. */
export interface ItemChange {
  readonly product: Product;
  readonly previousPrice: number;
  readonly inCart: boolean;
}

export type ItemChanges = Partial<Record<WatchTrigger, ItemChange>>;

const NOTHING: ItemChanges = {};
const NO_RULES: readonly CompiledRule[] = [];

/**
 * Compares what the shopper has in the cart or has looked at with the catalogue of now. Of several items that changed
 * alike, one in the cart goes before one that was viewed, and the one looked at last before the others.
 */
export function noteWatched(turn: Turn): ItemChanges {
  const { shopper } = turn;
  const { site } = turn.live;
  if (!site.watches) {
    if (shopper.watched.length > 0) draft(turn).watched = [];
    return NOTHING;
  }
  const changes: ItemChanges = {};
  const watched = itemsToWatch(shopper).flatMap((item) => {
    const product = site.products.get(item);
    if (!product) return [];
    const before = shopper.watched.find(({ item_id }) => item_id === item);
    const inCart = shopper.cart.lines.some(({ item_id }) => item_id === item);
    for (const trigger of changesOf(product, before, site.lowStock))
      changes[trigger] ??= { product, previousPrice: before?.price ?? product.price, inCart };
    return [asWatched(before, product)];
  });
  const isSame =
    watched.length === shopper.watched.length &&
    watched.every((entry, place) => entry === shopper.watched[place]);
  if (!isSame) draft(turn).watched = watched;
  return changes;
}

export function rulesOnChanges(changes: ItemChanges, { rulesOn }: Site): readonly CompiledRule[] {
  if (changes === NOTHING) return NO_RULES;
  return WATCH_TRIGGERS.flatMap((trigger) => (changes[trigger] ? rulesOn[trigger] : []));
}

function changesOf(product: Product, before: Watched | undefined, lowStock: number): WatchTrigger[] {
  const { price, stock } = product;
  const isLow = stock !== undefined && stock > 0 && stock <= lowStock;
  const wasLow = before?.stock !== undefined && before.stock > 0 && before.stock <= lowStock;
  const changes: WatchTrigger[] = [];
  if (before && price < before.price) changes.push('price_dropped');
  if (before && price > before.price) changes.push('price_raised');
  if (before?.stock === 0 && stock !== 0) changes.push('back_in_stock');
  // What comes back is told as that; few as there may be.
  else if (isLow && !wasLow) changes.push('low_stock');
  return changes;
}

function asWatched(before: Watched | undefined, { item_id, price, stock }: Product): Watched {
  if (before && before.price === price && before.stock === stock) return before;
  return { item_id, price, ...(stock === undefined ? {} : { stock }) };
}

function itemsToWatch({ cart, views }: Shopper): string[] {
  const items = new Set(cart.lines.map(({ item_id }) => item_id));
  for (let place = views.length - 1; place >= 0 && items.size < KEPT.watched; place--) {
    const view = views[place];
    if (view) items.add(view.item_id);
  }
  return [...items].slice(0, KEPT.watched);
}
