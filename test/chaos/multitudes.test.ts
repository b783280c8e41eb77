import { it } from 'vitest';
import { RedisServer } from '../support/rig/redis-server.ts';
import { CrowdedShop, startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

const SHOPPERS = 400;
const TABS = 3;
const EVENTS = 10;
const KILLS = 4;

it.runIf(runs(0, 1))(
  'crowd after crowd comes to three hubs that are killed now and then: nothing counts twice, and nothing is painted twice',
  async () => {
    const crowds = runs(0, 2, 45);
    const sums = { sent: 0, granted: 0, counted: 0, painted: 0 };
    for (let crowd = 0; crowd < crowds; crowd++) {
      const redis = await RedisServer.start();
      const hubs = await startHubs(3, { REDIS_URL: redis.url });
      const urls = () => hubs.map(({ url }) => url);
      const crowded = new CrowdedShop({ urls, shoppers: SHOPPERS, tabs: TABS, events: EVENTS });
      for (let kill = 1; kill <= KILLS; kill++) {
        await crowded.untilAcked(kill / (KILLS + 1));
        const hub = hubs[kill % hubs.length];
        await crowded.history.kill('hub', () => hub?.kill());
        await hub?.restart();
      }
      await crowded.finish();
      const verdict = await crowded.judge(redis.url);
      const of = (...invariants: string[]) =>
        verdict.violations.filter(({ invariant }) => invariants.includes(invariant)).length;
      sums.sent += crowded.history.operations.filter(({ op }) => op === 'event').length;
      sums.granted += verdict.counts.granted;
      sums.counted += of('countedOnce', 'capsExact');
      sums.painted += of('paintedOnce', 'reasonOnRecord');
      crowded.expectSound(verdict);
      await Promise.all(hubs.map((hub) => hub.kill()));
      await redis.kill();
    }
    score({
      row: 'R5',
      measure: `double effects, 30 % sent twice, over 3 hubs, ${crowds * KILLS} kills`,
      goal: '0',
      result: `${sums.counted} in ${sums.sent} sent`,
      runs: crowds,
      isMet: sums.counted === 0,
    });
    score({
      row: 'R6',
      measure: `nudges painted twice, ${TABS} tabs on 3 hubs, ${crowds * KILLS} kills`,
      goal: '0',
      result: `${sums.painted} of ${sums.granted} granted`,
      runs: crowds,
      isMet: sums.painted === 0,
    });
  },
  LONG_MS,
);
