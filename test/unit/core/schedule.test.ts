import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../server/core/schedule.ts';
import { wallClock } from '../../../server/core/zoned-time.ts';
import { Cron, readCron } from '../../../shared/cron.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';
import { ZONES } from '../support/zones.ts';

function scheduleOf(cron: string): Schedule {
  const times = readCron(cron);
  if (!times) throw new Error(`Not cron: ${cron}`);
  return new Schedule(times);
}

const nextAfter = (cron: string, at: string, zone: string) =>
  new Date(scheduleOf(cron).nextAfter(Date.parse(at), zone)).toISOString().slice(0, 16);

describe('the next run of a schedule, by the clock on the wall', () => {
  it.each<[cron: string, zone: string, after: string, next: string]>([
    ['0 10 * * *', 'Asia/Seoul', '2026-11-24T00:59', '2026-11-24T01:00'],
    ['0 10 * * *', 'Asia/Seoul', '2026-11-24T01:00', '2026-11-25T01:00'],
    ['30 9 * * mon-fri', 'Europe/Berlin', '2026-11-27T09:00', '2026-11-30T08:30'],
    ['0 8,20 * * *', 'UTC', '2026-11-24T08:00', '2026-11-24T20:00'],
    ['15 */6 * * *', 'UTC', '2026-11-24T06:16', '2026-11-24T12:15'],
    ['0 9 1 * *', 'America/New_York', '2026-11-24T00:00', '2026-12-01T14:00'],
    ['0 9 29 2 *', 'UTC', '2026-11-24T00:00', '2028-02-29T09:00'],
    ['0 9 13 * fri', 'UTC', '2026-11-24T10:00', '2026-11-27T09:00'],
    ['0 9 13 * fri', 'UTC', '2026-12-11T10:00', '2026-12-13T09:00'],
    ['0 9 * * 7', 'UTC', '2026-11-24T10:00', '2026-11-29T09:00'],
    ['0 0 25 dec *', 'Asia/Kathmandu', '2026-11-24T00:00', '2026-12-24T18:15'],
  ])('%s in %s after %s', (cron, zone, after, next) => {
    expect(nextAfter(cron, `${after}:00Z`, zone)).toBe(next);
  });

  it.each<[what: string, cron: string, zone: string, after: string, next: string]>([
    [
      'a time that is jumped over comes as much later',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00',
      '2026-03-29T01:30',
    ],
    [
      'and is itself again the day after',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ],
    [
      'a time that is shown twice comes once, the first time',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00',
      '2026-10-25T00:30',
    ],
    ['and not again an hour later', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['New York in spring', '30 2 * * *', 'America/New_York', '2026-03-07T12:00', '2026-03-08T07:30'],
    ['New York in autumn', '30 1 * * *', 'America/New_York', '2026-10-31T12:00', '2026-11-01T05:30'],
    ['New York the day after', '30 1 * * *', 'America/New_York', '2026-11-01T05:30', '2026-11-02T06:30'],
  ])('where the clocks change, %s', (_, cron, zone, after, next) => {
    expect(nextAfter(cron, `${after}:00Z`, zone)).toBe(next);
  });

  it('is later than the moment asked for, shows the time wanted, and does not depend on what was asked before', () => {
    const crons = ['0 10 * * *', '45 3 * * mon', '5 0 1,15 * *', '59 23 31 dec *'];
    const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
    fc.assert(
      fc.property(
        fc.constantFrom(...crons),
        fc.constantFrom(...ZONES),
        fc.array(moment),
        (cron, zone, moments) => {
          const asked = scheduleOf(cron);
          for (const at of moments) {
            const next = asked.nextAfter(at, zone);
            expect(next).toBeGreaterThan(at);
            expect(next).toBe(scheduleOf(cron).nextAfter(at, zone));
            const { hour, minute } = wallClock(next, zone);
            const [wantedMinute, wantedHour] = cron.split(' ').map(Number);
            // An hour that is jumped over is the one exception, and none of these is, but 3:45 by half an hour.
            expect([hour, minute]).toEqual([wantedHour, wantedMinute]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('cron that is refused', () => {
  it.each([
    '',
    '* * * *',
    '* 10 * * *',
    '0,30 10 * * *',
    '60 10 * * *',
    '0 24 * * *',
    '0 10 0 * *',
    '0 10 31 2 *',
    '0 10 * 13 *',
    '0 10 * * 8',
    '0 10 * * mond',
    '0 10-8 * * *',
    '0 10 * * */0',
    '0 1-2-3 * * *',
    '@daily',
  ])('%j', (text) => expect(Cron.safeParse(text).success).toBe(false));
});

describe('a rule on a schedule', () => {
  const rule = ruleOn('schedule', { schedule: '0 10 * * *' });
  const at = (story: Story, utc: string) => {
    story.now = Date.parse(utc);
    return story;
  };
  const begun = (live = liveSite([rule])) => {
    const story = at(new Story(live), '2026-11-23T12:00:00Z');
    story.shopper = { ...story.shopper, createdAt: story.now, activeAt: story.now };
    story.opens({ timeZone: 'Asia/Seoul' });
    story.page('page_view');
    return story;
  };

  it('wakes each shopper at their own ten o’clock, and fires', () => {
    const story = begun();
    expect(story.shopper.wakeAt).toBe(Date.parse('2026-11-24T01:00:00Z'));
    expect(firedIn(at(story, '2026-11-24T00:59:59.999Z').clock())).toEqual([]);
    expect(firedIn(at(story, '2026-11-24T01:00:00Z').clock())).toEqual(['on-schedule']);
    story.wait(10 * MINUTE).clock();
    expect(story.shopper.wakeAt).toBe(Date.parse('2026-11-25T01:00:00Z'));
    expect(firedIn(at(story, '2026-11-24T09:00:00Z').clock())).toEqual([]);
    expect(firedIn(at(story, '2026-11-25T01:00:00Z').clock())).toEqual(['on-schedule']);
  });

  it('comes about by the clock alone: what a shopper does meanwhile changes nothing', () => {
    const story = begun();
    expect(firedIn(at(story, '2026-11-24T01:00:00Z').page('page_view'))).toEqual([]);
    expect(firedIn(story.clock())).toEqual(['on-schedule']);
  });

  it('that was missed has lost its say after a while, and runs at its next time', () => {
    const story = begun();
    const late = at(story, '2026-11-26T01:05:00.001Z').clock();
    expect(heldBy(late, 'on-schedule')).toMatchObject({ by: 'stale', ageMs: 5 * MINUTE + 1 });
    expect(story.shopper.wakeAt).toBe(Date.parse('2026-11-27T01:00:00Z'));
  });

  it('that is published long after is not looked for through all the years', () => {
    const hourly = ruleOn('schedule', { schedule: '0 * * * *' });
    const story = at(new Story(liveSite([hourly])), '2026-11-24T10:00:30Z');
    story.shopper = { ...story.shopper, createdAt: Date.parse('2016-01-01T00:00:00Z') };
    expect(firedIn(story.clock())).toEqual(['on-schedule']);
    expect(story.shopper.waited).toEqual([
      { rule: 'on-schedule', since: Date.parse('2026-11-24T10:00:00Z') },
    ]);
  });

  it('runs for a shopper who is new from then on', () => {
    const story = at(new Story(liveSite([rule])), '2026-11-24T12:00:00Z');
    story.shopper = { ...story.shopper, createdAt: story.now };
    expect(firedIn(story.clock())).toEqual([]);
    expect(story.shopper.wakeAt).toBe(Date.parse('2026-11-25T10:00:00Z'));
  });
});

it('a stretch of time holds as many runs as it has hours asked for', () => {
  const schedule = scheduleOf('0 * * * *');
  let at = Date.parse('2026-10-24T00:00:00Z');
  const until = at + 3 * DAY;
  let runs = 0;
  while (at < until) {
    at = schedule.nextAfter(at, 'Europe/Berlin');
    runs++;
  }
  // 72 hours, one of which the clock shows twice: the second time it is no other hour.
  expect(runs).toBe(until / HOUR - Date.parse('2026-10-24T00:00:00Z') / HOUR - 1);
});
