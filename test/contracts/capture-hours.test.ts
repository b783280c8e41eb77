import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CaptureHours } from '../../server/analytics/capture-health/capture-hours.ts';
import { startFolds } from '../../server/analytics/log-folds.ts';
import { newShopper } from '../../server/core/shopper.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;
const START = 1_795_000_800_000;
const site = SiteId.parse('shop');
const logger = pino({ level: 'silent' });

/** Sums up the same log under a name of its own, as if nothing had been summed up before. */
class Anew extends CaptureHours {
  override readonly name = 'capture-anew';
}

const places: Readonly<Record<string, () => Promise<() => Promise<Store>>>> = {
  'the embedded store': async () => {
    const dir = await tempDir();
    return () => SqliteStore.open(dir, () => START);
  },
  Redis: async () => {
    const { url } = await RedisServer.start();
    return () => RedisStore.open(url, { clock: () => START });
  },
};

/** One commit: so many events of the hour, of which some have a fault. */
async function tell(store: Store, hour: number, count: number, faulty = 0): Promise<void> {
  const key = { site, shopper: ShopperId.parse(`shopper-${hour}`.padEnd(22, '-')) };
  const at = START + hour * HOUR_MS;
  const records = Array.from({ length: count }, (_, index): LogRecord => {
    const id = `event-${hour}-${index}`;
    const event = ShopperEvent.parse({ id, name: 'add_to_cart', at: 0, params: {} });
    const input = { kind: 'event', source: 'page', event } as const;
    const faults = index < faulty ? { faults: ['no_items'] as const } : {};
    return { at, ...key, version: 1, seed: [1, 2, 3, 4], input, ...faults };
  });
  const { version, madeBy, now } = await store.load(key, []);
  const document = newShopper(key.shopper, at);
  const nothing = { counts: [], coupons: [], budgets: [] };
  await store.commit({ key, version, madeBy, at: now, document, records, ...nothing });
}

async function foldsOf(store: Store, hours: CaptureHours) {
  const folds = await startFolds(store, [hours], logger);
  onTestFinished(() => folds.stop());
  return folds;
}

describe.each(Object.entries(places))('over %s', (_, makePlace) => {
  it('the hours are the log’s, also for a hub that starts later, and summed up anew', async () => {
    const open = await makePlace();
    const store = await open();
    onTestFinished(() => store.close().catch(() => undefined));
    const hours = new CaptureHours();
    const folds = await foldsOf(store, hours);
    for (let hour = 0; hour < 30; hour++) {
      await tell(store, hour, 1 + (hour % 5), hour % 2);
      if (hour % 7 === 0) await folds.catchUp();
    }
    await folds.catchUp();
    const now = START + 29 * HOUR_MS;
    const read = hours.read(site, now);
    const counts = read.map(({ told, faults }) => [
      told.get('add_to_cart') ?? 0,
      faults.get('add_to_cart\nno_items') ?? 0,
    ]);
    expect(counts.slice(-30)).toEqual(Array.from({ length: 30 }, (__, hour) => [1 + (hour % 5), hour % 2]));
    expect(
      counts
        .slice(0, -30)
        .flat()
        .every((count) => count === 0),
    ).toBe(true);
    await folds.stop();
    await store.close();

    const again = await open();
    onTestFinished(() => again.close());
    const [later, anew] = [new CaptureHours(), new Anew()];
    for (const one of [later, anew]) {
      await (await foldsOf(again, one)).catchUp();
      expect(one.read(site, now)).toEqual(read);
    }
  });

  it('what is older than eight days is in no memory and in no store', async () => {
    const store = await (await makePlace())();
    onTestFinished(() => store.close());
    const hours = new CaptureHours();
    const folds = await foldsOf(store, hours);
    for (let hour = 0; hour < 250; hour += 10) {
      await tell(store, hour, 1);
      await folds.catchUp();
    }
    const { sums } = await store.readFold(hours.name);
    const kept = Array.from({ length: 25 }, (__, index) => index * 10).filter((hour) => hour > 240 - 192);
    const first = Math.floor(START / HOUR_MS);
    expect(
      [...sums.keys()].map((key) => Number(key.split('\n')[0]) - first).toSorted((a, b) => a - b),
    ).toEqual(kept);
    const inMemory = hours.read(site, START + 240 * HOUR_MS).filter(({ told }) => told.size > 0);
    expect(inMemory).toHaveLength(kept.length);
  });
});

it('two hubs over one Redis have the same hours, whichever of them reads the log', async () => {
  const { url } = await RedisServer.start();
  const hubs = await Promise.all(
    [1, 2].map(async () => {
      const store = await RedisStore.open(url, { clock: () => START });
      const hours = new CaptureHours();
      const folds = await foldsOf(store, hours);
      onTestFinished(() => store.close());
      return { store, hours, folds };
    }),
  );
  for (let hour = 0; hour < 40; hour++) {
    await tell(hubs[hour % 2]?.store as Store, hour, 3, 1);
    if (hour % 9 === 0) await hubs[(hour / 9) % 2]?.folds.catchUp();
  }
  const now = START + 39 * HOUR_MS;
  for (const { folds } of hubs) await folds.catchUp();
  const [one, other] = hubs.map(({ hours }) => hours.read(site, now));
  expect(one?.filter(({ told }) => told.get('add_to_cart') === 3)).toHaveLength(40);
  expect(other).toEqual(one);
});
