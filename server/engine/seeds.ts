import { randomFillSync } from 'node:crypto';

export type Seed = readonly [number, number, number, number];

const SEEDS_AT_ONCE = 256;

/** 128-bit seeds from the system's secure source, drawn in bulk: one call for many decisions. */
export function secureSeeds(): () => Seed {
  const pool = new Uint32Array(4 * SEEDS_AT_ONCE);
  let next = pool.length;
  return () => {
    if (next >= pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    const seed = [pool[next] ?? 0, pool[next + 1] ?? 0, pool[next + 2] ?? 0, pool[next + 3] ?? 0] as const;
    next += 4;
    return seed;
  };
}
