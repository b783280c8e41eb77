import { expect, it } from 'vitest';
import { Progress } from '../../load/progress.ts';

function progressOn(terminal: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  const clock = { now: 1_000 };
  const out = { ...terminal, write: (text: string) => written.push(text) };
  return { written, clock, progress: new Progress(out, 600_000, () => clock.now) };
}

it('is one line that is written over in a terminal, never longer than that', () => {
  const { written, clock, progress } = progressOn({ isTTY: true, columns: 30 });
  progress.say('starting');
  clock.now += 65_000;
  progress.say('500 events/s, each with a nudge');
  progress.clear();
  expect(written).toEqual([
    '\r\u001B[K[0:00 of at most 10:00] start',
    '\r\u001B[K[1:05 of at most 10:00] 500 e',
    '\r\u001B[K',
  ]);
});

it('is plain lines elsewhere', () => {
  const { written, clock, progress } = progressOn({});
  progress.say('starting');
  clock.now += 9_999;
  progress.say('500 events/s');
  progress.clear();
  expect(written).toEqual(['[0:00 of at most 10:00] starting\n', '[0:09 of at most 10:00] 500 events/s\n']);
});
