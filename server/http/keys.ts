import { parse } from '../engine/parse.ts';
import type { SiteAdmin } from '../engine/site-admin.ts';
import { Rotation } from '../../shared/site-keys.ts';
import type { Route } from './route.ts';

/** The keys of one's own site. */
export function keyRoutes(admin: SiteAdmin): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/keys',
      needs: 'owner',
      handle: (_request, { site }) => ({ keys: admin.keys(site) }),
    },
    {
      method: 'post',
      path: '/v1/keys',
      needs: 'owner',
      isForPeople: true,
      bodyLimit: '4kb',
      handle: (request, { site, by }) => admin.rotate(site, parse(Rotation, request.body), by),
    },
    {
      method: 'delete',
      path: '/v1/keys/:key',
      needs: 'owner',
      isForPeople: true,
      async handle(request, { site, by }) {
        await admin.revoke(site, String(request.params['key']), by);
        return { ok: true };
      },
    },
  ];
}
