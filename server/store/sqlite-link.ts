import type { Worker } from 'node:worker_threads';
import { startThread } from '../thread.ts';
import type { FileAnswers, FileArgs, FileReply, FileRequest } from './sqlite-calls.ts';
import { StoreUnavailable } from './store.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls to the thread that owns the database file. Every promise settles, also when the thread dies. */
export class SqliteLink {
  readonly epoch: string;
  readonly #worker: Worker;
  readonly #waiting: Map<number, Waiting>;
  #lastId = 0;
  #dead: Error | null = null;

  private constructor(worker: Worker, waiting: Map<number, Waiting>, epoch: string) {
    this.#worker = worker;
    this.#waiting = waiting;
    this.epoch = epoch;
    const fail = (error: Error) => {
      this.#dead = error;
      for (const call of waiting.values()) call.reject(error);
      waiting.clear();
    };
    worker.on('error', (error) => fail(new StoreUnavailable(`The store's thread failed: ${error.message}`)));
    worker.on('exit', () => fail(new StoreUnavailable('The store is closed.')));
  }

  /** Opens the file in `dir`; rejects with one clear line when it can't be had. */
  static async open(dir: string): Promise<SqliteLink> {
    const waiting = new Map<number, Waiting>();
    const worker = startThread('sqlite-thread', './store/sqlite-thread.ts', { dir });
    const epoch = new Promise<unknown>((resolve, reject) => {
      waiting.set(0, { resolve, reject });
      worker.once('error', reject);
    });
    worker.on('message', (reply: FileReply) => settle(waiting, reply));
    return new SqliteLink(worker, waiting, String(await epoch));
  }

  get underWay(): number {
    return this.#waiting.size;
  }

  call<N extends keyof FileArgs>(name: N, ...args: FileArgs[N]): Promise<FileAnswers[N]> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    this.#worker.postMessage({ id, call: { name, args } } satisfies FileRequest<N>);
    return new Promise((resolve, reject) => {
      // The thread answers with what the file's method of that name returns.
      this.#waiting.set(id, { resolve: (value) => resolve(value as FileAnswers[N]), reject });
    });
  }
}

function settle(waiting: Map<number, Waiting>, reply: FileReply): void {
  const call = waiting.get(reply.id);
  waiting.delete(reply.id);
  if (reply.ok) call?.resolve(reply.value);
  else call?.reject(new StoreUnavailable(reply.message));
}
