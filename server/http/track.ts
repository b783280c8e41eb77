import { json, Router, text } from 'express';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { declaredEvents, pageInputs } from '../engine/page-inputs.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { admit } from '../hub/admission.ts';
import { refuseOptedOut } from '../hub/opt-out.ts';
import type { Tokens } from '../hub/token.ts';
import { Beacon } from '../../shared/http-bodies.ts';

/** `POST /v1/track`: events as a page leaves, sent by `navigator.sendBeacon`. Counted once, however they arrive. */
export function trackRouter(engine: Engine, sites: SiteRegistry, tokens: Tokens): Router {
  const router = Router();
  const limit = '64kb';
  router.post(
    '/v1/track',
    text({ limit, type: 'text/plain' }),
    json({ limit }),
    async (request, response) => {
      refuseOptedOut(request.headers);
      const beacon = parse(Beacon, bodyOf(request.body));
      const { site, origin } = admit(sites, beacon.site, request.headers.origin);
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        Vary: 'Origin',
      });
      const shopper = tokens.verify(site.id, beacon.token);
      if (!shopper)
        throw new HubError('unauthorized', 'The token is not of this hub.', {
          errors: [{ path: 'token', message: 'Refused.' }],
        });
      const events = declaredEvents(beacon.events, sites.vocabulary(site.id));
      const inputs = pageInputs(events, { tab: null });
      const { duplicates } = await engine.submit({ site: site.id, shopper }, inputs);
      response.json({ ok: true, accepted: inputs.length - duplicates, duplicates });
    },
  );
  return router;
}

function bodyOf(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    throw new HubError('invalid', 'The body is not JSON.', { errors: [{ path: '', message: 'Not JSON.' }] });
  }
}
