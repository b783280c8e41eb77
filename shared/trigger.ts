import { ENGAGEMENT_EVENTS, ITEM_EVENTS, ORDER_EVENTS, VISIT_EVENTS } from './event-names.ts';

/** What a shopper does, or their shop's server reports: each of these events is a trigger by its own name. */
export const EVENT_TRIGGERS = [
  ...ITEM_EVENTS,
  ...ORDER_EVENTS,
  ...VISIT_EVENTS,
  ...ENGAGEMENT_EVENTS,
] as const;
export type EventTrigger = (typeof EVENT_TRIGGERS)[number];

/** What the hub finds by itself when something has lasted for as long as the rule's `after`. */
export const WAITING_TRIGGERS = ['cart_idle', 'checkout_stalled', 'cart_dwell'] as const;
export type WaitingTrigger = (typeof WAITING_TRIGGERS)[number];

/** What the hub finds in what a shopper does. */
export const FOUND_TRIGGERS = [
  'first_visit',
  'return_visit',
  'cart_abandoned',
  'cart_recovered',
  'cart_threshold',
  'repeat_view',
  'slow_page',
  'segment_entered',
  'segment_left',
] as const;

/** What the hub finds in the catalogue, about an item in the cart or lately viewed. */
export const WATCH_TRIGGERS = ['price_dropped', 'price_raised', 'low_stock', 'back_in_stock'] as const;
export type WatchTrigger = (typeof WATCH_TRIGGERS)[number];

/** What neither shopper nor hub brings about: a time on the clock, and the shop's server asking for it. */
export const CALLED_TRIGGERS = ['schedule', 'api'] as const;

export const DERIVED_TRIGGERS = [
  ...WAITING_TRIGGERS,
  ...FOUND_TRIGGERS,
  ...WATCH_TRIGGERS,
  ...CALLED_TRIGGERS,
] as const;

export const TRIGGERS = [...EVENT_TRIGGERS, ...DERIVED_TRIGGERS] as const;
export type Trigger = (typeof TRIGGERS)[number];

export function isWaiting(trigger: string): trigger is WaitingTrigger {
  return WAITING_TRIGGERS.some((name) => name === trigger);
}

export function isTrigger(name: string): name is Trigger {
  return TRIGGERS.some((trigger) => trigger === name);
}

export function isEventTrigger(name: string): name is EventTrigger {
  return EVENT_TRIGGERS.some((trigger) => trigger === name);
}
