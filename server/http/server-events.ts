import { Router } from 'express';
import type { Engine } from '../engine/engine.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ServerEvents } from '../../shared/http-bodies.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

/** `POST /v1/events`: what the shop's own server knows of a shopper, such as a paid order. */
export function serverEventsRouter(engine: Engine, sites: SiteRegistry): Router {
  const router = Router();
  router.post('/v1/events', jsonBehindKey(sites, '256kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { shopper, events } = parse(ServerEvents, request.body);
    const inputs = events.map((event) => ({ kind: 'event' as const, source: 'server' as const, event }));
    const { duplicates } = await engine.submit({ site, shopper }, inputs);
    response.json({ ok: true, accepted: events.length - duplicates, duplicates });
  });
  return router;
}
