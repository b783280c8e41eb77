import type { ShopperEvent } from '../../shared/event.ts';
import { ownJson } from '../own-json.ts';

/** Last words of a page: what is not acked yet. They stay in the queue too; the hub counts them once. */
export function sendBeacon(hub: string, site: string, token: string, events: readonly ShopperEvent[]): void {
  if (events.length === 0) return;
  const body = ownJson({ site, token, events, sentAt: Date.now() });
  // A plain text body needs no preflight, which a dying page could not wait for.
  navigator.sendBeacon(`${hub}/v1/track`, body);
}
