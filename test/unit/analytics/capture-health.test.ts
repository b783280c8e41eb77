import { describe, expect, it } from 'vitest';
import { captureHealth, type FoundFault } from '../../../server/analytics/capture-health/capture-health.ts';
import type { CaptureHour } from '../../../server/analytics/capture-health/capture-hours.ts';
import { FAULT_WORDS } from '../../../server/analytics/capture-health/fault-words.ts';

const HOUR_MS = 3_600_000;
const KEPT = 192;
const LAST = KEPT - 1;
const atOf = (hour: number) => 1_795_000_000_000 + hour * HOUR_MS;

type Counts = Readonly<Record<string, number>>;
interface Hour {
  told?: Counts;
  faults?: Counts;
  server?: number;
}

/** Eight days of a site; `tell` is asked for each hour, 191 being the one that is under way. */
function hoursOf(tell: (hour: number) => Hour): CaptureHour[] {
  return Array.from({ length: KEPT }, (_, hour) => {
    const { told = {}, faults = {}, server = 0 } = tell(hour);
    return {
      at: atOf(hour),
      told: new Map(Object.entries(told)),
      faults: new Map(Object.entries(faults).map(([key, count]) => [key.replace(' ', '\n'), count])),
      serverPurchases: server,
    };
  });
}

const judge = (tell: (hour: number) => Hour, own: readonly string[] = []) =>
  captureHealth(hoursOf(tell), new Set(own));
const onlyLast =
  (last: Hour) =>
  (hour: number): Hour =>
    hour === LAST ? last : {};
const brief = ({ faults }: { faults: readonly FoundFault[] }) =>
  faults.map(({ event, fault, isWarning }) => `${event} ${fault}${isWarning ? '' : ' (few)'}`);

/** What an ordinary shop tells in an hour. */
const usual: Counts = { page_view: 100, view_item: 60, add_to_cart: 12, begin_checkout: 6, purchase: 3 };
const without = (name: string): Counts => ({ ...usual, [name]: 0 });
const told = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('the state of a site', () => {
  it('is well where all comes as it should', () => {
    expect(judge(() => ({ told: usual }))).toEqual({
      status: 'ok',
      since: atOf(0),
      events: [
        { name: 'page_view', lastDay: 2_400, lastAt: atOf(LAST) },
        { name: 'view_item', lastDay: 1_440, lastAt: atOf(LAST) },
        { name: 'add_to_cart', lastDay: 288, lastAt: atOf(LAST) },
        { name: 'begin_checkout', lastDay: 144, lastAt: atOf(LAST) },
        { name: 'purchase', lastDay: 72, lastAt: atOf(LAST) },
      ],
      faults: [],
    });
  });

  it('is not known where it never told anything', () => {
    expect(judge(() => ({}))).toEqual({ status: 'no_events', since: null, events: [], faults: [] });
  });

  it('nor where nothing came for a day, though it came before', () => {
    const judged = judge((hour) => (hour <= LAST - 24 ? { told: usual } : {}));
    expect(judged).toMatchObject({ status: 'no_events', since: atOf(0) });
    expect(judged.events).toContainEqual({ name: 'page_view', lastDay: 0, lastAt: atOf(LAST - 24) });
    expect(judge((hour) => (hour <= LAST - 23 ? { told: usual } : {})).status).toBe('ok');
  });

  it('is known from the first hour on that told anything', () => {
    expect(judge((hour) => (hour >= 100 ? { told: usual } : {})).since).toBe(atOf(100));
  });

  it('names that the site has not declared count together', () => {
    const tell = onlyLast({
      told: { quiz_finished: 3, quiz_begun: 2, quiz_left: 1, search: 1 },
      faults: { 'quiz_begun no_price': 1, 'quiz_left no_price': 1 },
    });
    const { events, faults } = judge(tell, ['quiz_finished']);
    expect(events.map(({ name, lastDay }) => [name, lastDay])).toEqual([
      ['other', 3],
      ['quiz_finished', 3],
      ['search', 1],
    ]);
    expect(faults).toMatchObject([{ event: 'other', fault: 'no_price', count: 2 }]);
  });
});

describe('faults of single events', () => {
  it.each<[what: string, last: Hour, faults: readonly string[]]>([
    [
      'five of 500 are a warning',
      { told: { view_cart: 500 }, faults: { 'view_cart no_price': 5 } },
      ['view_cart no_price'],
    ],
    [
      'five of 501 are few',
      { told: { view_cart: 501 }, faults: { 'view_cart no_price': 5 } },
      ['view_cart no_price (few)'],
    ],
    [
      'four of four are few',
      { told: { view_cart: 4 }, faults: { 'view_cart no_price': 4 } },
      ['view_cart no_price (few)'],
    ],
    [
      'orders that were thrown away',
      { told: { page_view: 9 }, faults: { 'purchase no_transaction_id': 5 } },
      ['purchase no_transaction_id'],
    ],
    [
      'a few buy without a cart in any shop',
      { told: { purchase: 100 }, faults: { 'purchase purchase_without_cart': 29 } },
      ['purchase purchase_without_cart (few)'],
    ],
    [
      'but not nearly all',
      { told: { purchase: 100 }, faults: { 'purchase purchase_without_cart': 30 } },
      ['purchase purchase_without_cart'],
    ],
    [
      'warnings come first, and the most frequent of them',
      {
        told: { add_to_cart: 100, view_cart: 10_000 },
        faults: { 'view_cart no_price': 90, 'add_to_cart no_items': 7, 'add_to_cart no_price': 8 },
      },
      ['add_to_cart no_price', 'add_to_cart no_items', 'view_cart no_price (few)'],
    ],
    [
      'what no hub of this version knows is left out',
      { told: { search: 9 }, faults: { 'search odd': 9 } },
      [],
    ],
  ])('%s', (_, last, faults) => {
    const judged = judge(onlyLast(last));
    expect(brief(judged)).toEqual(faults);
    expect(judged.status).toBe(faults.some((one) => !one.includes('few')) ? 'warning' : 'ok');
  });

  it('are counted over a day, with their share, since when they come, and words that say what to do', () => {
    const { faults } = judge((hour) => ({
      told: usual,
      faults: hour >= LAST - 30 && hour < LAST - 2 ? { 'add_to_cart no_price': 3 } : {},
    }));
    expect(faults).toEqual([
      {
        event: 'add_to_cart',
        fault: 'no_price',
        count: 63,
        share: 0.2188,
        isWarning: true,
        message: {
          en: FAULT_WORDS.no_price.en('add_to_cart'),
          ko: FAULT_WORDS.no_price.ko('add_to_cart'),
        },
        firstAt: atOf(LAST - 30),
        lastAt: atOf(LAST - 3),
      },
    ]);
  });

  it('are over a day after the last', () => {
    const tell = (hour: number): Hour => ({
      told: usual,
      faults: hour <= LAST - 24 ? { 'add_to_cart no_price': 3 } : {},
    });
    expect(judge(tell)).toMatchObject({ status: 'ok', faults: [] });
  });

  it('what was thrown away counts among all that there would have been', () => {
    const tell = onlyLast({ told: { purchase: 30 }, faults: { 'purchase no_transaction_id': 10 } });
    expect(judge(tell).faults).toMatchObject([{ share: 0.25 }]);
  });
});

describe('an event that has stopped', () => {
  const stopped = (name: string, forHours: number) => (hour: number) => ({
    told: told(hour < LAST - forHours ? usual : without(name)),
  });

  it('is a warning that says since when, and about how many are missing', () => {
    const judged = judge(stopped('add_to_cart', 5));
    expect(judged.status).toBe('warning');
    expect(judged.faults).toMatchObject([
      {
        event: 'add_to_cart',
        fault: 'silent',
        count: 60,
        share: 1,
        firstAt: atOf(LAST - 5),
        lastAt: atOf(LAST),
      },
    ]);
  });

  it.each([
    ['not at once', 'add_to_cart', 1, []],
    ['after two hours where enough is missing', 'add_to_cart', 2, ['add_to_cart silent']],
    ['later where fewer come', 'purchase', 4, []],
    ['as soon as that many are missing', 'purchase', 7, ['purchase silent']],
    ['also what visits are told by', 'view_item', 3, ['view_item silent']],
    ['and that too', 'page_view', 3, ['page_view silent']],
  ])('%s', (_, name, forHours, faults) => expect(brief(judge(stopped(name, forHours)))).toEqual(faults));

  it('what stopped is no measure of the visits', () => {
    const tell = (hour: number): Hour => ({
      told: { user_engagement: 5, ...(hour < LAST - 2 ? { page_view: 100 } : {}) },
    });
    expect(judge(tell).faults).toMatchObject([{ event: 'page_view', fault: 'silent', count: 200 }]);
  });

  it('an event of the shop’s own is looked at, too, and one that is no longer declared is not', () => {
    const tell = (hour: number): Hour => ({ told: { ...usual, ...(hour < 150 ? { quiz_begun: 20 } : {}) } });
    expect(brief(judge(tell, ['quiz_begun']))).toEqual(['quiz_begun silent']);
    expect(brief(judge(tell))).toEqual([]);
  });

  it.each(['nudge_displayed', 'payment_failed', 'view_promotion', 'refund', 'exit_intent'])(
    '%s may stop without a fault of the shop’s pages',
    (name) => {
      const tell = (hour: number): Hour => ({ told: { ...usual, ...(hour < 150 ? { [name]: 20 } : {}) } });
      expect(brief(judge(tell))).toEqual([]);
    },
  );

  it('purchases that the shop’s server goes on telling have not stopped', () => {
    const tell = (hour: number): Hour => ({
      told: told(hour < 100 ? usual : without('purchase')),
      server: 3,
    });
    expect(brief(judge(tell))).toEqual([]);
  });

  it('a shop without visitors has no silent events', () => {
    expect(brief(judge((hour) => ({ told: hour < LAST - 10 ? usual : {} })))).toEqual([]);
  });
});

describe('checkouts without a purchase', () => {
  const noPurchases =
    (checkouts: number, from = 0) =>
    (hour: number): Hour => ({
      told: told({ ...without('purchase'), begin_checkout: hour >= from ? checkouts : 0 }),
    });

  it('are a warning once they are many and go on for a day', () => {
    const judged = judge(noPurchases(6));
    expect(judged.status).toBe('warning');
    expect(judged.faults).toMatchObject([
      {
        event: 'purchase',
        fault: 'no_purchases_seen',
        count: 6 * KEPT,
        share: 1,
        firstAt: atOf(0),
        lastAt: atOf(LAST),
      },
    ]);
  });

  it.each<[what: string, tell: (hour: number) => Hour, faults: readonly string[]]>([
    ['not on the first day', (hour) => (hour > LAST - 24 ? { told: told(without('purchase')) } : {}), []],
    [
      'on the second',
      (hour) => (hour >= LAST - 24 ? { told: told(without('purchase')) } : {}),
      ['purchase no_purchases_seen'],
    ],
    [
      'not at 69 of them',
      (hour) => ({ told: { page_view: 9, ...(hour >= LAST - 68 ? { begin_checkout: 1 } : {}) } }),
      [],
    ],
    [
      'at 70, as a small shop has them in a week',
      (hour) => ({ told: { page_view: 9, ...(hour >= LAST - 69 ? { begin_checkout: 1 } : {}) } }),
      ['purchase no_purchases_seen'],
    ],
    [
      'not where the last of them is long ago',
      (hour) => ({
        told: { page_view: 9, ...(hour < LAST - 40 && hour >= LAST - 45 ? { begin_checkout: 30 } : {}) },
      }),
      [],
    ],
    [
      'not where the shop’s server tells of purchases',
      (hour) => ({ ...noPurchases(6)(hour), server: hour === LAST - 3 ? 1 : 0 }),
      [],
    ],
    [
      'a day after the last',
      (hour) => ({ ...noPurchases(6)(hour), server: hour === LAST - 26 ? 1 : 0 }),
      ['purchase no_purchases_seen'],
    ],
    [
      'not where they are thrown away, which is said by itself',
      (hour) => ({ ...noPurchases(6)(hour), faults: { 'purchase no_transaction_id': 1 } }),
      ['purchase no_transaction_id'],
    ],
  ])('%s', (_, tell, faults) => expect(brief(judge(tell))).toEqual(faults));
});

it.each(Object.entries(FAULT_WORDS))('%s is told as whole sentences in both languages', (_, { en, ko }) => {
  expect(en('add_to_cart')).toMatch(/^[A-Za-z][^]*\.$/);
  expect(ko('add_to_cart')).toMatch(/[가-힣][^]*\.$/);
  for (const words of [en, ko]) expect(words('add_to_cart').length).toBeLessThan(260);
});
