import { expect, it } from 'vitest';
import { RedisServer } from '../support/rig/redis-server.ts';
import { CrowdedShop, startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

it(
  'hubs are ended in order and started again one after the other: nothing is lost, and nothing is painted twice',
  async () => {
    const rolls = runs(1, 5);
    const redis = await RedisServer.start();
    const hubs = await startHubs(3, { REDIS_URL: redis.url });
    const up = new Set(hubs);
    const crowded = new CrowdedShop({
      urls: () => [...up].map(({ url }) => url),
      shoppers: 10,
      events: 30 * rolls,
    });
    const codes: (number | null)[] = [];
    for (let roll = 0; roll < rolls; roll++) {
      for (const [index, hub] of hubs.entries()) {
        await crowded.untilAcked((roll * 3 + index + 0.5) / (rolls * 3));
        // A balancer sends nobody to a hub that is not ready.
        up.delete(hub);
        codes.push(await hub.stop());
        await hub.restart();
        up.add(hub);
      }
    }
    await crowded.finish();
    const verdict = await crowded.judge(redis.url);
    const { acked, granted } = verdict.counts;
    score({
      row: 'R19',
      measure: 'rolling deploys of 3 hubs',
      goal: 'lost 0, painted twice 0',
      result: `${verdict.violations.length} violations, ${acked} acked, ${granted} painted`,
      runs: rolls,
      isMet: verdict.violations.length === 0,
    });
    crowded.expectSound(verdict);
    expect(codes).toEqual(codes.map(() => 0));
  },
  LONG_MS,
);

it(
  'a hub that is frozen and wakes up changes nothing by what it held, and its pages are served elsewhere',
  async () => {
    const redis = await RedisServer.start();
    const hubs = await startHubs(2, { REDIS_URL: redis.url });
    const crowded = new CrowdedShop({ urls: () => hubs.map(({ url }) => url), shoppers: 8, events: 40 });
    const [one] = hubs;
    await crowded.untilAcked(0.2);
    one?.freeze();
    await crowded.untilAcked(0.6);
    one?.thaw();
    await crowded.finish();
    crowded.expectSound(await crowded.judge(redis.url));
  },
  LONG_MS,
);
