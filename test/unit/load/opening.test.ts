import { describe, expect, it } from 'vitest';
import { openAll } from '../../load/opening.ts';

/** Passes as it is waited for. */
function ownTime() {
  let ms = 0;
  return {
    now: () => ms,
    wait: async (forMs: number) => {
      const until = ms + forMs;
      await Promise.resolve();
      ms = Math.max(ms, until);
    },
  };
}

describe('opening pages', () => {
  it('opens each one once', async () => {
    const { pages, refusals } = await openAll(250, (index) => Promise.resolve(index));
    expect(pages.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 250 }, (_, index) => index));
    expect(refusals).toBe(0);
  });

  it('has a hundred under way at most', async () => {
    let [underWay, most] = [0, 0];
    const { pages } = await openAll(300, async () => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
    });
    expect(pages).toHaveLength(300);
    expect(most).toBe(100);
  });

  it('lets those who were refused come back', async () => {
    const attempts = new Map<number, number>();
    const open = (index: number) => {
      const nth = (attempts.get(index) ?? 0) + 1;
      attempts.set(index, nth);
      return nth > index % 3 ? Promise.resolve(index) : Promise.reject(new Error('Refused'));
    };
    const { pages, refusals } = await openAll(10, open, ownTime());
    expect(pages).toHaveLength(10);
    // 0 + 1 + 2, three times over, and 0.
    expect(refusals).toBe(9);
  });

  it('gives up after a while', async () => {
    const time = ownTime();
    const { pages, refusals } = await openAll(3, () => Promise.reject(new Error('Refused')), time);
    expect(pages).toEqual([]);
    expect(refusals).toBeGreaterThan(6);
    expect(time.now()).toBeGreaterThan(1_000);
    expect(time.now()).toBeLessThan(60_000);
  });
});
