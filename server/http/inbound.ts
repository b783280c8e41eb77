import { raw, type Request, type Response } from 'express';
import { HubError } from '../engine/hub-error.ts';
import type { Attempted, Attempts } from '../limits/attempts.ts';
import type { InboundMessages } from '../webhooks/inbound-messages.ts';
import { SiteId } from '../../shared/ids.ts';
import type { Callers } from './callers.ts';
import { readBody } from './read-body.ts';
import type { Route } from './route.ts';
import { SERVER_EVENTS_LIMIT, type ServerEventParts, takeServerEvents } from './server-events.ts';

export interface InboundParts extends ServerEventParts {
  readonly attempts: Attempts;
}

/** What is signed are bytes: they are read as they came, whatever they claim to be. */
const readBytes = raw({ limit: SERVER_EVENTS_LIMIT, inflate: false, type: () => true });

/** A name that no site has, for what can't be one: it is looked up like any other. */
const NOBODY = SiteId.parse('0'.repeat(40));

/**
 * `POST /v1/inbound/:site`: as `POST /v1/events`, for those who sign what they send and have no key. Whatever is wrong with a
 * signature, or with the site that is named, the answer is the same.
 */
export function inboundRoutes(parts: InboundParts, messages: InboundMessages, callers: Callers): Route[] {
  const { attempts } = parts;
  const handle = async (request: Request, response: Response) => {
    refuseOtherThanJson(request);
    await readBody(readBytes, request, response);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const named = SiteId.safeParse(request.params['site']);
    const site = named.success ? named.data : NOBODY;
    const id = await messages.verify(site, request.headers, body);
    if (id === null) {
      await allow(attempts, 'wrong_signature', callers.addressOf(request));
      throw new HubError('unauthorized', 'The message is not signed as it has to be.');
    }
    await allow(attempts, 'request', site);
    const taken = await messages.once(site, id, body, () => takeServerEvents(parts, site, jsonIn(body)));
    return taken ?? { ok: true, repeated: true };
  };
  return [{ method: 'post', path: '/v1/inbound/:site', needs: 'nothing', handle }];
}

function refuseOtherThanJson(request: Request): void {
  if (!request.is('application/json'))
    throw new HubError('invalid', 'Send JSON, with "Content-Type: application/json".');
}

async function allow(attempts: Attempts, what: Attempted, by: string): Promise<void> {
  const retryAfterMs = await attempts.count(what, by);
  if (retryAfterMs > 0) throw new HubError('rate_limited', 'Too many requests.', { retryAfterMs });
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HubError('invalid', 'The body is not JSON.', { errors: [{ path: '', message: 'Not JSON.' }] });
  }
}
