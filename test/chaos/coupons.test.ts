import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { mug, openPage } from '../support/page.ts';
import type { HubNode } from '../support/rig/nodes.ts';
import { until } from '../support/rig/until.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

const RACERS = 16;

it(
  'sixteen orders race for one code over three hubs, one of which is killed: one order gets it',
  async () => {
    const flights = runs(3, 50, 1_563);
    const codesAtOnce = runs(4, 10, 40);
    const kills = runs(1, 25, 200);
    const redis = await RedisServer.start();
    // One shop's server asks more than it may in a minute: what is held back would not race.
    const hubs = await startHubs(3, { REDIS_URL: redis.url, LIMITS: 'off' });
    let twice = 0;
    let spent = 0;
    for (let flight = 0; flight < flights; flight++) {
      const codes = await Promise.all(
        Array.from({ length: codesAtOnce }, (_, index) => earnCode(hubs[index % 3])),
      );
      const isKilled = flight % Math.floor(flights / kills) === 1;
      const victim = isKilled ? hubs[flight % 3] : undefined;
      const winners = await race(codes, hubs, victim);
      spent += winners.filter((count) => count > 0).length;
      twice += winners.filter((count) => count > 1).length;
    }
    const codes = flights * codesAtOnce;
    score({
      row: 'R10',
      measure: `codes spent twice, ${RACERS} racers, 3 hubs, ${kills} kills`,
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

async function earnCode(hub: HubNode | undefined): Promise<string> {
  // A hub that is late lets in one page after the other: the others come back, as a shop's do.
  const page = await until('a page is let in', () => openPage(hub?.url ?? ''), 60_000);
  await page.track('add_to_cart', { items: [mug] });
  const { code } = await page.until(() => page.nudges.find((nudge) => nudge.offer)?.offer);
  page.close();
  return code;
}

/** How many orders were told that they have it, for each code; whoever was not answered asks again. */
async function race(
  codes: readonly string[],
  hubs: readonly HubNode[],
  victim: HubNode | undefined,
): Promise<number[]> {
  const orders = codes.flatMap((code) =>
    Array.from({ length: RACERS }, (_, index) => ({
      code,
      orderId: `${code}-${index}`,
      hub: hubs[index % 3],
    })),
  );
  const redeem = (hub: HubNode | undefined, { code, orderId }: { code: string; orderId: string }) =>
    call(hub?.url ?? '', 'POST', `/v1/coupons/${code}/redeem`, { orderId });
  const asked = orders.map((order) => redeem(order.hub, order).catch(() => null));
  await victim?.kill();
  const answers = await Promise.all(asked);
  await victim?.restart();
  const settled = await Promise.all(
    orders.map(async (order, index) => {
      const answer = answers[index];
      if (answer?.status === 200 || answer?.status === 409) return answer;
      // A connection that was kept open may end just then.
      return until('an order is answered', () => redeem(hubs[0], order), 60_000);
    }),
  );
  const won = orders.filter((_, index) => settled[index]?.status === 200);
  return codes.map((code) => won.filter((order) => order.code === code).length);
}
