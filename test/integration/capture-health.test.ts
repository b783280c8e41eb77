import { describe, expect, it } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { capture } from '../../widget/sensors/captured-events.ts';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;

const products = ['mug', 'pot'].map((id) => ({ item_id: id, item_name: id, price: 18.5, url: `/${id}` }));
const mug = { item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 2 };
const worth = { currency: 'EUR', value: 37 };

type Told = readonly [name: string, params: object];

/** What a shop pushes to its data layer on the way to an order, done right. */
const wayOf = (order: string): readonly Told[] => [
  ['page_view', { page_location: 'https://shop.test/?q=mugs' }],
  ['view_item', { ...worth, value: 18.5, items: [{ ...mug, quantity: 1 }] }],
  ['add_to_cart', { ...worth, items: [mug] }],
  ['view_cart', { ...worth, items: [mug] }],
  ['begin_checkout', { ...worth, items: [mug] }],
  ['purchase', { ...worth, value: 41.9, shipping: 4.9, transaction_id: order, items: [mug] }],
];

/** A shopper's page: what the shop pushes goes through the widget's own reading of it. */
async function shops(hub: string, told: readonly Told[]): Promise<void> {
  const page = await openPage(hub);
  for (const [name, params] of told) {
    const seen = capture(name, params);
    if (seen) expect(await page.track(seen.name, { ...seen.params })).toMatchObject({ ok: true });
  }
  page.close();
}

async function healthOf({ url }: HubProcess) {
  const { status, body } = await call(url, 'GET', '/v1/capture-health');
  expect(status).toBe(200);
  return body as { status: string; since: number; events: object[]; faults: Record<string, unknown>[] };
}

const brief = ({ faults }: Awaited<ReturnType<typeof healthOf>>) =>
  faults.map(({ event, fault, count, isWarning }) => [event, fault, count, isWarning]);

async function loneHub(): Promise<HubProcess> {
  const dir = await tempDir();
  return startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { products }) });
}

describe('GET /v1/capture-health', () => {
  it('says of a shop that tells all as it should that it is well', async () => {
    const hub = await loneHub();
    expect(await healthOf(hub)).toEqual({ status: 'no_events', since: null, events: [], faults: [] });
    for (let shopper = 0; shopper < 6; shopper++) await shops(hub.url, wayOf(`order-${shopper}`));
    const health = await healthOf(hub);
    expect(health).toMatchObject({ status: 'ok', faults: [] });
    expect(health.events).toHaveLength(6);
    expect(health.events).toContainEqual({
      name: 'purchase',
      lastDay: 6,
      lastAt: expect.any(Number) as number,
    });
    expect(Date.now() - health.since).toBeLessThan(2 * HOUR_MS);
  });

  it('warns where purchases lack their ids, prices are missing and items are unknown, and says what to do', async () => {
    const hub = await loneHub();
    const priceless = { item_id: 'mug', price: 'EUR 18,50' };
    const told: Told[] = [
      ['view_item', { ...worth, value: 18.5, items: [{ ...mug, item_id: 'shopify_DE_1', quantity: 1 }] }],
      ['add_to_cart', { items: [priceless] }],
      ['add_to_cart', { ...worth, items: [mug] }],
      ['purchase', { ...worth, items: [mug] }],
    ];
    for (let shopper = 0; shopper < 5; shopper++) await shops(hub.url, told);
    const health = await healthOf(hub);
    expect(health.status).toBe('warning');
    expect(brief(health)).toEqual([
      ['add_to_cart', 'no_price', 5, true],
      ['purchase', 'no_transaction_id', 5, true],
      ['view_item', 'unknown_item', 5, true],
    ]);
    expect(health.faults.map(({ share }) => share)).toEqual([0.5, 1, 1]);
    const [, thrownAway] = health.faults;
    expect(thrownAway?.['message']).toEqual({
      en: expect.stringContaining('transaction_id') as string,
      ko: expect.stringContaining('주문 번호') as string,
    });
    expect(health.events).toHaveLength(2);
  });

  it('warns where orders come out of nowhere; what the shop’s server tells is not looked at', async () => {
    const hub = await loneHub();
    for (let shopper = 0; shopper < 5; shopper++) {
      const order = { ...worth, transaction_id: `order-${shopper}`, items: [mug] };
      await shops(hub.url, [['purchase', order]]);
      const events = [{ id: `server-${shopper}`, name: 'add_to_cart', at: 0, params: {} }];
      const page = await openPage(hub.url);
      const answer = await call(hub.url, 'POST', '/v1/events', { shopper: page.welcome.shopper, events });
      expect(answer.status).toBe(200);
    }
    const health = await healthOf(hub);
    expect(brief(health)).toEqual([['purchase', 'purchase_without_cart', 5, true]]);
    expect(health.events).toHaveLength(1);
  });

  it('wants the secret key', async () => {
    const { status, type, body } = await call(
      (await loneHub()).url,
      'GET',
      '/v1/capture-health',
      undefined,
      {},
    );
    expect([status, type, body['code']]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
      'unauthorized',
    ]);
  });

  it('answers alike on each hub over one Redis', async () => {
    const redis = await RedisServer.start();
    const SITE_FILE = await siteFile(await tempDir(), { products });
    const env = { REDIS_URL: redis.url, SITE_FILE, DRAIN_MS: '300' };
    const hubs = await Promise.all([startHub(env), startHub(env)]);
    for (let shopper = 0; shopper < 6; shopper++) {
      const inDollars: Told = ['add_to_cart', { items: [mug], currency: 'USD' }];
      await shops(hubs[shopper % 2]?.url ?? '', [...wayOf(`order-${shopper}`), inDollars]);
    }
    const [one, other] = await Promise.all(hubs.map(healthOf));
    expect(one && brief(one)).toEqual([['add_to_cart', 'other_currency', 6, true]]);
    expect(other).toEqual(one);
  });
});

/** Three days of a shop in a hub's log, up to this hour: in the last twelve hours nothing is put into carts. */
async function pastDays(dir: string): Promise<number> {
  const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const clock = { now: 0 };
  const store = await SqliteStore.open(dir, () => clock.now);
  for (let hour = -72; hour < 0; hour++) {
    clock.now = thisHour + hour * HOUR_MS;
    const key = { site: SiteId.parse('test'), shopper: ShopperId.parse(`shopper-${-hour}`.padEnd(22, '-')) };
    const names = [
      ...Array<string>(10).fill('page_view'),
      ...Array<string>(hour < -12 ? 4 : 0).fill('add_to_cart'),
    ];
    const records = names.map((name, index): LogRecord => {
      const event = ShopperEvent.parse({ id: `event-${-hour}-${index}`, name, at: clock.now, params: {} });
      const input = { kind: 'event', source: 'page', event } as const;
      const { site, shopper } = key;
      return { at: clock.now, site, shopper, version: 1, seed: [1, 2, 3, 4], input };
    });
    const { version, madeBy, now: at } = await store.load(key, []);
    const document = newShopper(key.shopper, at);
    const nothing = { counts: [], coupons: [], budgets: [] };
    await store.commit({ key, version, madeBy, at, document, records, ...nothing });
  }
  await store.close();
  return thisHour;
}

it('a hub finds in its log that add_to_cart has stopped, and finds it again when it was killed', async () => {
  const dir = await tempDir();
  const thisHour = await pastDays(dir);
  const env = { DATA_DIR: dir, SITE_FILE: await siteFile(dir, { products }) };
  const hub = await startHub(env);
  await shops(hub.url, [['page_view', {}]]);
  const health = await healthOf(hub);
  expect(health).toMatchObject({ status: 'warning', since: thisHour - 72 * HOUR_MS });
  expect(health.faults).toMatchObject([
    { event: 'add_to_cart', fault: 'silent', count: 48, firstAt: thisHour - 12 * HOUR_MS },
  ]);
  await hub.kill();
  const again = await startHub(env);
  expect(await healthOf(again)).toEqual(health);
  await shops(again.url, [['add_to_cart', { ...worth, items: [mug] }]]);
  expect(await healthOf(again)).toMatchObject({ status: 'ok', faults: [] });
});
