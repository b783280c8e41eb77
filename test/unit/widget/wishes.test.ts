import { expect, it } from 'vitest';
import { Wishes } from '../../../widget/wishes.ts';
import { memoryStorage } from '../support/memory-storage.ts';

const NONE = { doNotDisturb: false, snoozedUntil: null, quietHours: null };
const HOUR_MS = 3_600_000;

it('are none before anything was said', () => {
  expect(new Wishes(memoryStorage(), 'wishes').now).toEqual(NONE);
  expect(new Wishes(memoryStorage(new Map([['wishes', '{']])), 'wishes').now).toEqual(NONE);
});

it('change by what is said, and only that', () => {
  const wishes = new Wishes(memoryStorage(), 'wishes');
  wishes.say({ snooze: '1h' }, 1_000);
  wishes.say({ fewer: true, without: ['bar'] }, 2_000);
  wishes.say({ lessOf: 'a-rule' }, 3_000);
  expect(wishes.now).toEqual({
    ...NONE,
    snoozedUntil: 1_000 + HOUR_MS,
    fewer: true,
    without: ['bar'],
    lessOf: ['a-rule'],
  });
  wishes.say({ snooze: null, lessOf: null }, 4_000);
  expect(wishes.now).toMatchObject({ snoozedUntil: null, lessOf: [], fewer: true });
});

it('are what the hub says, on every tab', () => {
  const kept = new Map<string, string>();
  const [here, there] = [
    new Wishes(memoryStorage(kept), 'wishes'),
    new Wishes(memoryStorage(kept), 'wishes'),
  ];
  here.say({ doNotDisturb: true }, 0);
  expect(there.now.doNotDisturb).toBe(true);
  there.hear({ ...NONE, quietHours: { from: '22:00', to: '08:00' } });
  expect(here.now).toEqual({ ...NONE, quietHours: { from: '22:00', to: '08:00' } });
});
