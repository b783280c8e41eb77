import { Router } from 'express';
import { captureHealth } from '../analytics/capture-health/capture-health.ts';
import type { CaptureHours } from '../analytics/capture-health/capture-hours.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Store } from '../store/store.ts';
import { siteOf } from './secret-key.ts';

/** `GET /v1/capture-health`: whether the events that pages tell still make sense, and what to do where they don't. */
export function captureHealthRouter(
  store: Store,
  sites: SiteRegistry,
  folds: LogFolds,
  hours: CaptureHours,
): Router {
  const router = Router();
  router.get('/v1/capture-health', async (request, response) => {
    const site = siteOf(request, sites);
    await folds.catchUp();
    const now = await store.time();
    const own = new Set<string>(sites.vocabulary(site).events.keys());
    response.json(captureHealth(hours.read(site, now), own));
  });
  return router;
}
