import { Router } from 'express';
import { readTotals } from '../analytics/totals.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { Engine } from '../engine/engine.ts';
import { refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { PausedBody, ProductsBody, SegmentsBody } from '../../shared/http-bodies.ts';
import type { Store } from '../store/store.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

/** What an owner reads and changes with the site's secret key. */
export function ownerRouter(store: Store, engine: Engine, sites: SiteRegistry, folds: LogFolds): Router {
  const router = Router();

  router.put('/v1/products', jsonBehindKey(sites, '16mb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { products } = parse(ProductsBody, request.body);
    await sites.putProducts(site, products);
    await engine.lookAgain(site);
    response.json({ ok: true, products: products.length });
  });

  router.get('/v1/segments', async (request, response) => {
    const site = siteOf(request, sites);
    await folds.catchUp();
    const { segments: members } = await readTotals(store, site);
    const segments = sites.segments(site).map(({ id, when }) => ({ id, when, members: members[id] ?? 0 }));
    response.json({ segments });
  });

  router.put('/v1/segments', jsonBehindKey(sites, '256kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { segments } = parse(SegmentsBody, request.body);
    refuse(await sites.putSegments(site, segments));
    await engine.lookAgain(site);
    response.json({ segments });
  });

  router.put('/v1/paused', jsonBehindKey(sites, '4kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { paused } = parse(PausedBody, request.body);
    await sites.pause(site, paused);
    await engine.lookAgain(site);
    response.json({ ok: true, paused });
  });

  router.get('/v1/metrics', async (request, response) => {
    const site = siteOf(request, sites);
    await folds.catchUp();
    response.json(await readTotals(store, site));
  });

  return router;
}
