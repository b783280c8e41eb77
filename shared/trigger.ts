import { EVENT_NAMES, NUDGE_EVENTS } from './event.ts';

type EventTrigger = Exclude<(typeof EVENT_NAMES)[number], (typeof NUDGE_EVENTS)[number] | 'web_vitals'>;

/** What a shopper does, or their shop's server reports: each event is a trigger by its own name. */
const EVENT_TRIGGERS = EVENT_NAMES.filter(
  (name): name is EventTrigger => name !== 'web_vitals' && !NUDGE_EVENTS.some((other) => other === name),
);

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
] as const;

export const TRIGGERS = [...EVENT_TRIGGERS, ...WAITING_TRIGGERS, ...FOUND_TRIGGERS] as const;
export type Trigger = (typeof TRIGGERS)[number];

export function isWaiting(trigger: Trigger): trigger is WaitingTrigger {
  return WAITING_TRIGGERS.some((name) => name === trigger);
}
