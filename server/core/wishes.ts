import type { ShopperEvent } from '../../shared/event.ts';
import { consentsAfter, isLater } from './consent.ts';
import { declinedBy, preferencesAfter } from './preferences.ts';
import { type SaidAt, KEPT } from './shopper.ts';
import { endDeclined, endSelling } from './nudge-life.ts';
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
      noteConsent(turn, event, source);
      return;
    case 'preferences_update':
      if (!isLater(saidAt(turn, event, source), turn.shopper.preferencesSaid, source)) return;
      draft(turn).preferences = preferencesAfter(turn.shopper.preferences, event.params, turn.now);
      if (event.params.doNotDisturb === true || typeof event.params.snooze === 'string') endSelling(turn);
      else endDeclined(turn, (nudge) => declinedBy(turn.shopper.preferences, nudge) !== null);
      draft(turn).preferencesSaid = saidAt(turn, event, source);
      return;
    default:
      // Only the shop's server knows of these.
      if (source === 'server') noteCase(turn, event.params.case, event.name === 'support_case_opened');
  }
}

function noteConsent(
  turn: Turn,
  event: Extract<WishEvent, { name: 'consent_update' }>,
  source: 'page' | 'server',
): void {
  const before = turn.shopper.consents;
  const how = { at: turn.now, by: source, said: saidAt(turn, event, source) };
  const after = consentsAfter(before, event.params, how);
  if (after === before) return;
  const shopper = draft(turn);
  shopper.consents = after;
  if (after.marketing !== before.marketing && after.marketing?.word === 'denied') endSelling(turn);
}

/** What a server says comes after all that is known. */
function saidAt({ shopper }: Turn, { id, rev = 0 }: WishEvent, source: 'page' | 'server'): SaidAt {
  return source === 'server' ? { rev: shopper.rev, id: '~' } : { rev, id };
}

function noteCase(turn: Turn, id: string, isOpen: boolean): void {
  const others = turn.shopper.supportCases.filter((other) => other !== id);
  draft(turn).supportCases = isOpen ? [...others, id].slice(-KEPT.supportCases) : others;
}
