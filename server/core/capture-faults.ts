import type { ShopperEvent } from '../../shared/event.ts';
import { ITEM_EVENTS, ORDER_EVENTS } from '../../shared/event-names.ts';
import { type Item, MAX_ITEMS } from '../../shared/item.ts';
import type { Shopper } from './shopper.ts';
import type { Site } from './site.ts';

/** What may be wrong with an event as a page tells it, measured by what the hub makes of it. */
export const CAPTURE_FAULTS = [
  'no_items',
  'no_price',
  'unknown_item',
  'other_currency',
  'value_differs',
  'no_transaction_id',
  'purchase_without_cart',
] as const;
export type CaptureFault = (typeof CAPTURE_FAULTS)[number];

type AboutItems = Extract<ShopperEvent, { params: { items: Item[] } }>;
type Name = ShopperEvent['name'];

const ABOUT_ITEMS: ReadonlySet<Name> = new Set([...ITEM_EVENTS, ...ORDER_EVENTS]);
/** The others may well be about nothing: an empty cart or list, a promotion, a refund of the whole order. */
const NEED_ITEMS: ReadonlySet<Name> = new Set<Name>([
  'select_item',
  'view_item',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchase',
]);
const NEED_PRICES: ReadonlySet<Name> = new Set<Name>([
  'add_to_cart',
  'view_cart',
  'begin_checkout',
  'purchase',
]);
/** What is promoted need not be for sale, and what is given back may no longer be. */
const OF_THE_CATALOGUE: ReadonlySet<Name> = new Set<Name>(
  [...ABOUT_ITEMS].filter((name) => !/_promotion$|^refund$/.test(name)),
);

/** Shops round each price, or the sum, or neither. */
const MOST_DIFFERENCE = 0.01;

const NOTHING: readonly CaptureFault[] = [];
const NO_ITEMS: readonly Item[] = [];

/**
 * What is wrong with an event of a page, each fault once. `before` is its shopper as they were. An amount without a
 * currency is no fault: it is taken to be in the site's.
 */
export function captureFaults(event: ShopperEvent, site: Site, before: Shopper): readonly CaptureFault[] {
  const { name, cart } = event;
  if (name === 'capture_fault') return [event.params.fault];
  const own = isAboutItems(event) ? event : null;
  // Most events tell of neither items nor a cart.
  if (!own && !cart) return NOTHING;
  const items = own?.params.items ?? NO_ITEMS;
  const inCart = cart?.items ?? NO_ITEMS;
  const faults: CaptureFault[] = [];
  if (NEED_ITEMS.has(name) && items.length === 0 && !cart) faults.push('no_items');
  if (lacksPrice(inCart) || (own && NEED_PRICES.has(name) && lacksPrice(items) && !isWorthKnown(own)))
    faults.push('no_price');
  if (hasUnknown(inCart, site) || (OF_THE_CATALOGUE.has(name) && hasUnknown(items, site)))
    faults.push('unknown_item');
  if (isOther(own?.params.currency, site) || isOther(cart?.currency, site)) faults.push('other_currency');
  if (own && NEED_PRICES.has(name) && differs(own)) faults.push('value_differs');
  if (name === 'purchase' && !cart && isOutOfNowhere(before)) faults.push('purchase_without_cart');
  return faults;
}

function isAboutItems(event: ShopperEvent): event is AboutItems {
  return ABOUT_ITEMS.has(event.name);
}

/** The catalogue's price does not stand in: what a cart is worth is summed up of what the shop says. */
function lacksPrice(items: readonly Item[]): boolean {
  return items.some(({ price }) => price === undefined);
}

/** An order is worth what it says of itself; prices are asked for where it says nothing. */
function isWorthKnown({ name, params }: AboutItems): boolean {
  return name === 'purchase' && params.value !== undefined;
}

function hasUnknown(items: readonly Item[], { products }: Site): boolean {
  return products.size > 0 && items.some(({ item_id }) => !products.has(item_id));
}

/** Whether the value is another than that of the items, and nothing that the event tells explains it. */
function differs({ params }: AboutItems): boolean {
  const { value, items, coupon } = params;
  // A coupon takes off what only the shop knows; of a longer list the page has told no more.
  if (value === undefined || coupon !== undefined || items.length === 0 || items.length === MAX_ITEMS)
    return false;
  if (lacksPrice(items)) return false;
  const sum = items.reduce((total, { price = 0, quantity = 1 }) => total + price * quantity, 0);
  const shipping = 'shipping' in params ? (params.shipping ?? 0) : 0;
  const tax = 'tax' in params ? (params.tax ?? 0) : 0;
  const explained = [sum, sum + shipping, sum + tax, sum + shipping + tax];
  return !explained.some((worth) => Math.abs(worth - value) <= worth * MOST_DIFFERENCE);
}

function isOther(currency: string | undefined, site: Site): boolean {
  return currency !== undefined && currency !== site.currency;
}

/** Of their cart, full or empty, the hub has never heard, and of no order. */
function isOutOfNowhere({ cart, orders }: Shopper): boolean {
  const { base, pending } = cart.ledger;
  return base.id === '' && pending.length === 0 && orders.count === 0;
}
