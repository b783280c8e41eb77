import { json, type Request, type RequestHandler } from 'express';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { SiteId } from '../../shared/ids.ts';

/**
 * Reads a body of JSON once its sender has shown a key: nobody without one makes the hub read. A compressed body is
 * refused, since a small one may unpack to megabytes.
 */
export function jsonBehindKey(sites: SiteRegistry, limit: string): RequestHandler {
  const readJson = json({ limit, inflate: false });
  return (request, response, next) => {
    siteOf(request, sites);
    readJson(request, response, next);
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
