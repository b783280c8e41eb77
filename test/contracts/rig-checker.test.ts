import { codeDigest } from '../../server/core/code-digest.ts';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../server/core/reasons.ts';
import type { EndedNudge } from '../../server/core/turn.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { check, type Verdict } from '../support/rig/checker.ts';
import type { Operation } from '../support/rig/history.ts';

const MINUTE = 60_000;
const ANNA = ShopperId.parse('anna'.padEnd(22, '-'));
const CARL = ShopperId.parse('carl'.padEnd(22, '-'));
const CODE = 'ABCD-EFGH-JKMN';
const FIRST = 'tab-first';
const SECOND = 'tab-second';

const shop: Parameters<typeof check>[2] = {
  rules: [
    {
      id: 'hello',
      status: 'published',
      on: 'add_to_cart',
      nudge: { kind: 'toast', title: 'Hello', validFor: '10m' },
      limit: { times: 2, per: '1h' },
    },
    {
      id: 'idle',
      status: 'published',
      on: 'cart_idle',
      after: '1m',
      nudge: { kind: 'countdown', title: '10 %' },
      offer: { percentOff: 10, validFor: '15m' },
    },
    {
      id: 'viewed',
      status: 'published',
      on: 'view_item',
      nudge: { kind: 'toast', title: 'Nice', validFor: '1h' },
    },
  ],
  settings: { holdoutPercent: 0, limit: { times: 3, per: '1h' } },
};

type More = Partial<Pick<LogRecord, 'reasons' | 'ended' | 'redeemed' | 'shopper'>>;

function record(at: number, input: LogRecord['input'], more: More = {}): LogRecord {
  return { at, site: SiteId.parse('shop'), shopper: ANNA, version: 1, seed: [1, 2, 3, 4], input, ...more };
}

let lastRev = 0;
function event(at: number, id: string, name: string, params: object = {}, more: More = {}): LogRecord {
  const parsed = ShopperEvent.parse({ id, name, at, rev: ++lastRev, params });
  return record(at, { kind: 'event', source: 'page', event: parsed }, more);
}

const mug = { items: [{ item_id: 'mug', quantity: 1 }] };
const added = (at: number, id: string, more: More = {}) => event(at, id, 'add_to_cart', mug, more);
const displayed = (at: number, id: string, nudge: string) => event(at, id, 'nudge_displayed', { nudge });
const bought = (at: number, id: string, order: string, more: More = {}) =>
  event(at, id, 'purchase', { transaction_id: order }, more);
const claimed = (at: number, nudge: string, tab: string, from: 'push' | 'page' = 'push') =>
  record(at, { kind: 'claim', nudge, tab, from });
const redeemed = (at: number, order: string, more: More = {}) =>
  record(at, { kind: 'redeem', digest: codeDigest(CODE), order }, more);
const clock = (at: number, more: More = {}) => record(at, { kind: 'clock' }, more);
const fires = (rule: string, nudge: string): { reasons: Reason[] } => ({
  reasons: [{ rule, result: 'fired', nudge }],
});
const ends = (
  nudge: string,
  rule: string,
  why: EndedNudge['why'],
  seen: boolean,
): { ended: EndedNudge[] } => ({
  ended: [{ nudge, rule, why, displayed: seen }],
});

function acked(id: string, returned = 10, result: Operation<'event'>['result'] = 'acked'): Operation {
  return { op: 'event', id, shopper: ANNA, tab: FIRST, name: 'any', invoked: returned - 5, returned, result };
}
function granted(id: string, tab: string, from: 'push' | 'page' = 'push'): Operation {
  return { op: 'claim', id, shopper: ANNA, tab, from, invoked: 0, returned: 1, result: 'granted' };
}
function told(order: string, result: Operation<'redeem'>['result'] = 'redeemed'): Operation {
  return { op: 'redeem', id: CODE.toLowerCase(), order, invoked: 0, returned: 1, result };
}

interface Story {
  readonly history: Operation[];
  readonly records: LogRecord[];
}

/** A cart, a toast that is clicked, a countdown that moves to another tab and whose code is spent, and a purchase. */
function sound(): Story {
  lastRev = 0;
  const records = [
    added(0, 'event-added', fires('hello', 'nudge-toast')),
    claimed(1_000, 'nudge-toast', FIRST),
    displayed(2_000, 'event-displayed', 'nudge-toast'),
    event(
      3_000,
      'event-clicked',
      'nudge_clicked',
      { nudge: 'nudge-toast' },
      ends('nudge-toast', 'hello', 'clicked', true),
    ),
    clock(3_000 + MINUTE, fires('idle', 'nudge-countdown')),
    claimed(2 * MINUTE, 'nudge-countdown', FIRST),
    displayed(3 * MINUTE, 'event-counting', 'nudge-countdown'),
    claimed(4 * MINUTE, 'nudge-countdown', SECOND, 'page'),
    redeemed(5 * MINUTE, 'order-1', {
      redeemed: ['nudge-countdown'],
      ...ends('nudge-countdown', 'idle', 'spent', true),
    }),
    bought(6 * MINUTE, 'event-bought', 'order-1'),
    event(7 * MINUTE, 'event-viewed', 'view_item', mug),
  ];
  const history = [
    acked('event-added'),
    acked('event-added'),
    acked('event-displayed'),
    acked('event-clicked'),
    acked('event-bought'),
    acked('event-viewed'),
    acked('event-refused', 10, 'refused'),
    acked('event-lost', 10, 'unknown'),
    granted('nudge-toast', FIRST),
    granted('nudge-countdown', FIRST),
    granted('nudge-countdown', SECOND, 'page'),
    told('order-1'),
    told('order-2', 'refused'),
  ];
  return { history, records };
}

const idOf = ({ input }: LogRecord) => (input.kind === 'event' ? input.event.id : input.kind);
const without = (records: readonly LogRecord[], id: string) => records.filter((one) => idOf(one) !== id);
/** Puts records where their time is. */
const withMore = ({ history, records }: Story, ...more: LogRecord[]): Story => ({
  history,
  records: [...records, ...more].sort((a, b) => a.at - b.at),
});
const toldMore = ({ history, records }: Story, ...more: Operation[]): Story => ({
  records,
  history: [...history, ...more],
});

type Case = [what: string, plant: (story: Story) => Story, finds: Verdict['violations'][number]['invariant']];

describe('finds', () => {
  it.each<Case>([
    [
      'an acked event that is not in the log',
      ({ history, records }) => ({ history, records: without(records, 'event-viewed') }),
      'countedOnce',
    ],
    [
      'an event that is in the log twice',
      (story) => withMore(story, ...story.records.slice(-1)),
      'countedOnce',
    ],
    [
      'an event in the log of two shoppers',
      (story) => withMore(story, { ...(story.records.slice(-1)[0] as LogRecord), shopper: CARL }),
      'countedOnce',
    ],
    [
      'an acked event that is in the log of somebody else alone',
      ({ history, records }) => ({
        history,
        records: records.map((one) => (idOf(one) === 'event-viewed' ? { ...one, shopper: CARL } : one)),
      }),
      'countedOnce',
    ],
    [
      'a right to paint that the log knows nothing of',
      (story) => toldMore(story, granted('nudge-toast', SECOND)),
      'paintedOnce',
    ],
    [
      'a toast that two tabs may paint, though both asked',
      (story) =>
        toldMore(withMore(story, claimed(1_500, 'nudge-toast', SECOND)), granted('nudge-toast', SECOND)),
      'paintedOnce',
    ],
    [
      'a toast that its tab may paint again after it was displayed',
      (story) =>
        toldMore(withMore(story, claimed(2_500, 'nudge-toast', FIRST)), granted('nudge-toast', FIRST)),
      'paintedOnce',
    ],
    [
      'a toast that may be painted after it has ended',
      (story) =>
        toldMore(
          withMore(story, claimed(4_000, 'nudge-toast', SECOND, 'page')),
          granted('nudge-toast', SECOND),
        ),
      'paintedOnce',
    ],
    [
      'a countdown that a second tab may paint without a page of its own',
      ({ history, records }) => ({
        history,
        records: records.map((one) =>
          one.at === 4 * MINUTE ? claimed(one.at, 'nudge-countdown', SECOND) : one,
        ),
      }),
      'paintedOnce',
    ],
    [
      'a countdown that moved back without a claim',
      (story) => toldMore(story, granted('nudge-countdown', FIRST)),
      'paintedOnce',
    ],
    [
      'a reminder of a cart that was bought',
      (story) => withMore(story, clock(10 * MINUTE, fires('idle', 'nudge-late'))),
      'nothingAfterPurchase',
    ],
    [
      'a reminder that is still up after the purchase',
      (story) => withMore(story, added(5.5 * MINUTE, 'event-more', fires('hello', 'nudge-left'))),
      'nothingAfterPurchase',
    ],
    [
      'a nudge for what was added before the purchase and came after it',
      (story) => {
        const late = added(8 * MINUTE, 'event-late', fires('hello', 'nudge-late'));
        return withMore(story, before(late));
      },
      'nothingAfterPurchase',
    ],
    [
      'a rule that fired more often than its limit says',
      (story) =>
        withMore(
          story,
          added(7.1 * MINUTE, 'event-more', fires('hello', 'nudge-more')),
          event(
            7.2 * MINUTE,
            'event-gone',
            'nudge_clicked',
            { nudge: 'nudge-more' },
            ends('nudge-more', 'hello', 'clicked', true),
          ),
          added(7.3 * MINUTE, 'event-most', fires('hello', 'nudge-most')),
        ),
      'capsExact',
    ],
    [
      'more nudges than the site’s limit says',
      (story) =>
        withMore(
          story,
          event(7.1 * MINUTE, 'event-view-1', 'view_item', mug, fires('viewed', 'nudge-view-1')),
          event(
            7.2 * MINUTE,
            'event-click',
            'nudge_clicked',
            { nudge: 'nudge-view-1' },
            ends('nudge-view-1', 'viewed', 'clicked', true),
          ),
          event(7.3 * MINUTE, 'event-view-2', 'view_item', mug, fires('viewed', 'nudge-view-2')),
        ),
      'capsExact',
    ],
    [
      'a code that two orders have spent',
      (story) => withMore(story, redeemed(5.1 * MINUTE, 'order-2', { redeemed: ['nudge-countdown'] })),
      'spentOnce',
    ],
    ['a code that two orders were told is theirs', (story) => toldMore(story, told('order-2')), 'spentOnce'],
    [
      'a code whose order is forgotten',
      ({ history, records }) => ({ history, records: records.map((one) => ({ ...one, redeemed: [] })) }),
      'spentOnce',
    ],
    [
      'a code that was spent past its deadline',
      ({ history, records }) => ({
        history,
        records: records.map((one) => (one.input.kind === 'redeem' ? { ...one, at: 20 * MINUTE } : one)),
      }),
      'honestCountdown',
    ],
    [
      'a reminder that came before its time',
      ({ history, records }) => ({
        history,
        records: records.map((one) => (one.input.kind === 'clock' ? { ...one, at: one.at - 1 } : one)),
      }),
      'deadlinesKept',
    ],
    [
      'a deadline that was taken twice',
      (story) => withMore(story, clock(3_500 + MINUTE, fires('idle', 'nudge-again'))),
      'deadlinesKept',
    ],
    [
      'a nudge that expired before its time',
      (story) =>
        withMore(
          story,
          event(8 * MINUTE, 'event-view', 'view_item', mug, fires('viewed', 'nudge-view')),
          clock(68 * MINUTE - 1, ends('nudge-view', 'viewed', 'expired', false)),
        ),
      'reasonOnRecord',
    ],
  ])('%s', (_, plant, finds) => {
    const { history, records } = plant(sound());
    const { violations } = check(history, records, shop);
    expect(violations.map(({ invariant }) => invariant)).toContain(finds);
  });
});

/** The same report with the place in the shopper's order that comes before all others. */
function before(one: LogRecord): LogRecord {
  if (one.input.kind !== 'event') return one;
  return { ...one, input: { ...one.input, event: { ...one.input.event, rev: 0 } } };
}

describe('finds nothing in', () => {
  it('a sound story, and counts what is in it', () => {
    const { history, records } = sound();
    expect(check(history, records, shop)).toEqual({
      violations: [],
      counts: { acked: 5, atRisk: 0, kills: 0, records: 11, fired: 2, granted: 3, redeemed: 1 },
    });
  });

  it.each<[what: string, plant: (story: Story) => Story]>([
    [
      'a claim whose answer was lost, and that was made and granted again',
      (story) => withMore(story, claimed(1_500, 'nudge-toast', FIRST)),
    ],
    [
      'claims that are on record and were not granted',
      (story) =>
        withMore(
          story,
          claimed(2_500, 'nudge-toast', SECOND),
          claimed(2.5 * MINUTE, 'nudge-countdown', SECOND),
        ),
    ],
    [
      'a place under a cap that is free again after nobody saw the nudge',
      (story) =>
        withMore(
          story,
          added(7.1 * MINUTE, 'event-more', fires('hello', 'nudge-more')),
          clock(17.1 * MINUTE, ends('nudge-more', 'hello', 'expired', false)),
          added(18 * MINUTE, 'event-most', fires('hello', 'nudge-most')),
        ),
    ],
    [
      'a cap that is reached again after its window',
      (story) => withMore(story, added(60 * MINUTE, 'event-more', fires('hello', 'nudge-more'))),
    ],
    [
      'an order that asks for its code again',
      (story) => toldMore(withMore(story, redeemed(5.1 * MINUTE, 'order-1')), told('order-1')),
    ],
    [
      'an offer that is made after the last one was spent',
      (story) =>
        withMore(
          story,
          added(7.5 * MINUTE, 'event-more'),
          clock(8.5 * MINUTE, fires('idle', 'nudge-second')),
        ),
    ],
  ])('%s', (_, change) => {
    const { history, records } = change(sound());
    expect(check(history, records, shop).violations).toEqual([]);
  });
});

it('counts the events that a kill puts at risk: acked just before, or under way', () => {
  const at = (invoked: number, returned: number | null, id: string): Operation => ({
    ...(acked(id) as Operation<'event'>),
    invoked,
    returned,
    result: returned === null ? null : 'acked',
  });
  const kill = (invoked: number): Operation => ({
    op: 'kill',
    id: 'hub',
    invoked,
    returned: invoked + 20,
    result: 'done',
  });
  const history = [
    at(800, 900, 'long-before'),
    at(800, 901, 'just-before'),
    at(990, 1_000, 'at-the-moment'),
    at(990, 1_500, 'under-way'),
    at(990, null, 'lost-1'),
    at(1_010, 1_500, 'while-it-dies'),
    at(1_021, 1_500, 'after'),
    kill(1_000),
    kill(1_490),
  ];
  expect(check(history, [], shop).counts).toMatchObject({ kills: 2, atRisk: 5 + 4 });
});
