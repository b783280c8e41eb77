import type { LogFolds } from '../analytics/log-folds.ts';
import type { Engine } from '../engine/engine.ts';
import type { Intake } from '../hub/intake.ts';
import type { MissedNews } from '../hub/missed-news.ts';
import type { OpenPages } from '../hub/open-pages.ts';
import type { Addresses } from '../limits/addresses.ts';
import type { LoopLag } from '../loop-lag.ts';
import type { NodeWatch } from '../node-watch.ts';
import type { Store } from '../store/store.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { NodeTelemetry } from './node-telemetry.ts';

/** Whoever asks for the metrics does not wait longer for the store. */
const STORE_ANSWERS_WITHIN_MS = 1_000;

export interface ReadParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly pages: OpenPages;
  readonly intake: Intake;
  readonly addresses: Addresses;
  readonly missed: MissedNews;
  readonly folds: LogFolds;
  readonly lag: LoopLag;
  readonly webhooks: Webhooks;
  readonly watch: NodeWatch;
  readonly faults: () => readonly string[];
}

/** What the parts of this node know of themselves, read when somebody asks for the metrics. */
export function exposeReadings(telemetry: NodeTelemetry, parts: ReadParts): void {
  const { store, engine, pages, intake, addresses, missed, lag, watch, webhooks, faults } = parts;
  const logLag = oncePerScrape(() => within(STORE_ANSWERS_WITHIN_MS, parts.folds.lag()));
  telemetry.gauge('sockets', 'Pages that are connected.', () => pages.size);
  telemetry.gauge('ready', '1: this node may get new pages.', () => (faults().length === 0 ? 1 : 0));
  telemetry.gauge('inputs_waiting', 'Inputs that are not decided yet.', () => engine.waiting);
  telemetry.gauge('store_calls_under_way', 'Calls of the store without an answer.', () => store.underWay);
  telemetry.gauge('log_lag_records', 'Records of the log that the sums do not have.', async () =>
    orNaN((await logLag())?.records),
  );
  telemetry.gauge('log_lag_seconds', 'How long the oldest of them has been there.', async () =>
    orNaN((await logLag())?.ms, 1_000),
  );
  telemetry.gauge('loop_lag_seconds', 'How late this process last was.', () => lag.recentMs / 1_000);
  telemetry.counts('handshakes_refused_total', 'Pages told to come back later.', () => intake.refused);
  telemetry.counts('too_much_total', 'Pages and messages refused.', () => addresses.refused);
  telemetry.counts('addresses_blocked_total', 'Addresses shut out for a while.', () => addresses.blocked);
  telemetry.counts('pages_clogged_total', 'Pages let go since they did not read.', () => pages.clogged);
  telemetry.counts('news_missed_total', 'Shoppers whose pages had missed news.', () => missed.found);
  const { counts: webhooksBy } = webhooks.courier;
  telemetry.counts('webhooks_total', 'Attempts by what came of them.', () => webhooksBy, 'result');
  telemetry.counts('epoch_changes_total', 'Times that the store had lost truth.', () => watch.epochChanges);
  telemetry.counts('relay_renewals_total', 'Times that news had stopped.', () => watch.relayRenewals);
}

/** Several metrics of one scrape share one question to the store. */
function oncePerScrape<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
}

/** Null where there is no answer in time, or none at all. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  const known = await Promise.race([answer.catch(() => null), late]);
  clearTimeout(timer);
  return known;
}

function orNaN(value: number | undefined, unit = 1): number {
  return value === undefined ? Number.NaN : value / unit;
}
