import { readTotals } from '../analytics/totals.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { Engine } from '../engine/engine.ts';
import { refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { PausedBody, ProductsBody, SegmentsBody } from '../../shared/http-bodies.ts';
import type { Store } from '../store/store.ts';
import type { Route } from './route.ts';

/** What an owner reads and changes of a site beside its rules. */
export function ownerRoutes(store: Store, engine: Engine, sites: SiteRegistry, folds: LogFolds): Route[] {
  return [
    {
      method: 'put',
      path: '/v1/products',
      needs: 'editor',
      bodyLimit: '16mb',
      async handle(request, { site }) {
        const { products } = parse(ProductsBody, request.body);
        await sites.putProducts(site, products);
        await engine.lookAgain(site);
        return { ok: true, products: products.length };
      },
    },
    ...segmentRoutes(store, engine, sites, folds),
    {
      method: 'put',
      path: '/v1/paused',
      needs: 'editor',
      bodyLimit: '4kb',
      async handle(request, { site }) {
        const { paused } = parse(PausedBody, request.body);
        await sites.pause(site, paused);
        await engine.lookAgain(site);
        return { ok: true, paused };
      },
    },
    {
      method: 'get',
      path: '/v1/metrics',
      needs: 'viewer',
      async handle(_request, { site }) {
        await folds.catchUp();
        return readTotals(store, site);
      },
    },
  ];
}

function segmentRoutes(store: Store, engine: Engine, sites: SiteRegistry, folds: LogFolds): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/segments',
      needs: 'viewer',
      async handle(_request, { site }) {
        await folds.catchUp();
        const { segments: members } = await readTotals(store, site);
        // A segment may be called what every object has.
        const count = (id: string) => (Object.hasOwn(members, id) ? members[id] : 0);
        const segments = sites.segments(site).map(({ id, when }) => ({ id, when, members: count(id) }));
        return { segments };
      },
    },
    {
      method: 'put',
      path: '/v1/segments',
      needs: 'editor',
      bodyLimit: '256kb',
      async handle(request, { site }) {
        const { segments } = parse(SegmentsBody, request.body);
        refuse(await sites.putSegments(site, segments));
        await engine.lookAgain(site);
        return { segments };
      },
    },
  ];
}
