import { fork } from 'node:child_process';
import { Workshop } from '../bench/workshop.ts';
import type { RunResult } from './memory-run.ts';

export interface RunOrder {
  readonly seed: number;
  readonly frames: number;
  say(line: string): void;
}

type Word = { readonly line: string } | { readonly result: RunResult };

/**
 * The run in memory as a process of its own, compiled as the hub is: nothing but the hub and what is sent to it is in its
 * memory, and what it would die of is seen as its end. Rejects when it ends without a result.
 */
export async function runInOwnProcess({ seed, frames, say }: RunOrder): Promise<RunResult> {
  const workshop = await Workshop.open({
    'memory-program': 'test/fuzz/memory-program.ts',
    'sqlite-thread': 'server/store/sqlite-thread.ts',
  });
  const env = { FUZZ_DIR: workshop.freshDir(), FUZZ_SEED: String(seed), FUZZ_FRAMES: String(frames) };
  const child = fork(workshop.program('memory-program'), { env, silent: true });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  let heard = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (heard = (heard + chunk.toString()).slice(-4_000)));
  try {
    return await new Promise((resolve, reject) => {
      child.on('message', (word: Word) => ('line' in word ? say(word.line) : resolve(word.result)));
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`The hub in memory ended with ${code ?? signal}, seed ${seed}: ${heard}`)),
      );
    });
  } finally {
    process.off('exit', end);
    end();
  }
}
