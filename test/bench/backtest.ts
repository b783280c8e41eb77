import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBacktest } from '../../server/analytics/backtest/backtest.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';
import { answer } from './answer.ts';
import { median } from './percentiles.ts';

export interface BacktestFigure {
  readonly events: number;
  readonly eventsPerSecond: number;
}

const EVENTS = 200_000;
const SHOPPERS = 20_000;
/** Visits of six events, 200 of them at any time, so that a shopper does something every 30 s. */
const PER_VISIT = 6;
const ABREAST = 200;
/** About as many as in the shop logs that are public. */
const ADDS_ONE_IN = 25;
const ROUNDS = 3;
const NOW = 1_795_000_000_000;

/** An idle-cart rule over a log of 200,000 events in visits, from the embedded store to the report: wall time, thread and all. */
async function measureBacktest(): Promise<BacktestFigure[]> {
  const home =
    process.env['BENCH_DIR'] ?? fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
  const dir = mkdtempSync(join(home, 'backtest-'));
  const store = await SqliteStore.open(dir, () => NOW + EVENTS * 150);
  try {
    await fillLog(store);
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      const { signal } = new AbortController();
      const { events, fired } = await runBacktest(store, task, signal, () => undefined);
      if (events !== EVENTS || fired === 0) throw new Error('The backtest did not do what is measured.');
      rates.push(EVENTS / ((performance.now() - startedAt) / 1_000));
    }
    return [{ events: EVENTS, eventsPerSecond: median(rates) }];
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fillLog(store: SqliteStore): Promise<void> {
  for (let from = 0; from < EVENTS; from += ABREAST)
    await Promise.all(Array.from({ length: ABREAST }, (_, index) => append(store, from + index)));
}

async function append(store: SqliteStore, count: number): Promise<void> {
  const at = NOW + count * 150;
  const visit = Math.floor(count / (ABREAST * PER_VISIT)) * ABREAST + (count % ABREAST);
  const shopper = ShopperId.parse(`bench${String(visit % SHOPPERS).padStart(17, '0')}`);
  const key = { site: file.id, shopper };
  const id = `event-${String(count).padStart(12, '0')}`;
  const name = count % ADDS_ONE_IN === 0 ? 'add_to_cart' : 'view_item';
  const params = {
    currency: 'EUR',
    value: 18.5,
    items: [{ item_id: `item-${count % 300}`, price: 18.5, quantity: 1 }],
  };
  const event = ShopperEvent.parse({ id, name, at, rev: count, params });
  const input = { kind: 'event', source: 'page', event, tab: 'tab-0123456789' } as const;
  const record = { at, ...key, version: 1, seed: [count, 2, 3, 4], input } as const;
  const { version } = await store.load(key, []);
  const document = newShopper(shopper, at);
  const { ok } = await store.commit({
    key,
    version,
    madeBy: '',
    at,
    document,
    counts: [],
    records: [record],
    coupons: [],
    budgets: [],
  });
  if (!ok) throw new Error('A commit was refused.');
}

const file = SiteFile.parse({
  id: 'bench',
  publishableKey: 'pk_bench',
  secretKey: 'sk_bench_bench',
  origins: ['http://bench.example'],
  currency: 'EUR',
  rules: [
    {
      id: 'idle-cart',
      status: 'published',
      on: 'cart_idle',
      after: '20m',
      when: { 'cart.value': { $gte: 10 }, 'shopper.orders': 0 },
      nudge: { kind: 'countdown', title: 'Still thinking it over?' },
      offer: { percentOff: 10, validFor: '15m' },
      limit: { times: 1, per: '1d' },
    },
    {
      id: 'hello',
      status: 'published',
      on: 'view_item',
      when: { 'cart.value': { $gte: 500 } },
      nudge: { kind: 'toast', title: 'Hello' },
    },
  ],
});
const task = { definition: file, products: [], popular: [], rule: 'idle-cart', displays: 'all' } as const;

answer(await measureBacktest());
