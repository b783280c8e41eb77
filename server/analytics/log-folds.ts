import type { Logger } from 'pino';
import type { LogRecord } from '../store/log-record.ts';
import type { LogPage, LogPlace, Store } from '../store/store.ts';

/** A sum over the log. What it keeps is exact and can be rebuilt: its place in the log moves together with its sums. */
export interface Fold {
  readonly name: string;
  /** What one record adds, by key. Depends on the record alone. */
  changesOf(record: LogRecord): Iterable<readonly [key: string, change: number]>;
  /** For folds that also keep their sums in memory: all of them at first, then each change. */
  absorb?(changes: ReadonlyMap<string, number>): void;
}

export interface LogFolds {
  /** Resolves when all that was in the log at the call is summed up. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const READ_EVERY_MS = 500;
const RECORDS_AT_ONCE = 5_000;

/** Keeps folds abreast of the log, behind the hot path. */
export async function startFolds(store: Store, folds: readonly Fold[], logger: Logger): Promise<LogFolds> {
  const places = new Map<Fold, LogPlace>();
  for (const fold of folds) {
    const { place, sums } = await store.readFold(fold.name);
    fold.absorb?.(sums);
    places.set(fold, place);
  }
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const readOn = async () => {
    while (!stopped && (await advance(store, folds, places)));
  };
  const round = async () => {
    try {
      await readOn();
    } catch (error) {
      logger.warn({ err: error }, 'the log could not be summed up; it will be, from where it stopped');
    }
  };
  const next = () => {
    running = running.then(round);
    void running.then(() => {
      if (!stopped) timer = setTimeout(next, READ_EVERY_MS);
    });
  };

  next();
  return {
    catchUp() {
      const read = running.then(readOn);
      // Whoever asked hears of a failure; the regular rounds go on.
      running = read.catch(() => undefined);
      return read;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Reads one page for all the folds that stand where it begins; false when there was nothing new. */
async function advance(store: Store, folds: readonly Fold[], places: Map<Fold, LogPlace>): Promise<boolean> {
  const from = Math.min(...places.values());
  const page = await store.readLog(from, RECORDS_AT_ONCE);
  if (page.next === from) return false;
  for (const fold of folds) if (places.get(fold) === from) await advanceFold(store, fold, from, page, places);
  return true;
}

async function advanceFold(
  store: Store,
  fold: Fold,
  from: LogPlace,
  page: LogPage,
  places: Map<Fold, LogPlace>,
): Promise<void> {
  const changes = new Map<string, number>();
  for (const record of page.records) {
    for (const [key, change] of fold.changesOf(record)) changes.set(key, (changes.get(key) ?? 0) + change);
  }
  if (await store.advanceFold(fold.name, from, page.next, changes)) {
    fold.absorb?.(changes);
    places.set(fold, page.next);
  } else {
    // Another hub has read on; what it summed up will be here when this one starts anew.
    places.set(fold, (await store.readFold(fold.name)).place);
  }
}
