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
    const [a = 0, b = 0, c = 0, d = 0] = pool.subarray(next, next + 4);
    next += 4;
    return [a, b, c, d];
  };
}
