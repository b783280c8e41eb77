import type { Worker } from 'node:worker_threads';
import { startThread } from '../../thread.ts';
import { LOG_START, type Store } from '../../store/store.ts';
import type { BacktestReply, BacktestRequest, BacktestTask } from './backtest-thread.ts';
import type { BacktestReport } from './report.ts';

export interface BacktestProgress {
  readonly events: number;
}

const LINES_AT_ONCE = 5_000;

/**
 * Rehearses a rule over the whole log, in a thread of its own. Tells how many events are done after each stretch. Rejects
 * with the signal's reason when it is given up; nothing is left behind then.
 */
export async function runBacktest(
  store: Store,
  task: BacktestTask,
  signal: AbortSignal,
  progress: (done: BacktestProgress) => void,
): Promise<BacktestReport> {
  const worker = startThread('backtest-thread', './analytics/backtest/backtest-thread.ts', task, {
    // Each decision makes a shopper anew: a small young generation would be collected all the time.
    maxYoungGenerationSizeMb: 64,
  });
  try {
    const now = await store.time();
    let place = LOG_START;
    let page = store.readLogLines(place, LINES_AT_ONCE);
    for (;;) {
      const { lines, next } = await page;
      signal.throwIfAborted();
      if (next === place) break;
      place = next;
      // The next stretch is read while this one is lived through.
      page = store.readLogLines(place, LINES_AT_ONCE);
      page.catch(() => undefined);
      const reply = await ask(worker, { lines });
      if ('events' in reply) progress(reply);
    }
    const reply = await ask(worker, { until: now });
    if ('report' in reply) return reply.report;
    throw new Error('The rehearsal ended without a report.');
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, request: BacktestRequest): Promise<BacktestReply> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage).off('error', onError);
      finish();
    };
    const onMessage = (reply: BacktestReply) => settle(() => resolve(reply));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage(request);
  });
}
