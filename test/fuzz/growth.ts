import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process has grown by, in MB. */
export interface Grown {
  /** Objects and buffers of JavaScript: exact to a megabyte or so. */
  readonly keptMb: number;
  /** All of its memory. What V8 and malloc hold back for later counts, too: of a short run it says little. */
  readonly grownMb: number;
}

interface Look {
  readonly kept: number;
  readonly resident: number;
}

/**
 * What a process keeps that it did not have before, once everything that can go has gone. What is kept of each frame is kept in both
 * halves of a run alike; a cache that grows to its bound, or a heap that takes another page, does so in one: twice the lesser half
 * counts.
 */
export class Growth {
  readonly #looks: Look[] = [];

  /** Of the run's beginning, its middle and its end. */
  get looks(): number {
    return this.#looks.length;
  }

  async look(): Promise<void> {
    this.#looks.push(await leastMb());
  }

  get grown(): Grown {
    return {
      keptMb: this.#grownBy(({ kept }) => kept),
      grownMb: this.#grownBy(({ resident }) => resident),
    };
  }

  #grownBy(of: (look: Look) => number): number {
    const [begun = 0, middle = 0, ended = 0] = this.#looks.map((look) => of(look));
    return 2 * Math.min(middle - begun, ended - middle);
  }
}

/** Memory goes back to the system some time after it was given up: the least of a few looks counts. */
async function leastMb(): Promise<Look> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let kept = Number.POSITIVE_INFINITY;
  let resident = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 6; look++) {
    collect();
    await pause(200);
    const { rss, heapUsed, external } = process.memoryUsage();
    kept = Math.min(kept, (heapUsed + external) / 1_000_000);
    resident = Math.min(resident, rss / 1_000_000);
  }
  return { kept, resident };
}
