import type { Request } from 'express';
import type { Engine } from '../engine/engine.ts';
import { HubError, refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import { differences, readRuleVersions, type RuleVersion } from '../engine/rule-history.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { Between, Rollback } from '../../shared/http-bodies.ts';
import { RuleId, type SiteId } from '../../shared/ids.ts';
import { Rule } from '../../shared/rule.ts';
import type { Store } from '../store/store.ts';
import type { Route, SiteCaller } from './route.ts';

const BODY_LIMIT = '64kb';

/** The life of rules: read, written, archived, compared and rolled back. A change reaches all decisions at once. */
export function ruleRoutes(store: Store, engine: Engine, sites: SiteRegistry): Route[] {
  return [...readingRules(store, sites), ...changingRules(store, engine, sites)];
}

function readingRules(store: Store, sites: SiteRegistry): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/rules',
      needs: 'viewer',
      handle: (_request, { site }) => ({ rules: sites.rules(site) }),
    },
    {
      method: 'get',
      path: '/v1/rules/:id',
      needs: 'viewer',
      handle: (request, { site }) => ruleOf(request, site, sites),
    },
    {
      method: 'get',
      path: '/v1/rules/:id/versions',
      needs: 'viewer',
      handle: async (request, { site }) => ({ versions: await versionsOf(request, site, store) }),
    },
    {
      method: 'get',
      path: '/v1/rules/:id/diff',
      needs: 'viewer',
      async handle(request, { site }) {
        const { from, to } = parse(Between, request.query);
        const versions = await versionsOf(request, site, store);
        return { differences: differences(inForce(versions, from), inForce(versions, to)) };
      },
    },
  ];
}

function changingRules(store: Store, engine: Engine, sites: SiteRegistry): Route[] {
  const put = async ({ site, by }: SiteCaller, rule: Rule) => {
    refuse(await sites.putRule(site, rule, by));
    // Those who wait for something wait for what the rule says now.
    await engine.lookAgain(site);
    return rule;
  };
  return [
    {
      method: 'put',
      path: '/v1/rules/:id',
      needs: 'editor',
      bodyLimit: BODY_LIMIT,
      handle(request, caller) {
        const id = parse(RuleId, request.params['id']);
        const given: unknown = request.body;
        const rule = parse(Rule, typeof given === 'object' && given !== null ? { id, ...given } : given);
        if (rule.id !== id) refuse([{ path: 'id', message: `The address says "${id}".` }]);
        return put(caller, rule);
      },
    },
    {
      method: 'delete',
      path: '/v1/rules/:id',
      needs: 'editor',
      handle: (request, caller) =>
        put(caller, { ...ruleOf(request, caller.site, sites), status: 'archived' }),
    },
    {
      method: 'post',
      path: '/v1/rules/:id/rollback',
      needs: 'editor',
      bodyLimit: BODY_LIMIT,
      async handle(request, caller) {
        const { version } = parse(Rollback, request.body);
        return put(caller, parse(Rule, inForce(await versionsOf(request, caller.site, store), version)));
      },
    },
  ];
}

function ruleOf(request: Request, site: SiteId, sites: SiteRegistry): Rule {
  const rule = sites.rules(site).find(({ id }) => id === request.params['id']);
  if (!rule) throw new HubError('not_found', 'There is no rule with this id.');
  return rule;
}

async function versionsOf(request: Request, site: SiteId, store: Store): Promise<RuleVersion[]> {
  const versions = await readRuleVersions(store, site, parse(RuleId, request.params['id']));
  if (versions.length === 0) throw new HubError('not_found', 'There never was a rule with this id.');
  return versions;
}

/** The rule as it was at a version of the site. */
function inForce(versions: readonly RuleVersion[], at: number): unknown {
  const found = versions.find(({ version }) => version <= at);
  if (found && found.rule !== null) return found.rule;
  throw new HubError('not_found', `The rule was not there at version ${at}.`);
}
