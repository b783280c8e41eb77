import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Fold, RememberedFold } from '../../server/analytics/fold.ts';
import { startFolds } from '../../server/analytics/log-folds.ts';
import { MOST_CHANGES } from '../../server/analytics/log-readers.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { StoreUnavailable } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

const HUBS = 3;
const RECORDS = 300;
/** Others stop then, also where they should not have to. */
const MOST_WRITTEN = 6_000;
const logger = pino({ level: 'silent' });

/** Counts records, in the store and in memory. */
function counting(): RememberedFold & { readonly heard: { count: number } } {
  const heard = { count: 0 };
  return {
    name: 'counting',
    heard,
    *changesOf() {
      yield ['records', 1];
    },
    absorb(changes) {
      for (const [, change] of changes) heard.count += change;
    },
    forget() {
      heard.count = 0;
    },
  };
}

/** Each of which counts; the first one's store does what the test wants. */
async function hubs(count: number) {
  const redis = await RedisServer.start();
  const stores = await Promise.all(Array.from({ length: count }, () => RedisStore.open(redis.url)));
  const folds = stores.map(() => counting());
  const readers = await Promise.all(
    stores.map((store, index) => startFolds(store, folds[index] ? [folds[index]] : [], logger)),
  );
  onTestFinished(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all(stores.map((store) => store.close()));
  });
  const [one] = stores;
  if (!one) throw new Error('No store.');
  return { redis, readers, folds, one };
}

/** A store of which some calls fail, as `isFailing` says. */
function failing(
  store: RedisStore,
  isFailing: (call: string, given: readonly unknown[]) => boolean,
): RedisStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown =>
        isFailing(String(name), given)
          ? Promise.reject(new StoreUnavailable('Redis can’t be used now.'))
          : (value as (...given: unknown[]) => unknown).apply(target, given);
    },
  });
}

/** Moves the sums as another hub would: an entry of each partition at a time. */
async function moveOn(store: RedisStore): Promise<void> {
  const from = await store.readFoldPlace('counting');
  const { records, next } = await store.readLog(from, 16);
  await store.advanceFold('counting', from, next, new Map([['records', records.length]]), true);
}

async function commit(store: RedisStore, number: number): Promise<void> {
  const shopper = ShopperId.parse(`shopper-${number % 40}`.padEnd(22, '-'));
  const key = { site: SiteId.parse('shop'), shopper };
  const { version, madeBy, now: at } = await store.load(key, []);
  const record = { at, ...key, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } } as const;
  const document = newShopper(shopper, at);
  const nothing = { counts: [], coupons: [], budgets: [] };
  await store.commit({ key, version, madeBy, at, document, records: [record], ...nothing });
}

it('three hubs sum up one log: the sums are exact, each of them knows them, and one that ends is replaced', async () => {
  const { readers, folds, one } = await hubs(HUBS);
  for (let number = 0; number < RECORDS / 2; number++) await commit(one, number);
  await readers[0]?.stop();
  for (let number = RECORDS / 2; number < RECORDS; number++) await commit(one, number);
  const sum = async () => (await one.readFold('counting')).sums.get('records');
  await until('all is summed up', async () => (await sum()) === RECORDS, 15_000);
  for (const index of [1, 2]) await readers[index]?.catchUp();
  expect(await sum()).toBe(RECORDS);
  expect(folds.slice(1).map(({ heard }) => heard.count)).toEqual([RECORDS, RECORDS]);
}, 40_000);

it('records that change much are summed up in steps that keep the store for no longer than others', async () => {
  const { one } = await hubs(1);
  const changesOfOne = MOST_CHANGES / 4;
  const sizes: number[] = [];
  const watched = failing(one, (call, given) => {
    if (call === 'advanceFold') sizes.push((given[3] as ReadonlyMap<string, number>).size);
    return false;
  });
  for (let number = 0; number < 20; number++) await commit(one, number);
  const wide: Fold = {
    name: 'wide',
    *changesOf({ shopper }) {
      for (let index = 0; index < changesOfOne; index++) yield [`${shopper} ${index}`, 1];
    },
  };
  const reader = await startFolds(watched, [wide], logger);
  await reader.catchUp();
  await reader.stop();
  expect((await one.readFold('wide')).sums.size).toBe(20 * changesOfOne);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_CHANGES);
});

it('a hub that leaves the log to another knows what that one adds, step by step', async () => {
  const { readers, folds, one } = await hubs(2);
  await commit(one, 0);
  await until(
    'one is counted',
    async () => (await one.readFold('counting')).sums.get('records') === 1,
    15_000,
  );
  const counts = () => folds.map(({ heard }) => heard.count);
  await until('both know', async () => counts().every((count) => count === 1), 15_000);
  for (let number = 1; number <= 20; number++) {
    await commit(one, number);
    for (const reader of readers) await reader.catchUp();
    expect(counts()).toEqual([number + 1, number + 1]);
  }
}, 40_000);

it('a hub that missed more steps than are kept reads all sums anew', async () => {
  const { readers, folds, one } = await hubs(1);
  const STEPS = 300;
  for (let step = 0; step < STEPS; step++) {
    await commit(one, step);
    await moveOn(one);
  }
  await readers[0]?.catchUp();
  expect((await one.readFold('counting')).sums.get('records')).toBe(STEPS);
  expect(folds[0]?.heard.count).toBe(STEPS);
}, 40_000);

it('whoever catches up has all that was there when they began, and does not wait until others stop to write', async () => {
  const { readers, folds, one } = await hubs(2);
  let written = 0;
  let isOver = false;
  const write = async (shopper: number) => {
    while (!isOver && written < MOST_WRITTEN) {
      await commit(one, shopper);
      written++;
    }
  };
  const writers = Promise.all(Array.from({ length: 20 }, (_, shopper) => write(shopper)));
  await until('there is something to read', () => written >= RECORDS);
  const before = written;
  await readers[1]?.catchUp();
  const after = written;
  const { sums } = await one.readFold('counting');
  isOver = true;
  await writers;
  expect(after).toBeLessThan(MOST_WRITTEN);
  expect(sums.get('records')).toBeGreaterThanOrEqual(before);
  expect(folds[1]?.heard.count).toBeGreaterThanOrEqual(before);
});

it('whoever catches up has all, also where another hub has moved the sums in between', async () => {
  const redis = await RedisServer.start();
  const stores = await Promise.all([RedisStore.open(redis.url), RedisStore.open(redis.url)]);
  // Nobody reads but when told to.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const [one, other] = await Promise.all(stores.map((store) => startFolds(store, [counting()], logger)));
  onTestFinished(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await Promise.all(stores.map((store) => store.close()));
  });
  for (const [count, reader] of [one, other, one].entries()) {
    await commit(stores[0], count);
    await reader?.catchUp();
    expect((await stores[0].readFold('counting')).sums.get('records')).toBe(count + 1);
  }
});

it('what another hub added is added once in memory, though every second answer fails to come', async () => {
  const redis = await RedisServer.start();
  const [one, other] = await Promise.all([RedisStore.open(redis.url), RedisStore.open(redis.url)]);
  let asked = 0;
  const isFailing = (call: string) => call === 'readFoldSteps' && ++asked % 2 === 0;
  const fold = counting();
  for (let number = 0; number < 60; number++) await commit(one, number);
  const reader = await startFolds(failing(other, isFailing), [fold], logger);
  onTestFinished(async () => {
    await reader.stop();
    await Promise.all([one.close(), other.close()]);
  });
  for (let number = 60; number < 100; number++) {
    await commit(one, number);
    await moveOn(one);
    await reader.catchUp().catch(() => undefined);
  }
  await until(
    'it could be caught up with',
    () =>
      reader.catchUp().then(
        () => true,
        () => false,
      ),
    15_000,
  );
  expect(asked).toBeGreaterThan(40);
  expect(fold.heard.count).toBe(100);
}, 40_000);

it('where a server takes over that has summed up less, all is summed up again, though nothing new comes', async () => {
  const { redis, readers, folds, one } = await hubs(1);
  for (let number = 0; number < 20; number++) await commit(one, number);
  await readers[0]?.catchUp();
  const { place, sums, steps } = new RedisKeys().fold('counting');
  await redis.command('DEL', place, sums, steps);
  await readers[0]?.catchUp();
  expect((await one.readFold('counting')).sums.get('records')).toBe(20);
  expect(folds[0]?.heard.count).toBe(20);
}, 20_000);

it('sums that can’t be followed don’t keep a hub from moving others', async () => {
  const redis = await RedisServer.start();
  const store = await RedisStore.open(redis.url);
  let isSilent = false;
  const isFailing = (call: string) => isSilent && /^readFold(Steps)?$/.test(call);
  const followed = counting();
  const plain = { name: 'plain', changesOf: () => [['records', 1]] as const };
  const reader = await startFolds(failing(store, isFailing), [followed, plain], logger);
  onTestFinished(async () => {
    await reader.stop();
    await store.close();
  });
  await commit(store, 0);
  await reader.catchUp();
  isSilent = true;
  await commit(store, 1);
  await moveOn(store);
  for (let number = 2; number < 10; number++) await commit(store, number);
  const sum = async () => (await store.readFold('plain')).sums.get('records');
  await until('the others are moved', async () => (await sum()) === 10, 15_000);
  isSilent = false;
  await reader.catchUp();
  expect(followed.heard.count).toBe(10);
}, 40_000);
