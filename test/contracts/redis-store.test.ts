import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { MOST_CHANGES } from '../../server/analytics/log-readers.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { writtenAs } from '../../server/store/redis-document.ts';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { RedisLane } from '../../server/store/redis-lane.ts';
import { RedisLink } from '../../server/store/redis-link.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { newLogKey } from '../../server/store/log-key.ts';
import { type Commit, LOG_START, type ShopperKey } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { RedisServer, startCluster, startPair } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { storeContract } from './store-contract.ts';

storeContract('the store on one Redis server', async () => {
  const redis = await RedisServer.start();
  return { open: (clock) => RedisStore.open(redis.url, { clock }) };
});

storeContract('the store on a primary with a replica', async () => {
  const { primary } = await startPair();
  return { open: (clock) => RedisStore.open(primary.url, { clock }) };
});

/** One cluster serves all tests: each has keys of its own. */
describe('on a cluster of three', () => {
  let places = 0;
  let cluster: Promise<RedisServer[]> | null = null;
  const ends: (() => Promise<void>)[] = [];
  afterAll(() => Promise.all(ends.map((end) => end())));
  const place = async () => {
    cluster ??= startCluster(3, { atEnd: (end) => void ends.push(end) });
    const servers = await cluster;
    const url = `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    const prefix = `place${places++}`;
    return { servers, open: (clock: () => number) => RedisStore.open(url, { clock, prefix }) };
  };
  storeContract('the store on a cluster', place);

  it('deadlines in the other partitions are handed out while one server is away', async () => {
    const { servers, open } = await place();
    let now = 1_795_000_000_000;
    const store = await open(() => now);
    onTestFinished(() => store.close());
    const keys = fortyShoppers();
    for (const key of keys)
      await commitOn(store, { key, document: { ...newShopper(key.shopper, now), wakeAt: now + 1_000 } });
    now += 1_000;
    const [away] = servers;
    away?.freeze();
    const claimed = await store.claimDue(500, 10_000);
    away?.thaw();
    expect(claimed.length).toBeGreaterThan(0);
    expect(claimed.length).toBeLessThan(keys.length);
    now += 10_000;
    const all = await until('the server is back', async () => {
      await store.ping();
      return store.claimDue(500, 10_000);
    });
    expect(new Set(all)).toEqual(new Set(keys));
  });
});

const site = SiteId.parse('shop');
const someone = { site, shopper: ShopperId.parse('x'.repeat(22)) };

function fortyShoppers(): ShopperKey[] {
  return Array.from({ length: 40 }, (_, index) => ({
    site,
    shopper: ShopperId.parse(`shopper${index}`.padEnd(22, '-')),
  }));
}

/** As many hubs as there are names, over one Redis. */
async function openHubs(redis: RedisServer, count: number): Promise<RedisStore[]> {
  const stores = await Promise.all(Array.from({ length: count }, () => RedisStore.open(redis.url)));
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });
  return stores;
}

async function commitOn(
  store: RedisStore,
  more: Partial<Commit> = {},
  how: 'stored' | 'remembered' = 'stored',
) {
  const key = more.key ?? someone;
  const { version, madeBy, now: at } = await store.load(key, more.counts ?? [], how);
  const document = { ...newShopper(key.shopper, at), seq: version + 1 };
  const nothing = { counts: [], records: [], coupons: [], budgets: [] };
  return store.commit({ key, version, madeBy, at, document, ...nothing, ...more });
}

describe('several hubs over one Redis', () => {
  it('what one remembers and another has changed since is refused, and then read anew', async () => {
    const [one, other] = await openHubs(await RedisServer.start(), 2);
    if (!one || !other) throw new Error('No hubs.');
    expect(await commitOn(one)).toMatchObject({ ok: true });
    expect(await one.load(someone, [], 'remembered')).toMatchObject({ version: 1, isFresh: false });
    expect(await commitOn(other)).toMatchObject({ ok: true });
    expect(await commitOn(one, {}, 'remembered')).toEqual({ ok: false, why: 'conflict' });
    expect(await one.load(someone, [], 'remembered')).toMatchObject({ version: 2, isFresh: true });
  });

  it('whom one remembers and another has erased is remembered no longer than until it is read', async () => {
    const [one, other] = await openHubs(await RedisServer.start(), 2);
    if (!one || !other) throw new Error('No hubs.');
    await commitOn(one);
    await other.erase(someone);
    expect(await one.load(someone, [], 'remembered')).toMatchObject({ isFresh: false, isErased: false });
    expect(await one.load(someone, [])).toMatchObject({ isErased: true });
    expect(await one.load(someone, [], 'remembered')).toMatchObject({ isFresh: true, isErased: true });
  });

  it('an event that another hub has counted is not counted again, though this one remembers the shopper', async () => {
    const [one, other] = await openHubs(await RedisServer.start(), 2);
    if (!one || !other) throw new Error('No hubs.');
    await commitOn(one, { counts: ['event-01'] });
    expect(await commitOn(one, { counts: ['event-01'] }, 'remembered')).toEqual({
      ok: false,
      why: 'conflict',
    });
    expect((await other.load(someone, ['event-01', 'event-02'])).counted).toEqual(new Set(['event-01']));
  });

  it('a commit tells on which nodes the shopper has a page open', async () => {
    const [one, other] = await openHubs(await RedisServer.start(), 2);
    if (!one || !other) throw new Error('No hubs.');
    expect(await commitOn(one)).toMatchObject({ nodes: [] });
    await other.enterPages(someone);
    await one.enterPages(someone);
    const result = await commitOn(one);
    expect(result.ok && result.nodes.toSorted()).toEqual([one.node, other.node].toSorted());
    await one.leavePages(someone, other.node);
    expect(await commitOn(other)).toMatchObject({ nodes: [one.node] });
  });

  it('tells for many shoppers at once how many messages were meant for them', async () => {
    const [store] = await openHubs(await RedisServer.start(), 1);
    if (!store) throw new Error('No hub.');
    const keys = fortyShoppers();
    for (const key of keys.slice(0, 30)) await commitOn(store, { key });
    expect(await store.readSeqs(keys)).toEqual(keys.map((_, index) => (index < 30 ? 1 : 0)));
  });

  it('a decision that is seconds old is not committed', async () => {
    const [store] = await openHubs(await RedisServer.start(), 1);
    if (!store) throw new Error('No hub.');
    const { now } = await store.load(someone, []);
    expect(await commitOn(store, { at: now - 6_000 })).toEqual({ ok: false, why: 'conflict' });
    expect(await commitOn(store, { at: now + 1_000 })).toEqual({ ok: false, why: 'conflict' });
    expect(await commitOn(store, { at: now })).toMatchObject({ ok: true });
  });
});

it('a version that another commit has made since, as after a failover, is not committed upon', async () => {
  const redis = await RedisServer.start();
  const [store] = await openHubs(redis, 1);
  if (!store) throw new Error('No hub.');
  await commitOn(store);
  await redis.command('HSET', new RedisKeys().shopper(someone).shopper, 'c', 'another-commit');
  expect(await commitOn(store, {}, 'remembered')).toEqual({ ok: false, why: 'conflict' });
  expect(await commitOn(store)).toMatchObject({ ok: true });
});

it('a commit that took from a budget and is sent again was made, though others have committed since', async () => {
  const redis = await RedisServer.start();
  const [store] = await openHubs(redis, 1);
  if (!store) throw new Error('No hub.');
  const link = await RedisLink.open(redis.url);
  onTestFinished(() => link.close());
  const keys = new RedisKeys();
  const partition = keys.partitions[keys.shopper(someone).partition];
  if (!partition) throw new Error('No partition.');
  const lane = new RedisLane(link, keys, partition, () => '');
  const { version, madeBy, now: at } = await store.load(someone, []);
  const document = newShopper(someone.shopper, at);
  const budgets = [{ name: 'gift', take: 1, most: 1 }];
  const commit = {
    key: someone,
    version,
    madeBy,
    at,
    document,
    counts: [],
    records: [],
    coupons: [],
    budgets,
  };
  const whole = writtenAs(document, null);
  const sealing = { logKey: newLogKey(), isNew: true };
  expect(await lane.commit(commit, whole, 'the-commit', sealing)).toEqual([]);
  expect(await commitOn(store)).toMatchObject({ ok: true });
  expect(await lane.commit(commit, whole, 'the-commit', sealing)).toEqual([]);
  expect(await lane.commit(commit, whole, 'another-commit', sealing)).toBeNull();
  expect(await store.load(someone, [])).toMatchObject({ version: 2 });
});

describe('a document of which each commit writes what changed', () => {
  const { shopper: row } = new RedisKeys().shopper(someone);
  const wholeAndChanges = async (redis: RedisServer) => Number(await redis.command('HLEN', row));
  const grow = async (store: RedisStore, commits: number) => {
    for (let count = 0; count < commits; count++) {
      const { version, madeBy, now: at, document } = await store.load(someone, [], 'remembered');
      const before = document ?? { ...newShopper(someone.shopper, at), viewed: longList };
      const next = { ...before, seq: version + 1, segments: [...before.segments, `segment ${version + 1}`] };
      const nothing = { counts: [], records: [], coupons: [], budgets: [] };
      const commit = { key: someone, version, madeBy, at, document: next, ...nothing };
      expect(await store.commit(commit)).toMatchObject({ ok: true });
    }
  };
  const longList = Array.from({ length: 500 }, (_, index) => `an item with a long name ${index}`);
  const named = (count: number) => Array.from({ length: count }, (_, index) => `segment ${index + 1}`);

  it('is the same for whoever remembers it and whoever reads it, after any number of changes', async () => {
    const redis = await RedisServer.start();
    const [writer, reader] = await openHubs(redis, 2);
    if (!writer || !reader) throw new Error('No hubs.');
    for (const commits of [1, 31, 1, 1, 40]) {
      await grow(writer, commits);
      const [known, read] = [await writer.load(someone, [], 'remembered'), await reader.load(someone, [])];
      expect(known.isFresh).toBe(false);
      expect(read.document).toEqual(known.document);
      expect(read.document?.segments).toEqual(named(read.version));
    }
  });

  it('goes on from what another hub wrote, and is written whole again before it has too many parts', async () => {
    const redis = await RedisServer.start();
    const [one, other] = await openHubs(redis, 2);
    if (!one || !other) throw new Error('No hubs.');
    await grow(one, 1);
    const fields = await wholeAndChanges(redis);
    await grow(one, 10);
    await grow(other, 10);
    expect(await wholeAndChanges(redis)).toBe(fields + 20);
    await grow(other, 13);
    expect(await wholeAndChanges(redis)).toBeLessThanOrEqual(fields + 1);
    expect((await one.load(someone, [])).document?.segments).toEqual(named(34));
  });

  it('is read whole where nothing tells since when', async () => {
    const redis = await RedisServer.start();
    const [one, other] = await openHubs(redis, 2);
    if (!one || !other) throw new Error('No hubs.');
    await commitOn(one);
    await redis.command('HDEL', row, 'b');
    expect((await other.load(someone, [])).document?.seq).toBe(1);
    expect(await commitOn(other)).toMatchObject({ ok: true });
    expect((await one.load(someone, [])).document?.seq).toBe(2);
  });

  it('has a change once, though its commit is sent again, and not at all when others have committed since', async () => {
    const redis = await RedisServer.start();
    const [store] = await openHubs(redis, 1);
    if (!store) throw new Error('No hub.');
    await grow(store, 2);
    const { lane, commit, written } = await nextChange(redis, store);
    const sealing = { logKey: newLogKey(), isNew: false };
    expect(written.isWhole).toBe(false);
    expect(await lane.commit(commit, written, 'the-commit', sealing)).toEqual([]);
    expect(await lane.commit(commit, written, 'the-commit', sealing)).toEqual([]);
    expect((await store.load(someone, [])).document?.segments).toEqual(named(3));
    await commitOn(store, { document: { ...newShopper(someone.shopper, 0), seq: 99 } });
    expect(await lane.commit(commit, written, 'the-commit', sealing)).toBeNull();
    expect(await store.load(someone, [])).toMatchObject({ version: 4, document: { seq: 99 } });
  });

  /** A commit upon what is stored that adds a segment, ready to be sent. */
  async function nextChange(redis: RedisServer, store: RedisStore) {
    const link = await RedisLink.open(redis.url);
    onTestFinished(() => link.close());
    const keys = new RedisKeys();
    const partition = keys.partitions[keys.shopper(someone).partition];
    const { version, madeBy, now: at, document } = await store.load(someone, []);
    if (!partition || !document) throw new Error('Nobody is there.');
    const next = { ...document, segments: [...document.segments, `segment ${version + 1}`] };
    const layers = { wholeSize: 100_000, changes: version - 1, changesSize: 0 };
    const nothing = { counts: [], records: [], coupons: [], budgets: [] };
    return {
      lane: new RedisLane(link, keys, partition, () => ''),
      commit: { key: someone, version, madeBy, at, document: next, ...nothing },
      written: writtenAs(next, { document, layers }),
    };
  }

  it('is written whole where more would change than stays', async () => {
    const redis = await RedisServer.start();
    const [store] = await openHubs(redis, 1);
    if (!store) throw new Error('No hub.');
    await commitOn(store, {}, 'remembered');
    const fields = await wholeAndChanges(redis);
    await grow(store, 1);
    const { version, madeBy, now: at, document } = await store.load(someone, [], 'remembered');
    const next = { ...newShopper(someone.shopper, at), viewed: longList };
    expect(document).not.toEqual(next);
    const nothing = { counts: [], records: [], coupons: [], budgets: [] };
    await store.commit({ key: someone, version, madeBy, at, document: next, ...nothing });
    expect(await wholeAndChanges(redis)).toBe(fields);
    expect((await store.load(someone, [])).document).toEqual(next);
  });
});

it('as many sums as there may be in a step move in one', async () => {
  const [store] = await openHubs(await RedisServer.start(), 1);
  if (!store) throw new Error('No hub.');
  const changes = new Map(Array.from({ length: MOST_CHANGES }, (_, index) => [`pair ${index}`, index % 7]));
  expect(await store.advanceFold('pairs', LOG_START, 'later', changes)).toBe(true);
  const { sums } = await store.readFold('pairs');
  expect(sums.size).toBe(MOST_CHANGES);
  expect(sums.get('pair 19999')).toBe(19_999 % 7);
});

describe('a part of a budget that was held by a hub that died', () => {
  const budgets = [{ name: 'gift', take: 1, most: 1 }];
  const held = async (redis: RedisServer) =>
    Number(await redis.command('HLEN', new RedisKeys().budget('shop/gift').held));

  it('is given back where its commit was never made, and that commit is refused for good', async () => {
    const redis = await RedisServer.start();
    let now = 1_795_000_000_000;
    const store = await RedisStore.open(redis.url, { clock: () => now });
    onTestFinished(() => store.close());
    const { taken, held: holds } = new RedisKeys().budget('shop/gift');
    const [mark] = new RedisKeys().partitions.map((partition) => partition.take('lost-commit'));
    await redis.command('SADD', new RedisKeys().budgets, 'shop/gift');
    await redis.command('SET', taken, 1);
    await redis.command('HSET', holds, 'lost-commit', `1 ${now} 0`);
    expect(await commitOn(store, { budgets })).toMatchObject({ why: 'budget_spent' });
    now += 11_000;
    await store.upkeep();
    expect(await redis.command('GET', mark ?? '')).toBe('void');
    expect(await commitOn(store, { budgets })).toMatchObject({ ok: true });
    expect(await held(redis)).toBe(0);
  });

  it('stays taken where its commit was made', async () => {
    const redis = await RedisServer.start();
    let now = 1_795_000_000_000;
    const store = await RedisStore.open(redis.url, { clock: () => now });
    onTestFinished(() => store.close());
    const { taken, held: holds } = new RedisKeys().budget('shop/gift');
    await redis.command('SADD', new RedisKeys().budgets, 'shop/gift');
    await redis.command('SET', taken, 1);
    await redis.command('HSET', holds, 'made-commit', `1 ${now} 0`);
    await redis.command('SET', new RedisKeys().partitions[0]?.take('made-commit') ?? '', 'done');
    now += 11_000;
    await store.upkeep();
    expect(await held(redis)).toBe(0);
    expect(await commitOn(store, { budgets })).toMatchObject({ why: 'budget_spent' });
  });
});

describe('a Redis that would not keep what it is told', () => {
  it.each([
    ['forgets when it restarts', { aof: 'no' }],
    ['makes room by dropping what it has', { maxmemory: '100mb', policy: 'volatile-lru' }],
  ] as const)('is not ready and acks nothing where it %s', async (why, options) => {
    const redis = await RedisServer.start(options);
    const store = await RedisStore.open(redis.url);
    onTestFinished(() => store.close());
    await expect(store.ping()).rejects.toThrow(why);
    await expect(commitOn(store)).rejects.toThrow('ALLOW_VOLATILE_STORE');
    const bold = await RedisStore.open(redis.url, { allowVolatile: true });
    onTestFinished(() => bold.close());
    await bold.ping();
    expect(await commitOn(bold)).toMatchObject({ ok: true });
  });

  it('a replica is not ready, and a Redis that is not there is one clear line', async () => {
    const { replica, primary } = await startPair();
    await expect(RedisStore.open(replica.url)).rejects.toThrow('READONLY');
    await primary.kill();
    await expect(RedisStore.open(primary.url)).rejects.toThrow('Redis does not answer: ');
  }, 30_000);
});

it('an epoch of its own begins when Redis has lost its memory, and the secret is told it again', async () => {
  const redis = await RedisServer.start();
  const store = await RedisStore.open(redis.url);
  onTestFinished(() => store.close());
  const [before, secret] = [store.epoch, await store.readSecret()];
  await commitOn(store);
  await redis.command('FLUSHALL');
  await store.ping();
  expect(store.epoch).not.toBe(before);
  const other = await RedisStore.open(redis.url);
  onTestFinished(() => other.close());
  expect(Buffer.from(await other.readSecret())).toEqual(Buffer.from(secret));
  expect(other.epoch).toBe(store.epoch);
  expect(await store.load(someone, [], 'remembered')).toMatchObject({ version: 0, isFresh: true });
});
