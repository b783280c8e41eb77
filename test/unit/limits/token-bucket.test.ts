import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../server/limits/token-bucket.ts';

describe('a token bucket', () => {
  it('gives what it holds at once, and then so many a second', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
    expect(bucket.waitMs()).toBe(100);
    expect([99, 100, 100].map((now) => bucket.take(now))).toEqual([false, true, false]);
  });

  it('never holds more than its most, however long it was quiet', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect(bucket.isFull(0)).toBe(true);
    expect(Array.from({ length: 5 }, () => bucket.take(1_000_000))).toEqual([true, true, true, false, false]);
  });

  it('takes all of an amount or nothing', () => {
    const bucket = new TokenBucket(10, 5, 0);
    expect(bucket.take(0, 6)).toBe(false);
    expect(bucket.take(0, 5)).toBe(true);
  });

  it('in any stretch of time gives no more than its most and what has come in meanwhile', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        waits,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (gaps, rate, most) => {
          const bucket = new TokenBucket(rate, most, 0);
          let now = 0;
          const taken: number[] = [];
          for (const gap of gaps) {
            now += gap;
            if (bucket.take(now)) taken.push(now);
          }
          return taken.every((start, first) =>
            taken
              .slice(first)
              .every((end, count) => count + 1 <= most + ((end - start) * rate) / 1_000 + 1e-6),
          );
        },
      ),
    );
  });
});
