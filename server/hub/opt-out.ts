import type { IncomingHttpHeaders } from 'node:http';
import { HubError } from '../engine/hub-error.ts';

/**
 * A page does not load Cartbell where the browser sends Global Privacy Control; what comes all the same, as from a page that
 * calls the hub by itself, is not taken. https://w3c.github.io/gpc/
 */
export function refuseOptedOut(headers: IncomingHttpHeaders): void {
  if (isOptedOut(headers))
    throw new HubError('opted_out', 'The shopper’s browser sends Global Privacy Control.');
}

export function isOptedOut(headers: IncomingHttpHeaders): boolean {
  return headers['sec-gpc'] === '1';
}
