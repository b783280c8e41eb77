import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where to leave what has to be done at the end: of the test, or of all tests of a file. */
export type AtEnd = (end: () => Promise<void>) => void;

/** A folder that is gone when the test is over. */
export async function tempDir(atEnd: AtEnd = onTestFinished): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cartbell-test-'));
  atEnd(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}
