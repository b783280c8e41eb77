import { describe, expect, it } from 'vitest';
import { coreLine, shareCores, spreadNodes } from '../../load/cores.ts';
import { hardFileLimit, roomOf } from '../../load/file-limits.ts';
import { planOf } from '../../load/plan.ts';

describe('cores', () => {
  it.each([
    [1, { servers: [0], redis: 0, load: 0 }],
    [2, { servers: [0], redis: 1, load: 1 }],
    [3, { servers: [0], redis: 1, load: 2 }],
    [6, { servers: [0, 1, 2, 3], redis: 4, load: 5 }],
  ])('%d are shared', (count, shared) => {
    expect(shareCores(count)).toEqual(shared);
  });

  it('that push to each other are on different ones as far as there are any', () => {
    expect(spreadNodes(shareCores(2))).toEqual({ servers: [0, 1], redis: 1, load: 1 });
    expect(spreadNodes(shareCores(6))).toEqual(shareCores(6));
  });

  it('are told of', () => {
    expect(coreLine(shareCores(2))).toBe(
      'All servers on core 0, Redis and the load on core 1 (for pushes every second server, too), loopback.',
    );
    expect(coreLine(shareCores(6))).toBe(
      'Servers on cores 0-3, Redis on core 4, the load on core 5, loopback.',
    );
  });
});

describe('files that a process may open', () => {
  const limits = (hard: string) =>
    [
      'Limit                     Soft Limit           Hard Limit           Units',
      'Max processes             95000                95000                processes',
      `Max open files            1024                 ${hard.padEnd(20)} files`,
    ].join('\n');

  it('are as many as the hard limit says', () => {
    expect(hardFileLimit(limits('20000'))).toBe(20_000);
    expect(hardFileLimit(limits('unlimited'))).toBe(Number.POSITIVE_INFINITY);
    expect(hardFileLimit('')).toBeNaN();
  });

  it('may be enough, or not be known', () => {
    for (const limit of [10_500, Number.POSITIVE_INFINITY, Number.NaN])
      expect(roomOf(10_000, limit)).toEqual({ sockets: 10_000, note: null });
  });

  it('may be too few, which is said', () => {
    const room = roomOf(10_000, 4_096);
    expect(room.sockets).toBe(3_596);
    expect(room.note).toContain('3596 sockets instead of 10000');
    const plan = planOf(false, room.sockets);
    expect(plan).toMatchObject({ socketsWanted: 10_000, sockets: 3_596, connects: 3_596 });
  });
});
