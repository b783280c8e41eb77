import { describe, expect, it } from 'vitest';
import { silenceOf } from '../../../server/analytics/capture-health/silence.ts';
import { type Random, randomFrom } from '../../../server/core/random.ts';

const times = <T>(count: number, each: T): T[] => Array.from({ length: count }, () => each);
/** From midnight on: nobody in the small hours, most in the evening. */
const DAY = [0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 7, 6, 5, 5, 6, 8, 10, 12, 12, 9, 5, 2];
const days = (count: number, busy = 1) => times(count, DAY).flatMap((day) => day.map((each) => each * busy));

describe('an event is taken for silent', () => {
  it.each<[what: string, counts: number[], visits: number[], silentFrom: number | null]>([
    ['not while it comes', times(50, 10), times(50, 100), null],
    ['where it has stopped', [...times(48, 10), 0, 0, 0], times(51, 100), 48],
    ['not where the last hour is not over', [...times(48, 10), 0, 0], times(50, 100), null],
    ['not after one whole hour, however much is missing', [...times(48, 500), 0, 0], times(50, 5_000), null],
    ['once two whole hours are', [...times(48, 500), 0, 0, 0], times(51, 5_000), 48],
    ['not where it is back', [...times(48, 10), ...times(6, 0), 1], times(55, 100), null],
    ['not where it never came', times(60, 0), times(60, 100), null],
    [
      'not where the shop is known for less than a day',
      [...times(23, 50), ...times(5, 0)],
      times(28, 99),
      null,
    ],
    ['where it is known for a day', [...times(24, 50), ...times(5, 0)], times(29, 99), 24],
    ['at 21 that are missing of 48', [...times(48, 1), ...times(21, 0), 0], times(70, 10), 48],
    ['not at 20', [...times(48, 1), ...times(20, 0), 0], times(69, 10), null],
    ['at 18 where a week is known', [...times(168, 1), ...times(18, 0), 0], times(187, 10), 168],
    ['and not at 17', [...times(168, 1), ...times(17, 0), 0], times(186, 10), null],
    [
      'not where nobody comes',
      [...times(48, 10), ...times(30, 0)],
      [...times(48, 100), ...times(30, 0)],
      null,
    ],
    [
      'not where hardly anybody does',
      [...times(48, 10), ...times(10, 0)],
      [...times(48, 100), ...times(10, 9)],
      null,
    ],
    [
      'not at night, though programs visit the shop then',
      [...days(5, 5), ...times(7, 0)],
      [...days(5, 50), ...times(7, 400)],
      null,
    ],
    ['by day', [...days(5, 5), ...DAY.map(() => 0)], days(6, 50), 120],
    [
      'not between two newsletters, which bring it in one go each',
      [...times(3, [200, ...times(23, 0)]).flat(), ...times(22, 0)],
      times(3 * 24 + 22, 100),
      null,
    ],
    ['not where it was tried out once', [...times(30, 0), 400, ...times(40, 0)], times(71, 100), null],
    [
      'not where all that is known of visits is nothing',
      [...times(48, 10), ...times(10, 0)],
      times(58, 0),
      null,
    ],
  ])('%s', (_, counts, visits, silentFrom) => {
    expect(silenceOf(counts, visits)?.from ?? null).toBe(silentFrom);
  });

  it('with how many are missing', () => {
    expect(silenceOf([...times(48, 10), ...times(5, 0), 0], times(54, 100))?.expected).toBeCloseTo(50);
    // Half as many visits, half as many missing.
    const visits = [...times(48, 100), ...times(6, 50)];
    expect(silenceOf([...times(48, 10), ...times(5, 0), 0], visits)?.expected).toBeCloseTo(25);
  });
});

/** So many as chance has it, by Knuth. */
function chanceCount(mean: number, random: Random): number {
  const draw = () => random.uint32() / 2 ** 32;
  let count = 0;
  for (let product = draw(); product > Math.exp(-mean); product *= draw()) count++;
  return count;
}

/** Eight days of a shop; `bunch`: so many come at once. */
function shopByChance(perHour: number, bunch: number, random: Random) {
  const hours = days(8).map((busy) => ({
    visits: chanceCount(perHour * busy * 0.5, random),
    count: chanceCount((perHour * busy) / 20 / bunch, random) * bunch,
  }));
  return { counts: hours.map(({ count }) => count), visits: hours.map(({ visits }) => visits) };
}

describe('left to chance', () => {
  const SHOPS = 40;
  const shops = [1, 3, 6].flatMap((bunch) =>
    Array.from({ length: SHOPS }, (_, seed) => {
      const perHour = 1 + (seed % 10) * 4;
      return { perHour, bunch, ...shopByChance(perHour, bunch, randomFrom([seed, bunch, 3, 4])) };
    }),
  );

  it('there is no false alarm in three years of shops, looked at every hour', () => {
    let looks = 0;
    const alarms: object[] = [];
    for (const { counts, visits, perHour, bunch } of shops)
      for (let now = 25; now <= counts.length; now++) {
        looks++;
        if (silenceOf(counts.slice(0, now), visits.slice(0, now))) alarms.push({ perHour, bunch, now });
      }
    expect(looks).toBeGreaterThan(20_000);
    expect(alarms).toEqual([]);
  });

  it.each<[aDay: number, atOnce: number, hours: number]>([
    [22, 1, 36],
    [88, 1, 9],
    [220, 1, 5],
    [220, 3, 10],
  ])(
    'where of %i a day that come %i at once none does from noon on, it is known within %i hours',
    (aDay, atOnce, hours) => {
      const NOON = 5 * 24 + 12;
      for (let seed = 0; seed < 20; seed++) {
        const { counts, visits } = shopByChance((aDay / 111) * 20, atOnce, randomFrom([seed, 2, 3, aDay]));
        const told = counts.map((count, hour) => (hour < NOON ? count : 0));
        const isKnown = (hour: number) =>
          silenceOf(told.slice(0, hour + 1), visits.slice(0, hour + 1)) !== null;
        expect(isKnown(NOON + 1)).toBe(false);
        expect(isKnown(NOON + hours), `seed ${seed}`).toBe(true);
      }
    },
  );
});
