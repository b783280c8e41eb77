import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PIN_COMMAND } from './machine.ts';

/** As in `npm start`: most of what an event leaves behind dies young. Both sides get them. */
const NODE_FLAGS = [
  '--disable-proto=delete',
  '--max-semi-space-size=64',
  '--min-semi-space-size=32',
  '--no-parallel-scavenge',
];

const running = new Set<ChildProcess>();
/** The hub gives itself ten seconds to end. */
const END_WITHIN_MS = 12_000;

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A node process of the benchmark, kept to one core where the machine can do that, ended with the benchmark. */
export class PinnedProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #gone: Promise<never>;

  constructor(core: number, program: string, env: Readonly<Record<string, string>>, pins: boolean) {
    const command = [process.execPath, ...NODE_FLAGS, program];
    const [file = process.execPath, ...args] = pins ? [PIN_COMMAND, '-c', String(core), ...command] : command;
    this.#child = spawn(file, args, {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    this.#gone = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with ${String(code)}: ${this.#lines.slice(-5).join(' | ')}`);
    });
    this.#gone.catch(() => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface(stream).on('line', (line) => this.#keep(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The first group of the first line that matches. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.map((line) => pattern.exec(line)?.[1]).find((group) => group !== undefined);
      if (found !== undefined) return found;
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), this.#gone]);
    }
  }

  /** Sends a message, if there is one to send, and resolves with the next one that comes back. */
  async ask(question?: object): Promise<unknown> {
    const reply = once(this.#child, 'message');
    if (question) this.#child.send(question);
    const [message] = (await Promise.race([reply, this.#gone])) as [unknown];
    return message;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }

  #keep(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 100) this.#lines.shift();
  }
}
