import type { Request, RequestHandler } from 'express';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { SiteId } from '../../shared/ids.ts';

/** Goes before anything that reads a body: nobody without a key makes the hub read one. */
export function keyFirst(sites: SiteRegistry): RequestHandler {
  return (request, _response, next) => {
    siteOf(request, sites);
    next();
  };
}

/** The site whose secret key the request bears. */
export function siteOf(request: Request, sites: SiteRegistry): SiteId {
  const [, key] = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '') ?? [];
  const site = key === undefined ? null : sites.bySecretKey(key);
  if (site === null)
    throw new HubError('unauthorized', 'Send a site’s secret key: "Authorization: Bearer sk_…".');
  return site;
}
