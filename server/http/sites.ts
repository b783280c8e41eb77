import type { Request } from 'express';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteAdmin } from '../engine/site-admin.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { SiteId } from '../../shared/ids.ts';
import { Quota, SiteWithoutKeys } from '../../shared/site.ts';
import { OriginsBody, Rotation } from '../../shared/site-keys.ts';
import type { HubRoute, Route } from './route.ts';

/** The sites of the installation, for who runs it: made, listed, and given keys, origins and quotas. */
export function siteRoutes(sites: SiteRegistry, admin: SiteAdmin): Route[] {
  const site = siteNamed(sites);
  return [
    ...makingSites(admin),
    {
      method: 'get',
      path: '/v1/sites/:site',
      needs: 'hub',
      site,
      handle: (request) => admin.site(site(request)),
    },
    {
      method: 'put',
      path: '/v1/sites/:site/origins',
      needs: 'hub',
      bodyLimit: '16kb',
      site,
      handle: (request, { by }) =>
        admin.putOrigins(site(request), parse(OriginsBody, request.body).origins, by),
    },
    {
      method: 'put',
      path: '/v1/sites/:site/quota',
      needs: 'hub',
      bodyLimit: '4kb',
      site,
      handle: (request, { by }) => admin.putQuota(site(request), parse(Quota, request.body), by),
    },
    {
      method: 'post',
      path: '/v1/sites/:site/keys',
      needs: 'hub',
      bodyLimit: '4kb',
      site,
      handle: (request, { by }) => admin.rotate(site(request), parse(Rotation, request.body), by),
    },
    {
      method: 'delete',
      path: '/v1/sites/:site/keys/:key',
      needs: 'hub',
      site,
      async handle(request, { by }) {
        await admin.revoke(site(request), String(request.params['key']), by);
        return { ok: true };
      },
    },
  ];
}

function makingSites(admin: SiteAdmin): HubRoute[] {
  return [
    {
      method: 'get',
      path: '/v1/sites',
      needs: 'hub',
      site: () => null,
      handle: () => ({ sites: admin.list() }),
    },
    {
      method: 'post',
      path: '/v1/sites',
      needs: 'hub',
      bodyLimit: '16mb',
      site: ({ body }) => parse(SiteWithoutKeys, body).id,
      async handle(request, { by }, response) {
        const made = await admin.create(parse(SiteWithoutKeys, request.body), by);
        response.status(201);
        return made;
      },
    },
  ];
}

/** The site that the address names. Throws where there is none. */
export function siteNamed(sites: SiteRegistry): (request: Request) => SiteId {
  return ({ params }) => {
    const id = SiteId.safeParse(params['site']);
    if (!id.success || !sites.has(id.data)) throw new HubError('not_found', 'There is no site with this id.');
    return id.data;
  };
}
