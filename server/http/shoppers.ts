import { Router } from 'express';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import { readReasons } from '../engine/shopper-reasons.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ShopperId } from '../../shared/ids.ts';
import { Locale } from '../../shared/localized-text.ts';
import type { Store } from '../store/store.ts';
import { siteOf } from './secret-key.ts';

/** `GET /v1/shoppers/:id/reasons`: why each rule did or did not show something to this shopper. */
export function shoppersRouter(store: Store, sites: SiteRegistry): Router {
  const router = Router();
  router.get('/v1/shoppers/:id/reasons', async (request, response) => {
    const site = siteOf(request, sites);
    const shopper = parse(ShopperId, request.params.id);
    const locale = parse(Locale.default('en'), request.query['locale']);
    const known = await store.load({ site, shopper }, []);
    if (!known.document) throw new HubError('not_found', 'The hub knows no such shopper.');
    response.json({ shopper, ...(await readReasons(store, { site, shopper }, locale)) });
  });
  return router;
}
