import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const ASK_EVERY_MS = 100;
/** After so long whoever asks takes a hub for dead. */
const ANSWERS_WITHIN_MS = 10_000;

export interface Health {
  /** How long each answer took, milliseconds. */
  readonly ms: readonly number[];
  /** Answers other than 200, and what went wrong otherwise. */
  readonly faults: readonly string[];
}

/** Asks a hub again and again whether it is alive and ready, as whoever balances the load does. */
export class HealthWatch {
  readonly #url: string;
  readonly #ms: number[] = [];
  readonly #faults: string[] = [];
  readonly #watched: Promise<void>;
  #isOver = false;

  constructor(url: string) {
    this.#url = url;
    this.#watched = this.#watch();
  }

  async end(): Promise<Health> {
    this.#isOver = true;
    await this.#watched;
    return { ms: this.#ms, faults: this.#faults };
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      for (const path of ['/healthz', '/readyz']) await this.#ask(path);
      await pause(ASK_EVERY_MS);
    }
  }

  async #ask(path: string): Promise<void> {
    const asked = performance.now();
    const answer = await statusOf(this.#url + path).catch(String);
    this.#ms.push(performance.now() - asked);
    if (answer !== 200) this.#faults.push(`${path}: ${answer}`);
  }
}

/** Over a connection of its own, which has to wait among those of pages. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: ANSWERS_WITHIN_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', reject);
  });
}
