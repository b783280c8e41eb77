import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { CaptureHours } from '../analytics/capture-health/capture-hours.ts';
import type { LogFolds } from '../analytics/log-folds.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { HubError } from '../engine/hub-error.ts';
import { SiteAdmin } from '../engine/site-admin.ts';
import { auditRoutes } from './audit-log.ts';
import { backtestRoutes } from './backtests.ts';
import { callRoutes } from './calls.ts';
import { Callers, type CallerParts } from './callers.ts';
import { captureHealthRoutes } from './capture-health.ts';
import { couponRoutes, type CouponParts } from './coupons.ts';
import { guardHeaders } from './guard-headers.ts';
import { healthRoutes } from './health.ts';
import { identityRoutes } from './identities.ts';
import { inboundRoutes } from './inbound.ts';
import { type Exposition, metricsRoutes } from './metrics.ts';
import { keyRoutes } from './keys.ts';
import { mount } from './mount.ts';
import { ownerRoutes } from './owner.ts';
import { peopleRoutes } from './people.ts';
import { problemHandler } from './problem.ts';
import { type RecoveryParts, recoveryRoutes } from './recovery.ts';
import type { Route } from './route.ts';
import { ruleRoutes } from './rules.ts';
import { type ServerEventParts, serverEventRoutes } from './server-events.ts';
import { shopperRoutes } from './shoppers.ts';
import { type SignInRouteParts, signInRoutes } from './sign-in.ts';
import { siteRoutes } from './sites.ts';
import { trackRoutes, type TrackParts } from './track.ts';
import { webhookRoutes } from './webhooks.ts';
import { widgetFilesRouter } from './widget-files.ts';

export interface RouteParts
  extends CallerParts, CouponParts, TrackParts, ServerEventParts, RecoveryParts, SignInRouteParts {
  readonly accounts: Accounts;
  readonly folds: LogFolds;
  readonly captureHours: CaptureHours;
  readonly webhooks: Webhooks;
  readonly logger: Logger;
  readonly widgetDir: string;
  /** Why this node should get no new pages now. */
  readonly faults: () => readonly string[];
  readonly metrics: Exposition;
  /** A shop to serve on the same port, such as the demo's. */
  readonly shop?: RequestHandler | undefined;
}

/** Every endpoint there is, and who may use it. */
export function allRoutes(parts: RouteParts, callers: Callers): Route[] {
  const { store, engine, sites, folds, captureHours, audit } = parts;
  const admin = new SiteAdmin(sites);
  return [
    ...healthRoutes(parts.faults),
    ...metricsRoutes(parts.metrics),
    ...trackRoutes(parts, callers),
    ...identityRoutes(parts, callers),
    ...recoveryRoutes(parts, callers),
    ...serverEventRoutes(parts),
    ...ownerRoutes(store, engine, sites, folds),
    ...captureHealthRoutes(store, sites, folds, captureHours),
    ...ruleRoutes(store, engine, sites),
    ...backtestRoutes(store, sites),
    ...callRoutes(store, engine, sites),
    ...shopperRoutes(parts),
    ...couponRoutes(parts),
    ...webhookRoutes(parts.webhooks, parts.attempts),
    ...inboundRoutes(parts, parts.webhooks.inbound, callers),
    ...keyRoutes(admin),
    ...signInRoutes(parts, callers),
    ...peopleRoutes(parts),
    ...auditRoutes(audit),
    ...siteRoutes(sites, admin),
  ];
}

/** The hub's face to HTTP: its endpoints, the widget's files, and a shop where there is one. */
export function httpApp(parts: RouteParts): Express {
  const app = express();
  app.disable('x-powered-by');
  const callers = new Callers(parts);
  mount(app, allRoutes(parts, callers), { ...parts, callers, first: guardHeaders() });
  app.use(widgetFilesRouter(parts.widgetDir));
  if (parts.shop) app.use(parts.shop);
  app.use(() => {
    throw new HubError('not_found', 'There is nothing at this address.');
  });
  app.use(problemHandler(parts.logger));
  return app;
}
