import { Router } from 'express';
import { traitFaults } from '../core/declared.ts';
import type { Input } from '../core/inputs.ts';
import type { Engine } from '../engine/engine.ts';
import { refuse } from '../engine/hub-error.ts';
import { declaredEvents } from '../engine/page-inputs.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ServerEvents } from '../../shared/http-bodies.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

/** `POST /v1/events`: what the shop's own server knows of a shopper, such as a paid order. */
export function serverEventsRouter(engine: Engine, sites: SiteRegistry): Router {
  const router = Router();
  router.post('/v1/events', jsonBehindKey(sites, '256kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { shopper, traits, events = [] } = parse(ServerEvents, request.body);
    const vocabulary = sites.vocabulary(site);
    refuse(traitFaults(traits ?? {}, vocabulary.traits, 'traits'));
    const inputs: Input[] = declaredEvents(events, vocabulary).map((event) => ({
      kind: 'event',
      source: 'server',
      event,
    }));
    if (traits) inputs.unshift({ kind: 'traits', traits });
    const { duplicates } = await engine.submit({ site, shopper }, inputs);
    response.json({ ok: true, accepted: events.length - duplicates, duplicates });
  });
  return router;
}
