import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallClock } from '../../../server/core/zoned-time.ts';
import { FIELDS } from '../../../server/core/conditions/fields.ts';
import { compileConditions, firstFailure } from '../../../server/core/conditions/conditions.ts';
import { ZONES } from '../support/zones.ts';
import { liveSite } from '../support/sample-site.ts';
import { Story } from '../support/story.ts';

describe('the wall clock on both sides of a change of the clocks', () => {
  it.each<[zone: string, utc: string, hour: number, minute: number, weekday: string]>([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 1, 59, 'sun'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 3, 0, 'sun'],
    ['Europe/Berlin', '2026-10-25T00:59:59Z', 2, 59, 'sun'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 2, 0, 'sun'],
    ['Europe/Berlin', '2026-10-25T02:00:00Z', 3, 0, 'sun'],
    ['America/New_York', '2026-03-08T06:59:59Z', 1, 59, 'sun'],
    ['America/New_York', '2026-03-08T07:00:00Z', 3, 0, 'sun'],
    ['America/New_York', '2026-11-01T05:59:59Z', 1, 59, 'sun'],
    ['America/New_York', '2026-11-01T06:00:00Z', 1, 0, 'sun'],
    ['Asia/Seoul', '2026-03-29T01:00:00Z', 10, 0, 'sun'],
    ['Asia/Seoul', '2026-12-31T15:00:00Z', 0, 0, 'fri'],
    ['Asia/Kathmandu', '2026-01-01T18:15:00Z', 0, 0, 'fri'],
  ])('%s at %s', (zone, utc, hour, minute, weekday) => {
    expect(wallClock(Date.parse(utc), zone)).toMatchObject({ hour, minute, weekday });
  });
});

it('the wall clock agrees with the system’s calendar at any moment, in any order of asking', () => {
  const moment = fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2037, 11, 31) });
  fc.assert(
    fc.property(moment, fc.constantFrom(...ZONES), (at, zone) => {
      const { year, month, day, hour, minute } = wallClock(at, zone);
      const shown = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
      const two = (value: number) => String(value).padStart(2, '0');
      expect(shown.slice(0, 16)).toBe(`${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`);
    }),
    { numRuns: 300 },
  );
});

it('conditions on the time look at the shopper’s clock, not at the hub’s', () => {
  const { shopper } = new Story(liveSite([]));
  const evening = { 'time.hour': { $gte: 18 }, 'time.weekday': { $in: ['fri', 'sat'] }, 'time.month': 12 };
  const { conditions } = compileConditions(FIELDS, evening, 'when');
  const holdsIn = (timeZone: string) => {
    const now = Date.parse('2026-12-04T10:00:00Z');
    return firstFailure(conditions, { shopper, event: null, now, timeZone }) === undefined;
  };
  expect(holdsIn('Asia/Seoul')).toBe(true);
  expect(holdsIn('Europe/Berlin')).toBe(false);
});
