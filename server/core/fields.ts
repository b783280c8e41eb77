import type { ShopperEvent } from '../../shared/event.ts';
import type { Shopper } from './shopper.ts';

/** What a rule's conditions and texts may speak of. */
export interface Facts {
  readonly shopper: Shopper;
  /** Absent when the clock decides. */
  readonly event: ShopperEvent | null;
}

export type Field =
  | { readonly type: 'number'; read(facts: Facts): number | undefined }
  | { readonly type: 'string'; read(facts: Facts): string | undefined }
  | { readonly type: 'list'; read(facts: Facts): readonly string[] };

/** Every field by its path. A path that is not here is refused when a rule is saved. */
export const FIELDS: Readonly<Record<string, Field>> = {
  'cart.value': { type: 'number', read: ({ shopper }) => shopper.cart.value },
  'cart.quantity': { type: 'number', read: ({ shopper }) => shopper.cart.quantity },
  'cart.lines': { type: 'number', read: ({ shopper }) => shopper.cart.lines.length },
  'cart.item_ids': { type: 'list', read: ({ shopper }) => shopper.cart.lines.map((line) => line.item_id) },
  'cart.categories': {
    type: 'list',
    read: ({ shopper }) => shopper.cart.lines.flatMap((line) => line.item_category ?? []),
  },
  'cart.phase': { type: 'string', read: ({ shopper }) => shopper.cart.phase },
  'shopper.orders': { type: 'number', read: ({ shopper }) => shopper.orders.count },
  'shopper.spent': { type: 'number', read: ({ shopper }) => shopper.orders.spent },
  'shopper.locale': { type: 'string', read: ({ shopper }) => shopper.locale ?? undefined },
  'shopper.viewed': { type: 'list', read: ({ shopper }) => shopper.viewed },
  'event.value': {
    type: 'number',
    read: ({ event }) => (event && 'value' in event.params ? event.params.value : undefined),
  },
  'event.item_ids': { type: 'list', read: ({ event }) => itemsOf(event).map((item) => item.item_id) },
  'event.categories': {
    type: 'list',
    read: ({ event }) => itemsOf(event).flatMap((item) => item.item_category ?? []),
  },
};

function itemsOf(event: ShopperEvent | null) {
  return event && 'items' in event.params ? event.params.items : [];
}
