import { describe, expect, it } from 'vitest';
import { SiteBudgets, type SiteQuota } from '../../../server/limits/site-budgets.ts';
import { SiteId } from '../../../shared/ids.ts';

const [one, other] = [SiteId.parse('one'), SiteId.parse('other')];
const quota: SiteQuota = { eventsPerSecond: 100, sockets: 2 };

describe('sites that share a hub', () => {
  it('have so many events each, whatever the other does', () => {
    const time = { now: 0 };
    const budgets = new SiteBudgets(
      () => quota,
      () => time.now,
    );
    for (let batch = 0; batch < 4; batch++) expect(budgets.refusesEvents(one, 50)).toBe(0);
    expect(budgets.refusesEvents(one, 50)).toBe(500);
    expect(budgets.refusesEvents(other, 50)).toBe(0);
    time.now = 500;
    expect(budgets.refusesEvents(one, 50)).toBe(0);
  });

  it('that may say less in two seconds than one message has say it all the same, and then wait', () => {
    const time = { now: 0 };
    const budgets = new SiteBudgets(
      () => ({ ...quota, eventsPerSecond: 1 }),
      () => time.now,
    );
    expect(budgets.refusesEvents(one, 25)).toBe(0);
    expect(budgets.refusesEvents(one, 25)).toBe(2_000);
    time.now = 2_000;
    expect(budgets.refusesEvents(one, 25)).toBe(0);
  });

  it('have so many pages open each', () => {
    const budgets = new SiteBudgets(() => quota);
    expect([1, 2, 3].map(() => budgets.opens(one))).toEqual([true, true, false]);
    expect(budgets.opens(other)).toBe(true);
    budgets.closed(one);
    expect([1, 2].map(() => budgets.opens(one))).toEqual([true, false]);
  });

  it('are not limited where one has the hub to itself, and are from the moment when another comes', () => {
    const sites = { count: 1 };
    const budgets = new SiteBudgets(
      () => (sites.count > 1 ? quota : null),
      () => 0,
    );
    for (let page = 0; page < 10; page++) expect(budgets.opens(one)).toBe(true);
    expect(budgets.refusesEvents(one, 100_000)).toBe(0);
    sites.count = 2;
    expect(budgets.opens(one)).toBe(false);
    expect(budgets.refusesEvents(one, 1_000)).toBe(0);
    expect(budgets.refusesEvents(one, 1)).toBeGreaterThan(0);
  });
});
