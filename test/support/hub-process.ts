import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { AtEnd } from './temp-dir.ts';

const built = (name: string) => fileURLToPath(new URL(`../../dist/server/${name}.js`, import.meta.url));

/** As in `npm start`: a package that needs `__proto__` would be found out by the tests. */
const NODE_FLAGS = ['--disable-proto=delete'];

export interface HubProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it logged so far. */
  readonly log: readonly string[];
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the built hub (or demo) as a process of its own, and ends it with the test at the latest, unless told otherwise. */
export async function startHub(
  env: Readonly<Record<string, string>>,
  program: 'main' | 'demo' = 'main',
  atEnd: AtEnd = onTestFinished,
): Promise<HubProcess> {
  const child = spawn(process.execPath, [...NODE_FLAGS, built(program)], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(async () => {
    await end(child, 'SIGKILL');
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => log.push(line));
  const url = await ready(child, log);
  return {
    url,
    pid: child.pid ?? 0,
    log,
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Runs a start that is meant to fail. */
export async function failedStart(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [...NODE_FLAGS, built('main')], {
    env: environment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    await end(child, 'SIGKILL');
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stderr };
}

function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  // All shoppers of a test come from one address.
  const crowd = { SOCKETS_PER_ADDRESS: '100000' };
  return { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...crowd, ...env };
}

function ready(child: ChildProcess, log: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const up = log
        .map((line) => /"url":"(http:[^"]+)".*the hub is up/.exec(line)?.[1])
        .find((url) => url !== undefined);
      if (up !== undefined) resolve(up);
    };
    child.stdout?.on('data', () => setImmediate(look));
    child.once('exit', (code) => reject(new Error(`The hub ended with ${code}: ${log.join('\n')}`)));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}
