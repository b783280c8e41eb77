import { z } from 'zod';
import { EventId, NudgeId } from './ids.ts';
import { Items } from './item.ts';
import { Amount, Currency } from './money.ts';

/** GA4's e-commerce events about items, in GA4's names. */
const ITEM_EVENTS = [
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
] as const;

const ORDER_EVENTS = ['purchase', 'refund'] as const;

/** What a shopper does that is not about items. `exit_intent` is seen by the widget. */
const VISIT_EVENTS = ['page_view', 'search', 'login', 'sign_up', 'exit_intent', 'payment_failed'] as const;

/** How the page felt, in web vitals' names. */
const VITALS_EVENTS = ['web_vitals'] as const;

/** What a shopper does with a nudge. */
export const NUDGE_EVENTS = ['nudge_displayed', 'nudge_clicked', 'nudge_dismissed', 'nudge_rated'] as const;

export const EVENT_NAMES = [
  ...ITEM_EVENTS,
  ...ORDER_EVENTS,
  ...VISIT_EVENTS,
  ...VITALS_EVENTS,
  ...NUDGE_EVENTS,
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** Query and fragment may hold what a shopper typed; neither is kept. */
const PageLocation = z
  .string()
  .max(2_000)
  .transform((url) => url.split(/[?#]/, 1)[0] ?? '');

const Label = z.string().max(200);

const ItemParams = z.object({
  currency: Currency.optional(),
  value: Amount.optional(),
  items: Items.default([]),
  coupon: Label.optional(),
  item_list_id: Label.optional(),
  item_list_name: Label.optional(),
  payment_type: Label.optional(),
  shipping_tier: Label.optional(),
});

const OrderParams = ItemParams.extend({
  transaction_id: z.string().min(1).max(100),
  shipping: Amount.optional(),
  tax: Amount.optional(),
});

const VisitParams = z.object({
  page_location: PageLocation.optional(),
  page_title: Label.optional(),
  search_term: Label.optional(),
  method: Label.optional(),
});

/** Largest contentful paint and interaction to next paint, in milliseconds. */
const VitalsParams = z.object({
  lcp: z.number().min(0).max(600_000).optional(),
  inp: z.number().min(0).max(600_000).optional(),
});

const NudgeParams = z.object({ nudge: NudgeId, rating: z.enum(['useful', 'not_useful']).optional() });

/** The whole cart at one moment. It outweighs any sum of additions and removals. */
export const CartSnapshot = z.object({ items: Items, currency: Currency.optional() });
export type CartSnapshot = z.infer<typeof CartSnapshot>;

const envelope = {
  id: EventId,
  /** Milliseconds since 1970 by the reporter's clock. Kept as data; nothing is decided by it. */
  at: z.number().int().min(0).max(8.64e15),
  /** Counts up with each event of a shopper: the order in which things happened. A server's event has none. */
  rev: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  cart: CartSnapshot.optional(),
};

export const ShopperEvent = z.discriminatedUnion(
  'name',
  [
    z.object({ ...envelope, name: z.enum(ITEM_EVENTS), params: ItemParams }),
    z.object({ ...envelope, name: z.enum(ORDER_EVENTS), params: OrderParams }),
    z.object({ ...envelope, name: z.enum(VISIT_EVENTS), params: VisitParams.default({}) }),
    z.object({ ...envelope, name: z.enum(VITALS_EVENTS), params: VitalsParams }),
    z.object({ ...envelope, name: z.enum(NUDGE_EVENTS), params: NudgeParams }),
  ],
  { error: (issue) => unknownName(issue.input) },
);
export type ShopperEvent = z.infer<typeof ShopperEvent>;

function unknownName(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined;
  return typeof name === 'string'
    ? `Unknown event "${name.slice(0, 60)}". Use GA4's e-commerce names, such as "add_to_cart".`
    : 'An event is an object with a name, such as "add_to_cart".';
}

export const MAX_EVENTS = 50;

export const Events = z.array(ShopperEvent).min(1).max(MAX_EVENTS, `At most ${MAX_EVENTS} events at once.`);
