import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** With all that it has forked. */
export type OwnProcess = ChildProcessByStdio<null, Readable, Readable>;

const running = new Set<OwnProcess>();

function endAll(): void {
  for (const child of running) signal(child, 'SIGKILL');
}

/** Starts a process that ends with this one at the latest, however this one ends, short of SIGKILL. */
export function spawnOwn(command: string, words: readonly string[]): OwnProcess {
  // A process that leads a group can be ended with its forks: Redis’s would go on to write into its folder.
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  if (running.size === 0) {
    process.on('exit', endAll);
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, endBy);
  }
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    if (running.size > 0) return;
    process.off('exit', endAll);
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.off(name, endBy);
  });
  return child;
}

/** A signal that somebody listens to no longer ends a process by itself. */
function endBy(name: NodeJS.Signals): void {
  endAll();
  if (process.listenerCount(name) > 1) return;
  process.off(name, endBy);
  process.kill(process.pid, name);
}

/** Reaches it and its forks. */
export function signal({ pid }: OwnProcess, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It is gone.
  }
}

/** Ends a process, at once or by asking it to, and waits until it is gone. */
export async function end(child: OwnProcess, how: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const isGone = once(child, 'exit');
  if (how === 'SIGKILL') signal(child, 'SIGKILL');
  else child.kill('SIGTERM');
  // One that is stopped hears of it when it goes on.
  signal(child, 'SIGCONT');
  await isGone;
}
