import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_AFTER_MS = 10;

/** Looks until the condition gives something, and fails when the time is over. What throws has not happened yet. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false)
        return value as Exclude<T, undefined | null | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`, { cause });
    await pause(LOOK_AGAIN_AFTER_MS);
  }
}
