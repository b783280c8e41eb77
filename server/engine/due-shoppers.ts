import type { Logger } from 'pino';
import type { ShopperKey, Store } from '../store/store.ts';
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import type { Engine } from './engine.ts';

const LOOK_EVERY_MS = 200;
const MOST_AT_ONCE = 500;
/** Time enough to decide; if this hub dies, others may take over after it. */
const LEASE_MS = 10_000;

/** Wakes shoppers whose deadline has come. A wake too many is harmless: the decision looks at the clock itself. */
export function startDueShoppers(
  store: Store,
  engine: Engine,
  logger: Logger,
  telemetry: Telemetry = noTelemetry,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  const wakeAll = async () => {
    const due = await store.claimDue(MOST_AT_ONCE, LEASE_MS);
    telemetry.dueClaimed(due.length);
    await Promise.allSettled(due.map((key) => wake(key)));
    return due.length;
  };
  const wake = async (key: ShopperKey) => {
    try {
      await engine.submit(key, [{ kind: 'clock' }]);
    } catch (error) {
      // One shopper that can't be decided must not hold up the others; the lease brings it back.
      logger.error({ err: error, site: key.site }, 'a deadline could not be decided');
    }
  };
  const look = async () => {
    try {
      // More may be due than one look takes.
      while (!stopped && (await wakeAll()) >= MOST_AT_ONCE);
    } catch (error) {
      logger.warn({ err: error }, 'deadlines could not be read');
    }
    if (!stopped) timer = setTimeout(start, LOOK_EVERY_MS);
  };
  const start = () => {
    round = look();
  };

  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
