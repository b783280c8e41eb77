import { expect, it, onTestFinished, vi } from 'vitest';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { SiteId } from '../../shared/ids.ts';
import { Rule } from '../../shared/rule.ts';
import { engineOverRedis } from '../support/engine-over-redis.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { rule } from '../support/sample-site.ts';

const gift = (count: number) =>
  rule('gift', {
    on: 'add_to_cart',
    nudge: { kind: 'countdown', title: '{{offer.percentOff}} % off' },
    offer: { percentOff: 10, validFor: '15m', budget: { count } },
  });

async function shopWithOneGift() {
  let now = 1_795_000_000_000;
  const redis = await RedisServer.start();
  const { store, sites, addToCart, shopper } = await engineOverRedis(redis, [gift(1)], () => now);
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  return {
    redis,
    store,
    sites,
    pass(ms: number) {
      now += ms;
      vi.advanceTimersByTime(ms);
    },
    /** Whether a shopper who comes now is given it. */
    async isGivenTo(name: string) {
      await addToCart(name);
      const [seq] = await store.readSeqs([shopper(name)]);
      return seq === 1;
    },
  };
}

it('what another hub only held, and has not given out, is given to whoever comes half a minute later', async () => {
  const { redis, store, pass, isGivenTo } = await shopWithOneGift();
  const { taken, held } = new RedisKeys().budget('test/gift');
  await redis.command('SADD', new RedisKeys().budgets, 'test/gift');
  await redis.command('SET', taken, 1);
  await redis.command('HSET', held, 'never-made', `1 ${await store.time()} 0`);
  expect(await isGivenTo('one')).toBe(false);
  pass(11_000);
  await store.upkeep();
  pass(20_000);
  expect(await isGivenTo('another')).toBe(true);
  expect(await isGivenTo('third')).toBe(false);
});

it('a budget that is raised has more for whoever comes next', async () => {
  const { sites, isGivenTo } = await shopWithOneGift();
  expect(await isGivenTo('one')).toBe(true);
  expect(await isGivenTo('another')).toBe(false);
  expect(await sites.putRule(SiteId.parse('test'), Rule.parse(gift(2)), 'owner')).toEqual([]);
  expect(await isGivenTo('third')).toBe(true);
});

it('one that is spent later does not put off when the first is asked for again', async () => {
  const { sites, pass } = await shopWithOneGift();
  const site = SiteId.parse('test');
  sites.noteSpentBudget(site, 'first');
  pass(20_000);
  sites.noteSpentBudget(site, 'second');
  expect(sites.live(site).spentBudgets).toEqual(new Set(['first', 'second']));
  pass(11_000);
  expect(sites.live(site).spentBudgets).not.toContain('first');
});
