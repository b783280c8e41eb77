import { describe, expect, it } from 'vitest';
import { CaptureHours } from '../../../server/analytics/capture-health/capture-hours.ts';
import type { CaptureFault } from '../../../server/core/capture-faults.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { SiteId } from '../../../shared/ids.ts';
import { eventOf, type GivenName } from '../support/sample-event.ts';
import { SHOPPER, START } from '../support/story.ts';

const HOUR_MS = 3_600_000;
const SITE = SiteId.parse('demo');
/** The beginning of an hour. */
const NOW = Math.ceil(START / HOUR_MS) * HOUR_MS;

function record(
  name: GivenName,
  more: {
    at?: number;
    site?: SiteId;
    source?: 'page' | 'server';
    faults?: readonly CaptureFault[];
    params?: object;
  } = {},
): LogRecord {
  const { at = NOW, site = SITE, source = 'page', faults, params = {} } = more;
  const event = eventOf({ id: 'event-0001', name, params });
  const known = { at, site, shopper: SHOPPER, version: 1, seed: [1, 2, 3, 4] } as const;
  return { ...known, input: { kind: 'event', source, event }, ...(faults ? { faults } : {}) };
}

function told(hours: CaptureHours, ...records: LogRecord[]): string[] {
  const changes = records.flatMap((one) => Array.from(hours.changesOf(one)));
  hours.absorb(changes);
  return changes.map(([key]) => key);
}

const order = { transaction_id: 'order-1' };

describe('what pages tell is counted by the hour of the store’s clock', () => {
  const hours = new CaptureHours();
  told(
    hours,
    record('view_item'),
    record('view_item', { at: NOW + HOUR_MS - 1 }),
    record('view_item', { at: NOW - 1 }),
    record('view_item', { site: SiteId.parse('other') }),
    record('quiz_finished'),
    record('add_to_cart', { faults: ['no_price', 'unknown_item'] }),
    record('add_to_cart', { faults: ['no_price'] }),
    record('capture_fault', {
      params: { event: 'purchase', fault: 'no_transaction_id' },
      faults: ['no_transaction_id'],
    }),
    record('purchase', { params: order, source: 'server' }),
    record('refund', { params: order, source: 'server' }),
    { ...record('view_item'), input: { kind: 'clock' } },
  );
  const read = hours.read(SITE, NOW + HOUR_MS / 2);

  it('over eight days, the hour that is under way as the last', () => {
    expect(read).toHaveLength(192);
    expect(read.at(-1)?.at).toBe(NOW);
    expect(read[0]?.at).toBe(NOW - 191 * HOUR_MS);
  });

  it('by name and by fault', () => {
    expect(read.at(-1)?.told).toEqual(
      new Map([
        ['view_item', 2],
        ['quiz_finished', 1],
        ['add_to_cart', 2],
      ]),
    );
    expect(read.at(-1)?.faults).toEqual(
      new Map([
        ['add_to_cart\nno_price', 2],
        ['add_to_cart\nunknown_item', 1],
        ['purchase\nno_transaction_id', 1],
      ]),
    );
    expect(read.at(-2)?.told).toEqual(new Map([['view_item', 1]]));
    expect(read.at(-3)?.told.size).toBe(0);
  });

  it('of what the shop’s server tells the purchases alone, by themselves', () => {
    expect(read.at(-1)?.serverPurchases).toBe(1);
    expect(read.at(-2)?.serverPurchases).toBe(0);
  });

  it('each site by itself', () => {
    expect(hours.read(SiteId.parse('other'), NOW).at(-1)?.told).toEqual(new Map([['view_item', 1]]));
    expect(hours.read(SiteId.parse('third'), NOW).every((hour) => hour.told.size === 0)).toBe(true);
  });

  it('and nothing of an hour that has not come', () => {
    expect(hours.read(SITE, NOW - 1).at(-1)?.told).toEqual(new Map([['view_item', 1]]));
  });
});

describe('what is over', () => {
  it('is forgotten after eight days, in memory and in the store', () => {
    const hours = new CaptureHours();
    const [old = ''] = told(hours, record('view_item', { at: NOW - 192 * HOUR_MS }));
    const [kept = ''] = told(hours, record('view_item', { at: NOW - 191 * HOUR_MS }));
    expect(hours.read(SITE, NOW - HOUR_MS)[0]?.told.size).toBe(1);
    const [last = ''] = told(hours, record('view_item'));
    const first = hours.firstKept(NOW);
    expect([old < first, kept >= first, last >= first]).toEqual([true, true, true]);
    expect(hours.read(SITE, NOW - HOUR_MS)[0]?.told.size).toBe(0);
    expect(hours.read(SITE, NOW)[0]?.told.size).toBe(1);
  });

  it('comes first in the order of keys, however long ago', () => {
    const hours = new CaptureHours();
    const [nine = '', ten = ''] = [9, 10].flatMap((hour) =>
      told(hours, record('search', { at: hour * HOUR_MS })),
    );
    expect(nine < ten).toBe(true);
  });

  it('counts again where the store went back to before it', () => {
    const hours = new CaptureHours();
    told(hours, record('view_item'));
    hours.forget();
    told(hours, record('view_item', { at: NOW - 300 * HOUR_MS }));
    expect(hours.read(SITE, NOW - 300 * HOUR_MS).at(-1)?.told.size).toBe(1);
  });

  it('comes back only from the store', () => {
    const hours = new CaptureHours();
    const changes = [...hours.changesOf(record('view_item'))];
    hours.absorb(changes);
    hours.forget();
    expect(hours.read(SITE, NOW).at(-1)?.told.size).toBe(0);
    hours.absorb(changes);
    expect(hours.read(SITE, NOW).at(-1)?.told).toEqual(new Map([['view_item', 1]]));
  });
});

describe('where there are more sums than are kept', () => {
  const names = ['view_item', 'add_to_cart', 'search'];
  /** Three sums an hour. */
  const days = Array.from({ length: 48 }, (_, hour) =>
    names.map((name) => record(name, { at: NOW - (47 - hour) * HOUR_MS })),
  ).flat();
  const hoursTold = (hours: CaptureHours) =>
    hours.read(SITE, NOW).filter((hour) => hour.told.size > 0).length;

  it('the oldest hours go', () => {
    const hours = new CaptureHours(30);
    const keys = told(hours, ...days);
    expect(hoursTold(hours)).toBe(10);
    const first = hours.firstKept(NOW);
    expect(keys.filter((key) => key >= first)).toHaveLength(30);
  });

  it('the same on each hub, in however many steps it hears of them', () => {
    const [one, other] = [new CaptureHours(30), new CaptureHours(30)];
    told(one, ...days);
    for (const each of days) told(other, each);
    expect(other.read(SITE, NOW)).toEqual(one.read(SITE, NOW));
    expect(other.firstKept(NOW)).toBe(one.firstKept(NOW));
  });

  it('but never the one that is under way', () => {
    const hours = new CaptureHours(1);
    told(hours, ...days);
    expect(hoursTold(hours)).toBe(1);
  });
});
