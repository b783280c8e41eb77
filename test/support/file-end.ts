import { afterAll } from 'vitest';
import type { AtEnd } from './temp-dir.ts';

/** What is left with it is done when all tests of the file have ended, the last first. Called at the top of a file. */
export function atFileEnd(): AtEnd {
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return (end) => void ends.push(end);
}
