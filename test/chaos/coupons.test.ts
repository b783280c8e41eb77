import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { mug, openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

const RACERS = 16;

it(
  'sixteen orders race for one code over three hubs, one of which is killed: one order gets it',
  async () => {
    const codes = runs(12, 500);
    const redis = await RedisServer.start();
    const hubs = await startHubs(3, { REDIS_URL: redis.url });
    let twice = 0;
    let spent = 0;
    for (let round = 0; round < codes; round++) {
      const page = await openPage(hubs[round % 3]?.url ?? '');
      await page.track('add_to_cart', { items: [mug] });
      const offer = await page.until(() => page.nudges.find((nudge) => nudge.offer)?.offer);
      page.close();
      const isKilled = round % 10 === 5;
      const victim = hubs[(round + 1) % 3];
      const orders = Array.from({ length: RACERS }, (_, index) => `order-${round}-${index}`);
      const asked = orders.map((orderId, index) =>
        call(hubs[index % 3]?.url ?? '', 'POST', `/v1/coupons/${offer.code}/redeem`, { orderId }).catch(
          () => null,
        ),
      );
      if (isKilled) await victim?.kill();
      const answers = await Promise.all(asked);
      if (isKilled) await victim?.restart();
      // Whoever was not answered asks again.
      const settled = await Promise.all(
        orders.map(async (orderId, index) =>
          answers[index]?.status === 200 || answers[index]?.status === 409
            ? answers[index]
            : call(hubs[0]?.url ?? '', 'POST', `/v1/coupons/${offer.code}/redeem`, { orderId }),
        ),
      );
      const winners = settled.filter((answer) => answer?.status === 200).length;
      spent += winners > 0 ? 1 : 0;
      if (winners > 1) twice++;
    }
    score({
      row: 'R10',
      measure: 'codes spent twice, 16 racers, 3 hubs, kills',
      goal: '0',
      result: `${twice} of ${codes} codes, ${codes * RACERS} claims`,
      runs: codes,
      isMet: twice === 0,
    });
    expect(twice).toBe(0);
    expect(spent).toBe(codes);
  },
  LONG_MS,
);
