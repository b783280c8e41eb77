import type { EventName } from '../../shared/event-names.ts';
import type { SeenEvent } from '../event-queue.ts';
import { type Fields, isFields } from '../fields.ts';

/** What is taken from a page. Anything else on its data layer is none of our business. */
const ITEM_EVENTS: readonly EventName[] = [
  'view_item_list',
  'select_item',
  'view_item',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'view_promotion',
  'select_promotion',
  'purchase',
  'refund',
];
const VISIT_EVENTS: readonly EventName[] = ['page_view', 'search', 'login', 'sign_up', 'payment_failed'];
const ITEM_TEXTS = ['item_name', 'item_brand', 'item_category', 'item_variant'];
const PARAM_TEXTS = [
  'coupon',
  'item_list_id',
  'item_list_name',
  'payment_type',
  'shipping_tier',
  'page_title',
  'search_term',
  'method',
];
const AMOUNTS = ['value', 'shipping', 'tax'];
const MOST_ITEMS = 200;
const MOST_QUANTITY = 10_000;
const LONGEST_TEXT = 200;
const LONGEST_ID = 100;

/**
 * A shop's event in the hub's terms; null for what the hub does not know. An order without its id can't be told from the same
 * order told again: of it the hub hears no more than that.
 */
export function capture(name: string, given: unknown): SeenEvent | null {
  const params = isFields(given) ? given : {};
  const known = name as EventName;
  if (VISIT_EVENTS.includes(known))
    return { name: known, params: { ...picked(params), ...location(params) } };
  if (!ITEM_EVENTS.includes(known)) return null;
  const needsOrder = known === 'purchase' || known === 'refund';
  if (needsOrder && !text(params['transaction_id']))
    return { name: 'capture_fault', params: { event: known, fault: 'no_transaction_id' } };
  return { name: known, params: { ...picked(params), items: itemsOf(params['items']) } };
}

/** A whole cart that a shop hands over with an event. */
export function captureCart(given: unknown): SeenEvent['cart'] | undefined {
  if (!isFields(given) || !Array.isArray(given['items'])) return undefined;
  const currency = currencyOf(given);
  return { items: itemsOf(given['items']), ...(currency ? { currency } : {}) };
}

function picked(params: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const key of PARAM_TEXTS) assign(result, key, text(params[key]));
  assign(result, 'transaction_id', text(params['transaction_id'], LONGEST_ID));
  for (const key of AMOUNTS) assign(result, key, amount(params[key]));
  assign(result, 'currency', currencyOf(params));
  return result;
}

/** Path only: queries may hold what a shopper typed. */
function location(params: Fields): Fields {
  const page = text(params['page_location'], 2_000) ?? '';
  return page ? { page_location: page.split(/[?#]/, 1)[0] } : {};
}

function itemsOf(items: unknown) {
  return (Array.isArray(items) ? items : [])
    .slice(0, MOST_ITEMS)
    .flatMap((item) => (isFields(item) ? itemOf(item) : []));
}

function itemOf(item: Fields) {
  const id = text(item['item_id'], 100) ?? text(item['item_name'], 100);
  if (!id) return [];
  const result: { item_id: string; [key: string]: string | number } = { item_id: id };
  for (const key of ITEM_TEXTS) assign(result, key, text(item[key]));
  assign(result, 'price', amount(item['price']));
  const quantity = Math.trunc(Number(item['quantity'] ?? 1));
  result['quantity'] = quantity >= 1 ? Math.min(quantity, MOST_QUANTITY) : 1;
  return [result];
}

function assign(target: Record<string, unknown>, key: string, value: string | number | undefined): void {
  if (value !== undefined) target[key] = value;
}

function text(value: unknown, longest = LONGEST_TEXT): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
    ? String(value)
        .replace(/\p{Cc}+/gu, ' ')
        .slice(0, longest)
    : undefined;
}

function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= 1e12 ? number : undefined;
}

function currencyOf(params: Fields): string | undefined {
  const code = text(params['currency'])?.toUpperCase();
  return code && /^[A-Z]{3}$/.test(code) ? code : undefined;
}
