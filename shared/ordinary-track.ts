import type { z } from 'zod';
import type { CartSnapshot, ShopperEvent } from './event.ts';
import { ITEM_EVENTS, NUDGE_EVENTS } from './event-names.ts';
import { EVENT_ID, NUDGE_ID, TAB_ID } from './ids.ts';
import { type Item, ITEM_ID, LABEL_MOST, MAX_ITEMS, MOST_PIECES } from './item.ts';
import { CURRENCY, MOST_AMOUNT } from './money.ts';
import { MAX_EVENTS } from './event.ts';
import type { Track } from './page-messages.ts';

type Given = Readonly<Record<string, unknown>>;
type ItemEvent = Extract<ShopperEvent, { name: (typeof ITEM_EVENTS)[number] }>;
type NudgeEvent = Extract<ShopperEvent, { name: (typeof NUDGE_EVENTS)[number] }>;
type Envelope = Pick<ShopperEvent, 'id' | 'at' | 'rev' | 'cart'>;

const LATEST = 8.64e15;
const ITEM_NAMES: ReadonlySet<unknown> = new Set(ITEM_EVENTS);
const NUDGE_NAMES: ReadonlySet<unknown> = new Set(NUDGE_EVENTS);

const RARE = ['coupon', 'item_list_id', 'item_list_name', 'payment_type', 'shipping_tier'] as const;

/**
 * What nearly all messages of pages are: events about items and nudges, well formed, with the fields that most shops
 * send. Gives just what `Track` makes of them, in an eighth of the time; null: only `Track` can tell, and say what is wrong.
 */
export function ordinaryTrack(message: unknown): z.infer<typeof Track> | null {
  if (!isRecord(message)) return null;
  const { events: given, sentAt, tab } = message;
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_EVENTS) return null;
  if (sentAt !== undefined && !isWhole(sentAt, LATEST)) return null;
  if (tab !== undefined && !(typeof tab === 'string' && TAB_ID.test(tab))) return null;
  const events: ShopperEvent[] = [];
  for (const one of given) {
    const event = isRecord(one) ? eventOf(one) : null;
    if (!event) return null;
    events.push(event);
  }
  const track: z.infer<typeof Track> = { events };
  if (sentAt !== undefined) track.sentAt = sentAt;
  if (tab !== undefined) track.tab = tab;
  return track;
}

function eventOf(given: Given): ShopperEvent | null {
  const { id, name, at, rev, cart, params } = given;
  if (typeof id !== 'string' || !EVENT_ID.test(id) || !isWhole(at, LATEST) || !isRecord(params)) return null;
  const read = isItemEvent(name) ? itemParams(params) : isNudgeEvent(name) ? nudgeParams(params) : null;
  if (!read) return null;
  // The name goes with the parameters: both were told apart by it.
  const event = { id, name, at, params: read } as Envelope & ShopperEvent;
  if (rev !== undefined) {
    if (!isWhole(rev, Number.MAX_SAFE_INTEGER)) return null;
    event.rev = rev;
  }
  if (cart !== undefined) {
    const snapshot = isRecord(cart) ? snapshotOf(cart) : null;
    if (!snapshot) return null;
    event.cart = snapshot;
  }
  return event;
}

function itemParams(given: Given): ItemEvent['params'] | null {
  const { currency, value, items: list } = given;
  const items = list === undefined ? [] : itemsOf(list);
  if (!items || RARE.some((field) => given[field] !== undefined)) return null;
  const params: ItemEvent['params'] = { items };
  if (currency !== undefined) {
    if (!isCurrency(currency)) return null;
    params.currency = currency;
  }
  if (value !== undefined) {
    if (!isAmount(value)) return null;
    params.value = value;
  }
  return params;
}

function nudgeParams({ nudge, rating }: Given): NudgeEvent['params'] | null {
  const isPlain = typeof nudge === 'string' && NUDGE_ID.test(nudge) && rating === undefined;
  return isPlain ? { nudge } : null;
}

function snapshotOf(given: Given): CartSnapshot | null {
  const items = itemsOf(given['items']);
  const { currency } = given;
  if (!items) return null;
  if (currency === undefined) return { items };
  return isCurrency(currency) ? { items, currency } : null;
}

function itemsOf(given: unknown): Item[] | null {
  if (!Array.isArray(given) || given.length > MAX_ITEMS) return null;
  const items: Item[] = [];
  for (const one of given) {
    const item = isRecord(one) ? itemOf(one) : null;
    if (!item) return null;
    items.push(item);
  }
  return items;
}

function itemOf(given: Given): Item | null {
  const { item_id, item_name, item_brand, item_category, item_variant, price, quantity } = given;
  if (!isText(item_id, ITEM_ID.most) || !ITEM_ID.form.test(item_id)) return null;
  const item: Item = { item_id };
  if (item_name !== undefined) {
    if (!isText(item_name, LABEL_MOST)) return null;
    item.item_name = item_name;
  }
  if (item_brand !== undefined) {
    if (!isText(item_brand, LABEL_MOST)) return null;
    item.item_brand = item_brand;
  }
  if (item_category !== undefined) {
    if (!isText(item_category, LABEL_MOST)) return null;
    item.item_category = item_category;
  }
  if (item_variant !== undefined) {
    if (!isText(item_variant, LABEL_MOST)) return null;
    item.item_variant = item_variant;
  }
  if (price !== undefined) {
    if (!isAmount(price)) return null;
    item.price = price;
  }
  if (quantity !== undefined) {
    if (!isWhole(quantity, MOST_PIECES) || quantity === 0) return null;
    item.quantity = quantity;
  }
  return item;
}

function isRecord(given: unknown): given is Given {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isItemEvent(name: unknown): name is ItemEvent['name'] {
  return ITEM_NAMES.has(name);
}

function isNudgeEvent(name: unknown): name is NudgeEvent['name'] {
  return NUDGE_NAMES.has(name);
}

function isWhole(given: unknown, most: number): given is number {
  return Number.isInteger(given) && (given as number) >= 0 && (given as number) <= most;
}

function isAmount(given: unknown): given is number {
  return typeof given === 'number' && given >= 0 && given <= MOST_AMOUNT;
}

function isText(given: unknown, most: number): given is string {
  return typeof given === 'string' && given.length <= most;
}

function isCurrency(given: unknown): given is string {
  return typeof given === 'string' && CURRENCY.test(given);
}
