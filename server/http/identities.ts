import type { Request, Response } from 'express';
import { parse } from '../engine/parse.ts';
import { admit } from '../hub/admission.ts';
import type { Bearer } from '../hub/bearers.ts';
import { isOptedOut } from '../hub/opt-out.ts';
import { IdentityBody, LastWords, SignOut } from '../../shared/http-bodies.ts';
import { ShopperId, type SiteId } from '../../shared/ids.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import type { Callers } from './callers.ts';
import { allowOrigin, READERS, textOrJson } from './page-body.ts';
import { readBody } from './read-body.ts';
import type { Route } from './route.ts';
import { takeLastWords, tooMuchFor, type TrackParts } from './track.ts';

/** Shoppers who are known by name: who they are to the hub, and the end of what their browsers may. */
export function identityRoutes(parts: TrackParts, callers: Callers): Route[] {
  const { engine, sites, bearers } = parts;
  const takeLastWordsIn = async (body: unknown, site: SiteId, bearer: Bearer, address: ClientAddress) =>
    takeLastWords(parts, site, bearer, parse(LastWords, body), address);
  return [
    {
      method: 'post',
      path: '/v1/identities',
      needs: 'server',
      bodyLimit: '4kb',
      async handle(request, { site }) {
        const { subject } = parse(IdentityBody, request.body);
        const { shopper } = await bearers.subject(site, subject);
        return { shopper };
      },
    },
    {
      method: 'delete',
      path: '/v1/shoppers/:id/sessions',
      needs: 'owner',
      async handle(request, { site }) {
        const shopper = parse(ShopperId, request.params['id']);
        const { answer } = await engine.submit({ site, shopper }, [{ kind: 'sign_out' }]);
        return { ok: true, shopper, ended: answer.kind === 'sign_out' ? answer.ended : 0 };
      },
    },
    {
      method: 'post',
      path: '/v1/shoppers/sign-out',
      needs: 'nothing',
      /** As a page leaves. What it shows is enough for its own end, and for nobody else's. */
      async handle(request: Request, response: Response) {
        tooMuchFor(parts.addresses.refusesMessage(callers.addressOf(request)));
        for (const read of READERS) await readBody(read, request, response);
        const body = textOrJson(request.body);
        const { site: key, token } = parse(SignOut, body);
        const { site, origin } = admit(sites, key, request.headers.origin);
        allowOrigin(response, origin);
        const bearer = await bearers.find(site.id, token);
        if (!bearer?.binding) return { ok: true };
        const { shopper, binding } = bearer;
        // Whatever becomes of them: they are not to keep anybody from signing out.
        if (!isOptedOut(request.headers))
          await takeLastWordsIn(body, site.id, bearer, callers.addressOf(request)).catch(() => undefined);
        await engine.submit({ site: site.id, shopper }, [{ kind: 'sign_out', binding: binding.id }]);
        return { ok: true };
      },
    },
  ];
}
