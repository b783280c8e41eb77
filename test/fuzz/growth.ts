import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * What a process keeps that it did not have before, once everything that can go has gone. What is kept of each frame is kept in both
 * halves of a run alike; a cache that grows to its bound, or a heap that takes another page, does so in one: twice the lesser half
 * counts.
 */
export class Growth {
  readonly #looks: number[] = [];

  /** Of the run's beginning, its middle and its end. */
  get looks(): number {
    return this.#looks.length;
  }

  async look(): Promise<void> {
    this.#looks.push(await residentMb());
  }

  /** In MB of resident memory. */
  get grownMb(): number {
    const [begun = 0, middle = 0, ended = 0] = this.#looks;
    return 2 * Math.min(middle - begun, ended - middle);
  }
}

/** Memory goes back to the system some time after it was given up: the least of a few looks counts. */
async function residentMb(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 6; look++) {
    collect();
    await pause(200);
    least = Math.min(least, process.memoryUsage.rss() / 1_000_000);
  }
  return least;
}
