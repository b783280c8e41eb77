import { setTimeout as sleep } from 'node:timers/promises';

/** Server and generator share a machine: opening all sockets at once would only measure timeouts. */
const OPENED_AT_ONCE = 100;
/** As the widget waits: about a second, then twice as long each time, and by chance. */
const FIRST_RETRY_MS = 1_000;
const RANDOMNESS = 0.9;
const GIVE_UP_AFTER_MS = 60_000;

export interface Opened<Page> {
  readonly pages: readonly Page[];
  readonly refusals: number;
}

interface Time {
  now(): number;
  wait(ms: number): Promise<unknown>;
}

const realTime: Time = { now: () => performance.now(), wait: (ms) => sleep(ms) };

/** Opens so many pages, some at a time. Who is refused makes room for others and comes back, as pages do. */
export async function openAll<Page>(
  count: number,
  open: (index: number) => Promise<Page>,
  { now, wait }: Time = realTime,
): Promise<Opened<Page>> {
  const pages: Page[] = [];
  const deadline = now() + GIVE_UP_AFTER_MS;
  const returns: Promise<void>[] = [];
  let refusals = 0;
  let next = 0;

  const attempt = async (index: number, nth: number): Promise<void> => {
    try {
      pages.push(await open(index));
    } catch {
      refusals++;
      const waitMs = FIRST_RETRY_MS * 2 ** nth * (1 + RANDOMNESS * (2 * Math.random() - 1));
      if (now() + waitMs > deadline) return;
      returns.push(wait(waitMs).then(() => attempt(index, nth + 1)));
    }
  };
  const worker = async () => {
    while (next < count && now() < deadline) await attempt(next++, 0);
  };

  await Promise.all(Array.from({ length: Math.min(OPENED_AT_ONCE, count) }, worker));
  // Those who come back may have to come back again.
  for (let waited = returns.splice(0); waited.length > 0; waited = returns.splice(0))
    await Promise.all(waited);
  return { pages, refusals };
}
