import { describe, expect, it } from 'vitest';
import { cpuSecondsIn } from '../../bench/process-cpu.ts';
import { costPerMessage, shareOf } from '../../load/cpu-account.ts';

describe('CPU seconds of a process', () => {
  const rest = '0 0 0 0 20 0 11 0 100 0 0';

  it('are user and system time, in hundredths', () => {
    const stat = `4242 (node) S 1 4242 4242 0 -1 4194304 100 0 0 0 1234 66 ${rest}`;
    expect(cpuSecondsIn(stat)).toBe(13);
  });

  it('are found behind a name with spaces and brackets', () => {
    const stat = `4242 (a (b) 9 c) S 1 4242 4242 0 -1 4194304 100 0 0 0 50 25 ${rest}`;
    expect(cpuSecondsIn(stat)).toBe(0.75);
  });

  it('of one that is gone are not a number', () => {
    expect(cpuSecondsIn('')).toBeNaN();
  });
});

describe('a deployment', () => {
  it('has its nodes first, and Redis behind them', () => {
    expect(shareOf([1, 2, 3], 2)).toEqual({ nodes: [1, 2], redis: 3 });
  });

  it('may have no Redis', () => {
    expect(shareOf([1], 1)).toEqual({ nodes: [1], redis: 0 });
  });
});

describe('the cost of a message', () => {
  const atRest = { seconds: 2, share: { nodes: [0.02, 0.02, 0.02, 0.04], redis: 0.02 } };

  it('is what each node takes beyond what it takes at rest', () => {
    const during = { seconds: 4, share: { nodes: [0.44, 0.24, 0.04, 0.1], redis: 0.14 } };
    const cost = costPerMessage(during, atRest, 2_000);
    expect(cost.sender).toBeCloseTo(200);
    expect(cost.receiver).toBeCloseTo(100);
    expect(cost.others).toBeCloseTo(5);
    expect(cost.redis).toBeCloseTo(50);
  });

  it('is unknown for nodes that are not there', () => {
    const one = { seconds: 1, share: { nodes: [0.1], redis: 0 } };
    const { receiver, others } = costPerMessage(one, one, 10);
    expect(receiver).toBeNaN();
    expect(others).toBeNaN();
  });
});
