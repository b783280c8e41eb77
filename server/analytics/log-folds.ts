import type { Logger } from 'pino';
import type { LogLag, Store } from '../store/store.ts';
import { type Fold, remembersSums } from './fold.ts';
import { Keeper, readOn } from './log-readers.ts';

export interface LogFolds {
  /** Resolves when all that was in the log at the call is summed up, in the store and in this hub's memory. */
  catchUp(): Promise<void>;
  /** How far the one that is furthest behind is: of this hub's memory, and of the sums in the store, whichever hub keeps them. */
  lag(): Promise<LogLag>;
  stop(): Promise<void>;
}

const READ_EVERY_MS = 500;
/** About so many: over Redis each entry has the records of a commit. A step of the sums keeps the store for a moment, and what is to be acked waits for a short one. */
const RECORDS_AT_ONCE = 200;

/** Keeps folds abreast of the log, behind the hot path. Any number of hubs may do so over one store. */
export async function startFolds(store: Store, folds: readonly Fold[], logger: Logger): Promise<LogFolds> {
  const keepers = await Promise.all(folds.map((fold) => Keeper.start(store, fold)));
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let asked: Promise<void> | null = null;

  const fail = (error: unknown) =>
    logger.warn({ err: error }, 'the log could not be summed up; it will be, from where it stopped');
  /** Those that can't be asked now don't keep the others from their work. */
  const atWork = async (): Promise<Keeper[]> => {
    const turns = await Promise.allSettled(keepers.map((keeper) => keeper.isAtWork()));
    for (const turn of turns) if (turn.status === 'rejected') fail(turn.reason);
    return keepers.filter((_, index) => turns[index]?.status === 'fulfilled' && turns[index].value);
  };
  const round = async () => {
    try {
      while (!stopped && (await readOn(store, await atWork(), RECORDS_AT_ONCE)) === 'full');
    } catch (error) {
      fail(error);
    }
  };
  const insist = async () => {
    do for (const keeper of keepers) await keeper.insist();
    // A page that is not full reaches what was there at the call; what comes meanwhile is not waited for.
    while (
      !stopped &&
      ((await readOn(store, keepers, RECORDS_AT_ONCE)) === 'full' ||
        keepers.some((keeper) => keeper.isBehind))
    );
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
      // Whoever asks before it has begun is told by the same reading: many who ask at once would wait for one another.
      if (asked) return asked;
      const read = running.then(() => {
        asked = null;
        return insist();
      });
      asked = read;
      // Whoever asked hears of a failure; the regular rounds go on.
      running = read.catch(() => undefined);
      return read;
    },
    async lag() {
      const kept = await Promise.all(folds.map(({ name }) => store.readFoldPlace(name)));
      const remembered = keepers.filter((_, index) => folds[index] && remembersSums(folds[index]));
      const places = new Set([...kept, ...remembered.map(({ place }) => place)]);
      const lags = await Promise.all([...places].map((place) => store.readLogLag(place)));
      return {
        records: Math.max(0, ...lags.map(({ records }) => records)),
        ms: Math.max(0, ...lags.map(({ ms }) => ms)),
      };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
