import type { Request, Response } from 'express';
import { type BacktestProgress, runBacktest } from '../analytics/backtest/backtest.ts';
import type { BacktestReport } from '../analytics/backtest/report.ts';
import { HubError, refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { BacktestBody } from '../../shared/http-bodies.ts';
import { RuleId, type SiteId } from '../../shared/ids.ts';
import { Rule } from '../../shared/rule.ts';
import type { Store } from '../store/store.ts';
import type { Route } from './route.ts';

/** Rehearsals that run at once, over all sites: each keeps a core busy. */
const MOST_AT_ONCE = 1;
const STREAM = 'application/x-ndjson';

/**
 * `POST /v1/rules/:id/backtest`: what a draft of the rule, or the stored one, would have done over the log. With
 * `Accept: application/x-ndjson` progress comes line by line, and the report last; hanging up cancels.
 */
export function backtestRoutes(store: Store, sites: SiteRegistry): Route[] {
  let running = 0;
  const path = '/v1/rules/:id/backtest';
  return [
    {
      method: 'post',
      path,
      needs: 'editor',
      isTrial: true,
      bodyLimit: '64kb',
      async handle(request, { site }, response) {
        const { displays, ...task } = taskFor(request, site, sites);
        if (running >= MOST_AT_ONCE)
          throw new HubError('busy', 'Another backtest is running.', { retryAfterMs: 5_000 });
        running++;
        const cancel = new AbortController();
        response.on('close', () => cancel.abort(new HubError('busy', 'Cancelled.')));
        try {
          const isStream = request.accepts(['json', STREAM]) === STREAM;
          if (isStream) response.type(STREAM).flushHeaders();
          const tell = (progress: BacktestProgress) => void (isStream && writeLine(response, { progress }));
          const report = await runBacktest(store, { ...task, displays }, cancel.signal, tell);
          if (!isStream) return report satisfies BacktestReport;
          response.end(`${JSON.stringify({ report })}\n`);
        } catch (error) {
          if (!cancel.signal.aborted) throw error;
        } finally {
          running--;
        }
      },
    },
  ];
}

/** The site with the draft in its rule's place, published: that it is a draft is why it is tried. */
function taskFor(request: Request, site: SiteId, sites: SiteRegistry) {
  const id = parse(RuleId, request.params['id']);
  const { rule: draft, displays } = parse(BacktestBody, request.body ?? {});
  const stored = sites.rules(site).find((rule) => rule.id === id);
  const given = draft === undefined ? stored : parse(Rule, { ...draft, id });
  if (!given) throw new HubError('not_found', 'There is no rule with this id, and no draft in the body.');
  refuse(sites.ruleFaults(site, given).map(({ path, message }) => ({ path: `rule.${path}`, message })));
  const isShown = stored?.status === 'published';
  return {
    ...sites.definitionWith(site, given),
    rule: id,
    displays: displays ?? (isShown ? ('logged' as const) : ('all' as const)),
  };
}

function writeLine(response: Response, line: object): void {
  response.write(`${JSON.stringify(line)}\n`);
}
