import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { PinnedProcess } from '../../bench/pinned-process.ts';
import { until } from '../../support/rig/until.ts';
import type { Order, Seen, Told } from './orders.ts';

const program = fileURLToPath(new URL('pages-process.ts', import.meta.url));
/** To be asked costs the pages’ process some of the time that it needs for them. */
const LOOK_EVERY_MS = 200;

/** The pages of hundreds or thousands of shoppers, one each. */
export class Pages {
  readonly #process = new PinnedProcess(0, program, { NODE_OPTIONS: '--import=tsx' }, false);

  /** Behind a balancer with these hubs. Gone with the test. */
  static async start(hubs: readonly string[]): Promise<Pages> {
    const pages = new Pages();
    onTestFinished(() => pages.stop());
    await pages.#ask<Seen>({ do: 'balance', ports: hubs.map((url) => Number(new URL(url).port)) });
    return pages;
  }

  async open(pages: number, withinMs: number): Promise<void> {
    await this.#ask<Seen>({ do: 'open', pages, withinMs });
  }

  async browse(perSecond: number): Promise<void> {
    await this.#ask<Seen>({ do: 'browse', perSecond });
  }

  tell(): Promise<Told> {
    return this.#ask({ do: 'tell' });
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** Looks now and then at who was cut off since, until what is seen is what is waited for. */
  until(what: string, isSo: (seen: Seen) => boolean, withinMs: number, since = Date.now()): Promise<Seen> {
    const look = async () => {
      const seen = await this.#ask<Seen>({ do: 'look', since });
      if (isSo(seen)) return seen;
      await pause(LOOK_EVERY_MS);
      return null;
    };
    return until(what, look, withinMs);
  }

  async #ask<Answer>(order: Order): Promise<Answer> {
    return (await this.#process.ask(order)) as Answer;
  }
}
