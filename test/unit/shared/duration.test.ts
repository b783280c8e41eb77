import { describe, expect, it } from 'vitest';
import { Duration, durationMs } from '../../../shared/duration.ts';
import { faultsIn } from '../support/faults.ts';

const WRITE_IT_SO = ': Write a duration as a number and a unit, like "10s", "15m", "1h" or "7d".';

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['1ms', 1],
    ['10s', 10_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['366d', 31_622_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(faultsIn(Duration, text)).toEqual([]);
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '10', 's', '10 s', '-1s', '1.5h', '1w', '10S', '1h30m', '9999999999s', ' 1s', '1s\n', '１s'])(
    '%j is none',
    (text) => {
      expect(faultsIn(Duration, text)[0]).toBe(WRITE_IT_SO);
      expect(durationMs(text)).toBeNaN();
    },
  );

  it.each(['367d', '8785h', '999999999d'])('%s is too long', (text) => {
    expect(faultsIn(Duration, text)).toEqual([': A duration is at most 366 days.']);
  });

  it('a text that is no duration is one fault, not two', () => {
    expect(faultsIn(Duration, '10 s')).toEqual([WRITE_IT_SO]);
  });
});
