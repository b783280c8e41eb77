import { captureHealth } from '../analytics/capture-health/capture-health.ts';
import type { CaptureHours } from '../analytics/capture-health/capture-hours.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Store } from '../store/store.ts';
import type { Route } from './route.ts';

/** `GET /v1/capture-health`: whether the events that pages tell still make sense, and what to do where they don't. */
export function captureHealthRoutes(
  store: Store,
  sites: SiteRegistry,
  folds: LogFolds,
  hours: CaptureHours,
): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/capture-health',
      needs: 'viewer',
      async handle(_request, { site }) {
        await folds.catchUp();
        const now = await store.time();
        const own = new Set<string>(sites.vocabulary(site).events.keys());
        return captureHealth(hours.read(site, now), own);
      },
    },
  ];
}
