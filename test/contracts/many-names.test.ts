import { expect, it } from 'vitest';
import type { ShopperKey } from '../../server/store/store.ts';
import { engineOverRedis } from '../support/engine-over-redis.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { rule } from '../support/sample-site.ts';

const rules = [rule('hello', { on: 'add_to_cart' })];

async function two() {
  const redis = await RedisServer.start();
  const { store, engine, shopper, addToCart } = await engineOverRedis(redis, rules, () => Date.now());
  const [anonymous, customer] = [shopper('anonymous'), shopper('customer')];
  await addToCart('anonymous');
  const by = anonymous.shopper;
  const proof = { digest: 'one', madeAt: Date.now(), until: Date.now() + 60_000, by, binding: 'binding-1' };
  await engine.submit(customer, [{ kind: 'identify', proof, from: anonymous.shopper, rev: 1 }]);
  const merge = async () => {
    await engine.submit(anonymous, [{ kind: 'depart', to: customer.shopper }]);
    await engine.submit(anonymous, [{ kind: 'clock' }]);
  };
  const left = async () => {
    const loaded = await Promise.all([anonymous, customer].map((key) => store.load(key, [])));
    const log = await Promise.all([anonymous, customer].map((key) => store.readLogOf(key, null)));
    return {
      documents: loaded.map(({ document }) => document).filter((document) => document !== null),
      records: log.flatMap(({ records }) => records),
    };
  };
  return { store, engine, anonymous, customer, merge, left };
}

it('who is merged while they are erased is erased, too: nothing is left of either, nor of what was said of them', async () => {
  for (const moment of ['load', 'erase'] as const) {
    const { store, engine, anonymous, customer, merge, left } = await two();
    const real = store[moment].bind(store) as (key: ShopperKey, ...rest: unknown[]) => never;
    let isOver = false;
    // As its names are read, and once they have been.
    Object.assign(store, {
      [moment]: async (key: ShopperKey, ...rest: unknown[]) => {
        const isMoment = key.shopper === customer.shopper && !isOver;
        isOver ||= isMoment;
        if (isMoment) await merge().catch(() => undefined);
        return real(key, ...rest);
      },
    });
    const names = await engine.erase(customer);
    expect(isOver).toBe(true);
    expect(names).toContain(customer.shopper);
    await engine.submit(anonymous, [{ kind: 'clock' }]).catch(() => undefined);
    expect(await left()).toEqual({ documents: [], records: [] });
  }
});

it('who was shown to be a customer and not handed over yet is erased with them', async () => {
  const { engine, anonymous, customer, left } = await two();
  expect((await engine.erase(customer)).toSorted()).toEqual([anonymous.shopper, customer.shopper].toSorted());
  expect(await left()).toEqual({ documents: [], records: [] });
});

it('an erasure that a hub has died over is finished by the clock, and nothing comes to them meanwhile', async () => {
  const { engine, customer, merge, left } = await two();
  await merge();
  await engine.submit(customer, [{ kind: 'end' }]);
  await expect(engine.submit(customer, [{ kind: 'call', rule: 'hello' }])).rejects.toMatchObject({
    code: 'erased',
  });
  await expect(engine.submit(customer, [{ kind: 'clock' }])).rejects.toMatchObject({ code: 'erased' });
  expect(await left()).toEqual({ documents: [], records: [] });
});

it('a page and the shop’s server that speak of one who has departed are each answered for themselves', async () => {
  const { engine, anonymous, customer, merge } = await two();
  await merge();
  const event = (id: string) => ({ id, name: 'page_view' as const, at: 1, params: {} });
  const [page, server, segment] = await Promise.allSettled([
    engine.submit(anonymous, [
      { kind: 'event', source: 'page', event: { ...event('page-0000001'), rev: 2 } },
    ]),
    engine.submit(anonymous, [{ kind: 'event', source: 'server', event: event('server-00001') }]),
    engine.submit(anonymous, [{ kind: 'call', rule: 'hello', segment: 'all' }]),
  ]);
  expect(page).toMatchObject({ status: 'rejected', reason: { code: 'busy' } });
  expect(server).toMatchObject({ status: 'fulfilled', value: { duplicates: 0 } });
  expect(segment).toMatchObject({ status: 'fulfilled', value: { answer: { kind: 'none' } } });
  expect(await engine.countedFor(customer, ['server-00001', 'page-0000001'])).toEqual(
    new Set(['server-00001']),
  );
});
