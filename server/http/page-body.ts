import { json, type Response, text } from 'express';
import { HubError } from '../engine/hub-error.ts';

const LIMIT = { limit: '64kb', inflate: false } as const;

/** As `sendBeacon` sends it, so that no preflight delays it. */
export const READERS = [text({ ...LIMIT, type: 'text/plain' }), json(LIMIT)];

export function textOrJson(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    throw new HubError('invalid', 'The body is not JSON.', { errors: [{ path: '', message: 'Not JSON.' }] });
  }
}

export function allowOrigin(response: Response, origin: string): void {
  response.set({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
  });
}
