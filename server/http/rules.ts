import { type Request, Router } from 'express';
import type { Engine } from '../engine/engine.ts';
import { HubError, refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import { differences, readRuleVersions, type RuleVersion } from '../engine/rule-history.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { Between, Rollback } from '../../shared/http-bodies.ts';
import { RuleId, type SiteId } from '../../shared/ids.ts';
import { Rule } from '../../shared/rule.ts';
import type { Store } from '../store/store.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

const LONGEST_AUTHOR = 200;

/** The life of rules: read, written, archived, compared and rolled back. A change reaches all decisions at once. */
export function rulesRouter(store: Store, engine: Engine, sites: SiteRegistry): Router {
  const router = Router();
  const body = jsonBehindKey(sites, '64kb');
  const put = async (request: Request, site: SiteId, rule: Rule) => {
    refuse(await sites.putRule(site, rule, authorOf(request)));
    // Those who wait for something wait for what the rule says now.
    await engine.lookAgain(site);
    return rule;
  };

  router.get('/v1/rules', (request, response) => {
    response.json({ rules: sites.rules(siteOf(request, sites)) });
  });

  router.get('/v1/rules/:id', (request, response) => {
    response.json(ruleOf(request, sites));
  });

  router.put('/v1/rules/:id', body, async (request, response) => {
    const id = parse(RuleId, request.params['id']);
    const given: unknown = request.body;
    const rule = parse(Rule, typeof given === 'object' && given !== null ? { id, ...given } : given);
    if (rule.id !== id) refuse([{ path: 'id', message: `The address says "${id}".` }]);
    response.json(await put(request, siteOf(request, sites), rule));
  });

  router.delete('/v1/rules/:id', async (request, response) => {
    const rule = ruleOf(request, sites);
    response.json(await put(request, siteOf(request, sites), { ...rule, status: 'archived' }));
  });

  router.get('/v1/rules/:id/versions', async (request, response) => {
    const versions = await versionsOf(request, store, sites);
    response.json({ versions });
  });

  router.get('/v1/rules/:id/diff', async (request, response) => {
    const { from, to } = parse(Between, request.query);
    const versions = await versionsOf(request, store, sites);
    response.json({ differences: differences(inForce(versions, from), inForce(versions, to)) });
  });

  router.post('/v1/rules/:id/rollback', body, async (request, response) => {
    const { version } = parse(Rollback, request.body);
    const rule = parse(Rule, inForce(await versionsOf(request, store, sites), version));
    response.json(await put(request, siteOf(request, sites), rule));
  });

  return router;
}

function ruleOf(request: Request, sites: SiteRegistry): Rule {
  const rule = sites.rules(siteOf(request, sites)).find(({ id }) => id === request.params['id']);
  if (!rule) throw new HubError('not_found', 'There is no rule with this id.');
  return rule;
}

async function versionsOf(request: Request, store: Store, sites: SiteRegistry): Promise<RuleVersion[]> {
  const site = siteOf(request, sites);
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

/** Who changes it, as RFC 9110 has it: `From: jo@shop.example`. */
function authorOf(request: Request): string {
  return request.get('from')?.slice(0, LONGEST_AUTHOR) ?? 'api';
}
