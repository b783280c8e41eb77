import { parentPort, workerData } from 'node:worker_threads';
import { compileSite, type SiteDefinition } from '../../core/site.ts';
import type { PairCounts } from '../../core/recommend.ts';
import type { LogRecord } from '../../store/log-record.ts';
import type { Product } from '../../../shared/product.ts';
import { type Displays, Rehearsal } from './rehearsal.ts';
import type { BacktestReport } from './report.ts';

/** What a rehearsal needs: the site with the rule that is tried in its place. */
export interface BacktestTask {
  readonly definition: SiteDefinition;
  readonly products: readonly Product[];
  /** Item ids, for nudges that recommend: what goes together is not rehearsed. */
  readonly popular: readonly string[];
  readonly rule: string;
  readonly displays: Displays;
}

/** A stretch of the log as JSON lines, or its end. */
export type BacktestRequest = { readonly lines: string } | { readonly until: number };
export type BacktestReply = { readonly events: number } | { readonly report: BacktestReport };

const noPairs: PairCounts = { count: () => 0, with: () => [] };

/** The thread that a rehearsal runs in: a log of months must not hold up the hub. */
function rehearse(port: NonNullable<typeof parentPort>, task: BacktestTask): void {
  const { definition, products, popular, rule, displays } = task;
  const site = compileSite(definition, 1, new Map(products.map((product) => [product.item_id, product])));
  const learned = { viewed: noPairs, carted: noPairs, bought: noPairs, popular };
  const rehearsal = new Rehearsal({ site, learned, spentBudgets: new Set() }, rule, displays);
  const mark = `"site":${JSON.stringify(definition.id)}`;
  port.on('message', (request: BacktestRequest) => {
    if ('until' in request) {
      port.postMessage({ report: rehearsal.finish(request.until) } satisfies BacktestReply);
      port.close();
      return;
    }
    for (const line of request.lines.split('\n')) {
      if (!line.includes(mark)) continue;
      const record = JSON.parse(line) as LogRecord;
      if (record.site === definition.id) rehearsal.take(record);
    }
    port.postMessage({ events: rehearsal.events } satisfies BacktestReply);
  });
}

if (parentPort) rehearse(parentPort, workerData as BacktestTask);
