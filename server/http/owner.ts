import { Router } from 'express';
import { readTotals } from '../analytics/totals.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError, refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ProductsBody } from '../../shared/http-bodies.ts';
import { RuleId } from '../../shared/ids.ts';
import { Rule } from '../../shared/rule.ts';
import type { Store } from '../store/store.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

/** What an owner reads and changes with the site's secret key. */
export function ownerRouter(store: Store, engine: Engine, sites: SiteRegistry, folds: LogFolds): Router {
  const router = Router();

  router.get('/v1/rules/:id', (request, response) => {
    const rule = sites.rules(siteOf(request, sites)).find(({ id }) => id === request.params.id);
    if (!rule) throw new HubError('not_found', 'There is no rule with this id.');
    response.json(rule);
  });

  router.put('/v1/rules/:id', jsonBehindKey(sites, '64kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const id = parse(RuleId, request.params['id']);
    const body: unknown = request.body;
    const rule = parse(Rule, typeof body === 'object' && body !== null ? { id, ...body } : body);
    if (rule.id !== id) refuse([{ path: 'id', message: `The address says "${id}".` }]);
    refuse(await sites.putRule(site, rule));
    response.json(rule);
  });

  router.put('/v1/products', jsonBehindKey(sites, '16mb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { products } = parse(ProductsBody, request.body);
    await sites.putProducts(site, products);
    await engine.lookAgain(site);
    response.json({ ok: true, products: products.length });
  });

  router.get('/v1/metrics', async (request, response) => {
    const site = siteOf(request, sites);
    await folds.catchUp();
    response.json(await readTotals(store, site));
  });

  return router;
}
