import { traitFaults } from '../core/declared.ts';
import type { Input } from '../core/inputs.ts';
import type { Contacts } from '../engine/contacts.ts';
import type { Engine } from '../engine/engine.ts';
import { refuse } from '../engine/hub-error.ts';
import { declaredEvents } from '../engine/page-inputs.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ServerEvents } from '../../shared/http-bodies.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Route } from './route.ts';

/** `POST /v1/events`: what the shop's own server knows of a shopper, such as a paid order. */
export interface ServerEventParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly contacts: Contacts;
}

export function serverEventRoutes(parts: ServerEventParts): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/events',
      needs: 'server',
      bodyLimit: SERVER_EVENTS_LIMIT,
      handle: (request, { site }) => takeServerEvents(parts, site, request.body),
    },
  ];
}

export const SERVER_EVENTS_LIMIT = '256kb';

/** Takes in what somebody tells who has shown that they speak for the shop. */
export async function takeServerEvents(
  { engine, sites, contacts }: ServerEventParts,
  site: SiteId,
  body: unknown,
) {
  const { shopper, traits, contact, events = [] } = parse(ServerEvents, body);
  const vocabulary = sites.vocabulary(site);
  refuse(traitFaults(traits ?? {}, vocabulary.traits, 'traits'));
  const inputs: Input[] = declaredEvents(events, vocabulary).map((event) => ({
    kind: 'event',
    source: 'server',
    event,
  }));
  if (traits) inputs.unshift({ kind: 'traits', traits });
  if (contact) inputs.unshift({ kind: 'contact', contact: contacts.seal(site, contact) });
  const { duplicates } = await engine.submit({ site, shopper }, inputs);
  return { ok: true, accepted: events.length - duplicates, duplicates };
}
