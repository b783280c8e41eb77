import type { IncomingHttpHeaders } from 'node:http';
import { HubError } from '../engine/hub-error.ts';

/**
 * Ends a request that a browser makes for a page of another origin, be it of the same site. Browsers say for whom they ask;
 * where one does not, the origin has to be the hub's own, by the address that people know or by the one that was asked.
 */
export function expectOwnPage(headers: IncomingHttpHeaders, publicUrl: string | null): void {
  const told = headers['sec-fetch-site'];
  if (told === undefined ? isOwn(headers, publicUrl) : told === 'same-origin') return;
  throw new HubError('forbidden_origin', 'This is for the hub’s own pages.');
}

function isOwn({ origin, host }: IncomingHttpHeaders, publicUrl: string | null): boolean {
  if (origin === undefined || host === undefined) return false;
  const own = publicUrl === null ? [`http://${host}`, `https://${host}`] : [new URL(publicUrl).origin];
  return own.includes(origin);
}
