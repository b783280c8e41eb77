import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { CaptureHours } from '../analytics/capture-health/capture-hours.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Tokens } from '../hub/token.ts';
import type { Store } from '../store/store.ts';
import { backtestsRouter } from './backtests.ts';
import { callsRouter } from './calls.ts';
import { captureHealthRouter } from './capture-health.ts';
import { couponsRouter } from './coupons.ts';
import { healthRouter } from './health.ts';
import { type Exposition, metricsRouter } from './metrics.ts';
import { ownerRouter } from './owner.ts';
import { problemHandler } from './problem.ts';
import { rulesRouter } from './rules.ts';
import { serverEventsRouter } from './server-events.ts';
import { shoppersRouter } from './shoppers.ts';
import { trackRouter } from './track.ts';
import { widgetFilesRouter } from './widget-files.ts';

export interface RouteParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly tokens: Tokens;
  readonly folds: LogFolds;
  readonly captureHours: CaptureHours;
  readonly logger: Logger;
  readonly widgetDir: string;
  /** Why this node should get no new pages now. */
  readonly faults: () => readonly string[];
  readonly metrics: Exposition;
  /** A shop to serve on the same port, such as the demo's. */
  readonly shop?: RequestHandler | undefined;
}

/** Every endpoint there is. */
export function routes(parts: RouteParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(healthRouter(parts.faults));
  app.use(metricsRouter(parts.metrics));
  app.use(trackRouter(parts.engine, parts.sites, parts.tokens));
  app.use(serverEventsRouter(parts.engine, parts.sites));
  app.use(ownerRouter(parts.store, parts.engine, parts.sites, parts.folds));
  app.use(captureHealthRouter(parts.store, parts.sites, parts.folds, parts.captureHours));
  app.use(rulesRouter(parts.store, parts.engine, parts.sites));
  app.use(backtestsRouter(parts.store, parts.sites));
  app.use(callsRouter(parts.store, parts.engine, parts.sites));
  app.use(shoppersRouter(parts.store, parts.sites));
  app.use(couponsRouter(parts.store, parts.engine, parts.sites));
  app.use(widgetFilesRouter(parts.widgetDir));
  if (parts.shop) app.use(parts.shop);
  app.use(() => {
    throw new HubError('not_found', 'There is nothing at this address.');
  });
  app.use(problemHandler(parts.logger));
  return app;
}
