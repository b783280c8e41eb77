import { HubError } from '../engine/hub-error.ts';
import { comeAgainMs } from '../limits/come-again.ts';
import type { SiteBudgets } from '../limits/site-budgets.ts';
import { MAX_EVENTS } from '../../shared/event.ts';
import type { HubSocket } from './hub-socket.ts';

/** Why a message is not listened to now: its sender, or all who speak for its site, say too much. Null: it is. */
export function refusedMessage({ data }: HubSocket, budgets: SiteBudgets, message: unknown): HubError | null {
  const { limits, shopperMessages, visitor } = data;
  const ownWaitMs = limits && shopperMessages ? limits.refusesMessage(shopperMessages) : 0;
  if (ownWaitMs > 0) return tooMuch('Too many messages.', ownWaitMs);
  const siteWaitMs = budgets.refusesEvents(visitor.site, eventsIn(message));
  if (siteWaitMs === 0) return null;
  limits?.noteTurnedAway();
  return tooMuch('Too many events for this site.', comeAgainMs(siteWaitMs));
}

function tooMuch(message: string, waitMs: number): HubError {
  return new HubError('rate_limited', message, { retryAfterMs: Math.ceil(waitMs) });
}

/** Before it is parsed: what is refused is to cost nothing. */
function eventsIn(message: unknown): number {
  const events = typeof message === 'object' && message !== null && 'events' in message ? message.events : [];
  return Array.isArray(events) ? Math.min(MAX_EVENTS, Math.max(1, events.length)) : 1;
}
