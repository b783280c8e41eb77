/** GA4's e-commerce events about items, in GA4's names. */
export const ITEM_EVENTS = [
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

export const ORDER_EVENTS = ['purchase', 'refund'] as const;

/** What a shopper does that is not about items. `exit_intent` is seen by the widget. */
export const VISIT_EVENTS = [
  'page_view',
  'search',
  'login',
  'sign_up',
  'exit_intent',
  'payment_failed',
] as const;

/** How far a page was read, and for how long it was looked at. */
export const ENGAGEMENT_EVENTS = ['scroll', 'user_engagement'] as const;

/** How the page felt, in web vitals' names. */
export const VITALS_EVENTS = ['web_vitals'] as const;

/** What a shopper does with a nudge. */
export const NUDGE_EVENTS = ['nudge_displayed', 'nudge_clicked', 'nudge_dismissed', 'nudge_rated'] as const;

/** What a shopper allows, and how they want to be treated. */
export const WISH_EVENTS = ['consent_update', 'preferences_update'] as const;

/** What the shop's support is busy with; told by its server. */
export const SUPPORT_EVENTS = ['support_case_opened', 'support_case_closed'] as const;

/** What the widget says of an event that it could not pass on. */
export const CAPTURE_EVENTS = ['capture_fault'] as const;

export const EVENT_NAMES = [
  ...ITEM_EVENTS,
  ...ORDER_EVENTS,
  ...VISIT_EVENTS,
  ...ENGAGEMENT_EVENTS,
  ...VITALS_EVENTS,
  ...NUDGE_EVENTS,
  ...WISH_EVENTS,
  ...SUPPORT_EVENTS,
  ...CAPTURE_EVENTS,
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

const KNOWN: ReadonlySet<string> = new Set(EVENT_NAMES);

export function isEventName(name: string): name is EventName {
  return KNOWN.has(name);
}
