import type { ShopperEvent } from '../../../shared/event.ts';
import type { Item } from '../../../shared/item.ts';
import { DEVICES } from '../../../shared/page-messages.ts';
import type { CartLine } from '../cart-ledger.ts';
import type { PastNudge, Shopper, View } from '../shopper.ts';
import type { ItemChange } from '../watch.ts';
import { wallClock, WEEKDAYS } from '../zoned-time.ts';
import type { Facts } from './facts.ts';
import { type Fields, listOnce, recordsOf } from './field.ts';

const LINE: Fields<CartLine> = {
  item_id: { type: 'string', read: (line) => line.item_id },
  item_name: { type: 'string', read: (line) => line.item_name },
  item_category: { type: 'string', read: (line) => line.item_category },
  item_variant: { type: 'string', read: (line) => line.item_variant },
  price: { type: 'number', read: (line) => line.price },
  quantity: { type: 'number', read: (line) => line.quantity },
  value: { type: 'number', read: (line) => line.price * line.quantity },
};

const ITEM: Fields<Item> = {
  item_id: { type: 'string', read: (item) => item.item_id },
  item_name: { type: 'string', read: (item) => item.item_name },
  item_brand: { type: 'string', read: (item) => item.item_brand },
  item_category: { type: 'string', read: (item) => item.item_category },
  item_variant: { type: 'string', read: (item) => item.item_variant },
  price: { type: 'number', read: (item) => item.price },
  quantity: { type: 'number', read: (item) => item.quantity ?? 1 },
  value: { type: 'number', read: (item) => (item.price ?? 0) * (item.quantity ?? 1) },
};

const VIEW: Fields<View> = {
  item_id: { type: 'string', read: (view) => view.item_id },
  item_category: { type: 'string', read: (view) => view.item_category },
  age: { type: 'age', read: (view) => view.at },
};

const NUDGE: Fields<PastNudge> = {
  rule: { type: 'string', read: (past) => past.rule },
  displayed: { type: 'boolean', read: (past) => past.displayedAt !== null },
  clicked: { type: 'boolean', read: (past) => past.clickedAt !== null },
  dismissed: { type: 'boolean', read: (past) => past.dismissedAt !== null },
  age: { type: 'age', read: (past) => past.at },
};

/** Every field that all sites have, by its path. A path that is not here is refused when a rule is saved. */
export const FIELDS: Fields<Facts> = {
  'cart.value': { type: 'number', read: ({ shopper }) => shopper.cart.value },
  'cart.quantity': { type: 'number', read: ({ shopper }) => shopper.cart.quantity },
  'cart.lines': { type: 'number', read: ({ shopper }) => shopper.cart.lines.length },
  'cart.items': recordsOf(({ shopper }: Facts) => shopper.cart.lines, LINE),
  'cart.item_ids': listOnce(({ shopper }: Facts) => shopper.cart.lines.map((line) => line.item_id)),
  'cart.categories': listOnce(({ shopper }: Facts) =>
    shopper.cart.lines.flatMap((line) => line.item_category ?? []),
  ),
  'cart.phase': {
    type: 'string',
    values: ['none', 'active', 'idle', 'abandoned'],
    read: ({ shopper }) => shopper.cart.phase,
  },
  'cart.age': { type: 'age', read: ({ shopper }) => shopper.cart.startedAt ?? undefined },
  'cart.wasAbandoned': { type: 'boolean', read: ({ shopper }) => shopper.cart.wasAbandoned },
  'checkout.step': {
    type: 'string',
    values: ['begin_checkout', 'add_shipping_info', 'add_payment_info'],
    read: ({ shopper: { place } }) => (place?.on === 'checkout' ? place.step : undefined),
  },
  'shopper.orders': { type: 'number', read: ({ shopper }) => shopper.orders.count },
  'shopper.spent': { type: 'number', read: ({ shopper }) => shopper.orders.spent },
  'shopper.averageOrder': { type: 'number', read: ({ shopper }) => averageOrder(shopper) },
  'shopper.lastOrder': { type: 'age', read: ({ shopper }) => shopper.orders.lastAt ?? undefined },
  'shopper.firstSeen': { type: 'age', read: ({ shopper }) => shopper.createdAt },
  'shopper.lastSeen': { type: 'age', read: ({ shopper }) => shopper.activeAt },
  'shopper.visits': { type: 'number', read: ({ shopper }) => shopper.visit.number },
  'shopper.lastVisit': { type: 'age', read: ({ shopper }) => shopper.visit.previousEndedAt ?? undefined },
  'shopper.locale': { type: 'string', read: ({ shopper }) => shopper.locale ?? undefined },
  'shopper.viewed': { type: 'list', read: ({ shopper }) => shopper.viewed },
  'shopper.redeemed': {
    type: 'number',
    read: ({ shopper }) => shopper.coupons.reduce((sum, { order }) => sum + (order === null ? 0 : 1), 0),
  },
  'session.device': { type: 'string', values: DEVICES, read: ({ shopper }) => shopper.session.device },
  'session.bot': { type: 'boolean', read: ({ shopper }) => shopper.session.bot ?? false },
  'session.engagement': { type: 'number', read: ({ shopper }) => (shopper.session.engagedMs ?? 0) / 1_000 },
  'session.page': { type: 'string', read: ({ shopper }) => shopper.session.page },
  'session.landing': { type: 'string', read: ({ shopper }) => shopper.session.landing },
  'session.referrer': { type: 'string', read: ({ shopper }) => shopper.session.referrer },
  'session.utm.source': { type: 'string', read: ({ shopper }) => shopper.session.utm?.source },
  'session.utm.medium': { type: 'string', read: ({ shopper }) => shopper.session.utm?.medium },
  'session.utm.campaign': { type: 'string', read: ({ shopper }) => shopper.session.utm?.campaign },
  'history.views': recordsOf(({ shopper }: Facts) => shopper.views, VIEW),
  'history.nudges': recordsOf(({ shopper }: Facts) => shopper.past, NUDGE),
  'event.name': {
    type: 'string',
    read: ({ event }) => (event?.name === 'custom_event' ? event.event : event?.name),
  },
  'event.value': {
    type: 'number',
    read: ({ event }) =>
      event && event.name !== 'custom_event' && 'value' in event.params ? event.params.value : undefined,
  },
  'event.items': recordsOf(({ event }: Facts) => itemsOf(event), ITEM),
  'event.item_ids': listOnce(({ event }: Facts) => itemsOf(event).map((item) => item.item_id)),
  'event.categories': listOnce(({ event }: Facts) =>
    itemsOf(event).flatMap((item) => item.item_category ?? []),
  ),
  'change.item_id': { type: 'string', read: ({ change }) => change?.product.item_id },
  'change.item_category': { type: 'string', read: ({ change }) => change?.product.item_category },
  'change.price': { type: 'number', read: ({ change }) => change?.product.price },
  'change.previousPrice': { type: 'number', read: ({ change }) => change?.previousPrice },
  'change.percent': { type: 'number', read: ({ change }) => change && percentOf(change) },
  'change.stock': { type: 'number', read: ({ change }) => change?.product.stock },
  'change.inCart': { type: 'boolean', read: ({ change }) => change?.inCart },
  'time.hour': { type: 'number', read: ({ now, timeZone }) => wallClock(now, timeZone).hour },
  'time.weekday': {
    type: 'string',
    values: WEEKDAYS,
    read: ({ now, timeZone }) => wallClock(now, timeZone).weekday,
  },
  'time.day': { type: 'number', read: ({ now, timeZone }) => wallClock(now, timeZone).day },
  'time.month': { type: 'number', read: ({ now, timeZone }) => wallClock(now, timeZone).month },
};

/** By how much of the price before the price has changed, in percent, up or down. */
function percentOf({ product, previousPrice }: ItemChange): number {
  return previousPrice === 0 ? 0 : (100 * Math.abs(product.price - previousPrice)) / previousPrice;
}

function averageOrder({ orders }: Shopper): number | undefined {
  return orders.count === 0 ? undefined : orders.spent / orders.count;
}

function itemsOf(event: ShopperEvent | null): readonly Item[] {
  return event && event.name !== 'custom_event' && 'items' in event.params ? event.params.items : [];
}
