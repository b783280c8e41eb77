import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a server before its own program: when it is asked, it collects garbage and says what memory is left in use.
 * The server itself knows nothing of it.
 */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** V8 gives pages back a while after a collection. */
const SETTLE_MS = 200;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function memory(): Promise<Memory> {
  collect();
  await sleep(SETTLE_MS);
  collect();
  await sleep(SETTLE_MS);
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

// The threads of a server load this too.
if (isMainThread) {
  process.on('message', () => {
    void memory().then((answer) => process.send?.(answer));
  });
  // A server ends by itself when it has nothing left to do, and with whoever started it in any case.
  process.channel?.unref();
  process.once('disconnect', () => process.exit(0));
}
