import type { ShopperEvent } from '../../shared/event.ts';
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
      if (!isNews(turn.shopper.consentSaid, event, source)) return;
      draft(turn).consent = event.params.marketing;
      if (event.params.marketing === 'denied') endSelling(turn);
      draft(turn).consentSaid = saidAt(turn, event, source);
      return;
    case 'preferences_update':
      if (!isNews(turn.shopper.preferencesSaid, event, source)) return;
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

/** A page's word may come late, from the queue of a tab that was closed: what was said after it stands. */
function isNews(before: SaidAt | null, { id, rev = 0 }: WishEvent, source: 'page' | 'server'): boolean {
  if (source === 'server' || before === null) return true;
  return rev > before.rev || (rev === before.rev && id > before.id);
}

/** What a server says comes after all that is known. */
function saidAt({ shopper }: Turn, { id, rev = 0 }: WishEvent, source: 'page' | 'server'): SaidAt {
  return source === 'server' ? { rev: shopper.rev, id: '~' } : { rev, id };
}

function noteCase(turn: Turn, id: string, isOpen: boolean): void {
  const others = turn.shopper.supportCases.filter((other) => other !== id);
  draft(turn).supportCases = isOpen ? [...others, id].slice(-KEPT.supportCases) : others;
}
