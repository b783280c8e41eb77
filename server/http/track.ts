import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { declaredEvents, pageInputs } from '../engine/page-inputs.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { admit } from '../hub/admission.ts';
import { refuseOptedOut } from '../hub/opt-out.ts';
import type { Bearer, Bearers } from '../hub/bearers.ts';
import { hearBound } from '../hub/bound-browser.ts';
import type { AddressMarks } from '../limits/address-marks.ts';
import type { Addresses } from '../limits/addresses.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import type { SiteBudgets } from '../limits/site-budgets.ts';
import { Beacon, type LastWords } from '../../shared/http-bodies.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Callers } from './callers.ts';
import { allowOrigin, READERS, textOrJson } from './page-body.ts';
import { readBody } from './read-body.ts';
import type { Route } from './route.ts';

export interface TrackParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly bearers: Bearers;
  readonly addresses: Addresses;
  readonly budgets: SiteBudgets;
  readonly marks: AddressMarks;
}

/** `POST /v1/track`: events as a page leaves, sent by `navigator.sendBeacon`. Counted once, however they arrive. */
export function trackRoutes(parts: TrackParts, callers: Callers): Route[] {
  const { sites, bearers, addresses } = parts;
  const handle = async (request: Request, response: Response) => {
    refuseOptedOut(request.headers);
    tooMuchFor(addresses.refusesMessage(callers.addressOf(request)));
    for (const read of READERS) await readBody(read, request, response);
    const beacon = parse(Beacon, textOrJson(request.body));
    const { site, origin } = admit(sites, beacon.site, request.headers.origin);
    allowOrigin(response, origin);
    const bearer = await bearers.find(site.id, beacon.token);
    if (!bearer)
      throw new HubError('unauthorized', 'The token is not of this hub.', {
        errors: [{ path: 'token', message: 'Refused.' }],
      });
    return takeLastWords(parts, site.id, bearer, beacon, callers.addressOf(request));
  };
  return [{ method: 'post', path: '/v1/track', needs: 'nothing', handle }];
}

/** What a page tells without a socket, and from where: codes are counted by it. */
export async function takeLastWords(
  { engine, sites, budgets, marks }: Pick<TrackParts, 'engine' | 'sites' | 'budgets' | 'marks'>,
  site: SiteId,
  { shopper, binding }: Bearer,
  { events: given, sentAt }: z.infer<typeof LastWords>,
  address: ClientAddress,
): Promise<{ ok: true; accepted: number; duplicates: number }> {
  tooMuchFor(budgets.refusesEvents(site, given.length));
  const declared = declaredEvents(given, sites.vocabulary(site));
  const { events, duplicates: known } = await hearBound(engine, site, binding, declared, sentAt);
  const seen = { kind: 'page', page: {}, from: marks.of(site, address) } as const;
  const inputs = pageInputs(events, { tab: null, sentAt });
  const { duplicates, unkept } = await engine.submit({ site, shopper }, [seen, ...inputs]);
  return { ok: true, accepted: events.length - duplicates - unkept, duplicates: duplicates + known };
}

export function tooMuchFor(waitMs: number): void {
  if (waitMs > 0) throw new HubError('rate_limited', 'Too many events.', { retryAfterMs: waitMs });
}
