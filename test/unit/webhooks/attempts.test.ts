import { describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS, waitAfter, wishIn } from '../../../server/webhooks/attempt-schedule.ts';
import {
  type Attempt,
  hasFailedLong,
  type Health,
  healthAfter,
} from '../../../server/webhooks/endpoint-health.ts';

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];
const EVEN = 0.5;

describe('a message that was not taken', () => {
  it('is sent again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, and then no more', () => {
    const waits = Array.from({ length: MOST_ATTEMPTS }, (_, index) => waitAfter(index + 1, null, EVEN));
    const hours = [2, 5, 10, 10].map((hour) => hour * HOUR);
    expect(waits).toEqual([5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...hours, null]);
  });

  it('comes back a tenth earlier or later', () => {
    expect([waitAfter(2, null, 0), waitAfter(2, null, 1)]).toEqual([270_000, 330_000]);
  });

  it('waits for as long as its receiver asks, and at most ten hours', () => {
    expect(waitAfter(1, 90 * SECOND, EVEN)).toBe(90 * SECOND);
    expect(waitAfter(1, 1 * SECOND, EVEN)).toBe(5 * SECOND);
    expect(waitAfter(1, 30 * DAY, EVEN)).toBe(10 * HOUR);
    expect(waitAfter(MOST_ATTEMPTS, HOUR, EVEN)).toBeNull();
  });

  it.each([
    ['120', 120 * SECOND],
    ['Wed, 18 Nov 2026 00:01:00 GMT', MINUTE],
    ['Wed, 18 Nov 2020 00:01:00 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('reads "Retry-After: %s"', (text, wish) => {
    expect(wishIn(text, Date.UTC(2026, 10, 18))).toBe(wish);
  });
});

describe('an endpoint', () => {
  const attempt = (at: number, isDelivered = false): Attempt => ({
    message: 'msg_1',
    type: 'cart.abandoned',
    attempt: 1,
    at,
    durationMs: 5,
    isDelivered,
    status: isDelivered ? 200 : 500,
  });
  const after = (attempts: readonly Attempt[]) =>
    attempts.reduce<Health>(healthAfter, { failingSince: null, attempts: [] });
  const every = (ms: number, until: number, isDelivered: (index: number) => boolean = () => false) =>
    Array.from({ length: Math.floor(until / ms) + 1 }, (_, index) => attempt(index * ms, isDelivered(index)));

  it('has failed for long after five days of nothing but failures, and not a moment sooner', () => {
    expect(hasFailedLong(after(every(HOUR, 5 * DAY - HOUR)))).toBe(false);
    expect(hasFailedLong(after(every(HOUR, 5 * DAY)))).toBe(true);
  });

  it('has not where one message came through', () => {
    const attempts = every(HOUR, 5 * DAY, (index) => index === 60);
    expect(hasFailedLong(after(attempts))).toBe(false);
    expect(after(attempts).failingSince).toBe(61 * HOUR);
  });

  it('has not where it failed now and then, with days in which nothing was sent', () => {
    expect(hasFailedLong(after(every(2 * DAY, 20 * DAY)))).toBe(false);
    expect(hasFailedLong(after([attempt(0), attempt(5 * DAY)]))).toBe(false);
  });

  it('keeps the last fifty attempts', () => {
    const { attempts } = after(every(MINUTE, 99 * MINUTE));
    expect([attempts.length, attempts[0]?.at, attempts.at(-1)?.at]).toEqual([50, 99 * MINUTE, 50 * MINUTE]);
  });
});
