import { durationMs } from '../../shared/duration.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import { type Shopper, KEPT } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

type WishEvent = Extract<
  ShopperEvent,
  { name: 'consent_update' | 'preferences_update' | 'support_case_opened' | 'support_case_closed' }
>;

export function isAboutWishes(event: ShopperEvent): event is WishEvent {
  switch (event.name) {
    case 'consent_update':
    case 'preferences_update':
    case 'support_case_opened':
    case 'support_case_closed':
      return true;
    default:
      return false;
  }
}

/** Notes what a shopper allows and wishes, and what else keeps a shop from selling to them. */
export function noteWish(turn: Turn, event: WishEvent, source: 'page' | 'server'): void {
  switch (event.name) {
    case 'consent_update':
      draft(turn).consent = event.params.marketing;
      return;
    case 'preferences_update':
      draft(turn).preferences = preferencesAfter(turn.shopper.preferences, event.params, turn.now);
      return;
    default:
      // Only the shop's server knows of these.
      if (source === 'server') noteCase(turn, event.params.case, event.name === 'support_case_opened');
  }
}

function noteCase(turn: Turn, id: string, isOpen: boolean): void {
  const others = turn.shopper.supportCases.filter((other) => other !== id);
  draft(turn).supportCases = isOpen ? [...others, id].slice(-KEPT.supportCases) : others;
}

function preferencesAfter(
  before: Shopper['preferences'],
  { doNotDisturb, snooze, quietHours }: Extract<WishEvent, { name: 'preferences_update' }>['params'],
  now: number,
): Shopper['preferences'] {
  return {
    doNotDisturb: doNotDisturb ?? before.doNotDisturb,
    snoozedUntil:
      snooze === undefined ? before.snoozedUntil : snooze === null ? null : now + durationMs(snooze),
    quietHours: quietHours === undefined ? before.quietHours : quietHours,
  };
}
