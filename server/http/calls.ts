import { callSegment } from '../engine/call-segment.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { CallBody } from '../../shared/http-bodies.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';
import type { Route } from './route.ts';

/** `POST /v1/nudges`: the shop's server calls for a rule on `api`, and is told what became of it. */
export function callRoutes(store: Store, engine: Engine, sites: SiteRegistry): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/nudges',
      needs: 'server',
      bodyLimit: '4kb',
      async handle(request, { site }) {
        const { rule, shopper, segment } = parse(CallBody, request.body);
        expectOnCall(sites, site, rule, segment);
        if (shopper === undefined)
          return { ok: true, ...(await callSegment(store, engine, site, { rule, segment: segment ?? '' })) };
        const { answer } = await engine.submit({ site, shopper }, [{ kind: 'call', rule }]);
        return { ok: true, reason: answer.kind === 'call' ? answer.reason : null };
      },
    },
  ];
}

function expectOnCall(sites: SiteRegistry, site: SiteId, id: string, segment: string | undefined): void {
  const rule = sites.rules(site).find((other) => other.id === id);
  if (!rule)
    throw new HubError('not_found', `There is no rule "${id}".`, {
      errors: [{ path: 'rule', message: 'Unknown.' }],
    });
  if (rule.on !== 'api' || rule.status !== 'published') {
    const message =
      rule.on === 'api' ? `Rule "${id}" is not published.` : `Rule "${id}" is on ${rule.on}, not on api.`;
    throw new HubError('invalid', message, { errors: [{ path: 'rule', message }] });
  }
  if (segment === undefined || sites.vocabulary(site).segments.includes(segment)) return;
  const message = `The site has no segment "${segment}".`;
  throw new HubError('not_found', message, { errors: [{ path: 'segment', message }] });
}
