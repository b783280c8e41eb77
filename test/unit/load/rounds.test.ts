import { describe, expect, it } from 'vitest';
import { goThrough } from '../../load/rounds.ts';

function runsOf(clock: { elapsedMs: number }, lengths: Readonly<Record<string, number>>, rounds = 2) {
  const done: string[] = [];
  const runs = Object.entries(lengths).map(([name, ms]) => ({
    name,
    rounds,
    go: (round: number) => {
      done.push(`${name}${round}`);
      clock.elapsedMs += ms;
      return Promise.resolve();
    },
  }));
  return { done, runs };
}

describe('rounds', () => {
  it('measure everything once before anything twice, every other round the other way', async () => {
    const clock = { elapsedMs: 0 };
    const { done, runs } = runsOf(clock, { a: 10, b: 10, c: 10 });
    expect(await goThrough(runs, clock, 1_000)).toEqual([]);
    expect(done).toEqual(['a0', 'b0', 'c0', 'c1', 'b1', 'a1']);
  });

  it('are fewer for some', async () => {
    const clock = { elapsedMs: 0 };
    const [often, once] = [runsOf(clock, { a: 1 }, 3), runsOf(clock, { b: 1 }, 1)];
    await goThrough([...often.runs, ...once.runs], clock, 1_000);
    expect(often.done).toEqual(['a0', 'a1', 'a2']);
    expect(once.done).toEqual(['b0']);
  });

  it('begin nothing that would last too long, and tell what', async () => {
    const clock = { elapsedMs: 0 };
    const { done, runs } = runsOf(clock, { long: 60, short: 20 });
    expect(await goThrough(runs, clock, 110)).toEqual(['long, round 2: no time was left']);
    expect(done).toEqual(['long0', 'short0', 'short1']);
  });

  it('begin nothing at all when the time is over', async () => {
    const clock = { elapsedMs: 0 };
    const { done, runs } = runsOf(clock, { a: 60, b: 60, c: 60 }, 1);
    expect(await goThrough(runs, clock, 100)).toEqual(['c, round 1: no time was left']);
    expect(done).toEqual(['a0', 'b0']);
  });

  it('go on when something fails, and tell why', async () => {
    const clock = { elapsedMs: 0 };
    const { done, runs } = runsOf(clock, { b: 10 }, 1);
    const broken = { name: 'a', rounds: 1, go: () => Promise.reject(new Error('The hub ended.')) };
    expect(await goThrough([broken, ...runs], clock, 100)).toEqual(['a, round 1: The hub ended.']);
    expect(done).toEqual(['b0']);
  });
});
