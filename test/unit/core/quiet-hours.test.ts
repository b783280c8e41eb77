import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuietHours, quietUntil } from '../../../server/core/quiet-hours.ts';
import { wallClock } from '../../../server/core/zoned-time.ts';
import { ZONES } from '../support/zones.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

function hours(text: string) {
  const [from = '', to = ''] = text.split('-');
  return compileQuietHours({ from, to });
}

/** [zone, quiet hours, a moment in UTC, when they end in UTC or null for not quiet] */
type Case = [zone: string, quiet: string, at: string, until: string | null];

describe('quiet hours on the nights in which the clocks change', () => {
  it.each<Case>([
    ['Europe/Berlin', '21:00-08:00', '2026-03-28T19:59:59.999Z', null],
    ['Europe/Berlin', '21:00-08:00', '2026-03-28T20:00:00Z', '2026-03-29T06:00:00Z'],
    ['Europe/Berlin', '21:00-08:00', '2026-03-29T05:59:59.999Z', '2026-03-29T06:00:00Z'],
    ['Europe/Berlin', '21:00-08:00', '2026-03-29T06:00:00Z', null],
    ['Europe/Berlin', '21:00-08:00', '2026-10-24T19:00:00Z', '2026-10-25T07:00:00Z'],
    ['Europe/Berlin', '21:00-08:00', '2026-10-25T06:30:00Z', '2026-10-25T07:00:00Z'],
    ['Europe/Berlin', '21:00-02:30', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '02:15-02:45', '2026-03-29T01:00:00Z', null],
    ['Europe/Berlin', '02:01-02:00', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z'],
    ['Europe/Berlin', '21:00-02:30', '2026-10-25T00:15:00Z', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '21:00-02:30', '2026-10-25T01:15:00Z', '2026-10-25T01:30:00Z'],
    ['America/New_York', '22:00-07:00', '2026-03-08T03:00:00Z', '2026-03-08T11:00:00Z'],
    ['America/New_York', '22:00-07:00', '2026-03-08T11:00:00Z', null],
    ['America/New_York', '22:00-07:00', '2026-11-01T02:00:00Z', '2026-11-01T12:00:00Z'],
    ['America/New_York', '22:00-07:00', '2026-11-01T01:59:59Z', null],
    ['Asia/Seoul', '21:00-08:00', '2026-03-28T12:00:00Z', '2026-03-28T23:00:00Z'],
    ['Asia/Seoul', '21:00-08:00', '2026-10-25T23:00:00Z', null],
    ['Asia/Seoul', '12:00-13:00', '2026-06-01T03:30:00Z', '2026-06-01T04:00:00Z'],
  ])('%s %s at %s', (zone, quiet, at, until) => {
    expect(quietUntil(Date.parse(at), zone, hours(quiet))).toBe(until === null ? null : Date.parse(until));
  });
});

it('it is quiet up to the millisecond that is told, and at none after it, by the clock on the wall', () => {
  const minute = fc.nat({ max: 24 * 60 - 1 }).map((minutes) => minutes * 60_000);
  const days = fc.constantFrom(
    '2026-03-08',
    '2026-03-29',
    '2026-04-05',
    '2026-06-15',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
  );
  const moment = fc.tuple(days, fc.integer({ min: -86_400_000, max: 86_400_000 }));
  fc.assert(
    fc.property(moment, fc.constantFrom(...ZONES), minute, minute, ([day, offset], zone, fromMs, toMs) => {
      fc.pre(fromMs !== toMs);
      const at = Date.parse(day) + offset;
      const until = quietUntil(at, zone, { fromMs, toMs });
      const isQuiet = (then: number) => {
        const { hour, minute: past } = wallClock(then, zone);
        const time = (hour * 60 + past) * 60_000;
        return fromMs < toMs ? time >= fromMs && time < toMs : time >= fromMs || time < toMs;
      };
      expect(until !== null).toBe(isQuiet(at));
      if (until === null) return;
      expect(isQuiet(until)).toBe(false);
      for (let then = at; then < until; then += 60_000) expect(isQuiet(then)).toBe(true);
      expect(isQuiet(until - 1)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

describe('a rule in quiet hours', () => {
  const settings = { quietHours: { from: '21:00', to: '08:00' } };
  const atNight = (rules: Parameters<typeof liveSite>[0]) => {
    const story = new Story(liveSite(rules, { settings }));
    story.now = Date.parse('2026-11-24T23:30:00Z');
    return story;
  };

  it('is held until they end on the site’s clock while the shopper’s is not known', () => {
    const story = atNight([ruleOn('add_to_cart')]);
    const held = heldBy(story.adds('mug'), 'on-add-to-cart');
    expect(held).toMatchObject({ by: 'quiet_hours', until: Date.parse('2026-11-25T08:00:00Z') });
    story.now = Date.parse('2026-11-25T08:00:00Z');
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('goes by the shopper’s own clock where that is known', () => {
    const story = atNight([ruleOn('add_to_cart')]);
    story.shopper = { ...story.shopper, timeZone: 'Asia/Seoul' };
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('fires all the same when the shopper waits for it', () => {
    const story = atNight([ruleOn('payment_failed', { class: 'transactional' })]);
    expect(firedIn(story.server('payment_failed'))).toEqual(['on-payment-failed']);
  });
});
