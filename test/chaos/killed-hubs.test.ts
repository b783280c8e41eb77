import { expect, it } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { check } from '../support/rig/checker.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { tempDir } from '../support/temp-dir.ts';
import { shop } from '../support/rig/eager-shop.ts';
import { CrowdedShop, startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

it(
  'an embedded hub that is killed again and again loses no event that it acked',
  async () => {
    const kills = runs(5, 40, 200);
    const DATA_DIR = await tempDir();
    const [hub] = await startHubs(1, { DATA_DIR });
    if (!hub) throw new Error('No hub.');
    const events = Math.max(40, kills * 6);
    const crowded = new CrowdedShop({ urls: () => [hub.url], shoppers: 10, events });
    for (let kill = 1; kill <= kills; kill++) {
      await crowded.untilAcked(kill / (kills + 1));
      await crowded.history.kill('hub', () => hub.kill());
      await hub.restart();
    }
    await crowded.finish();
    await hub.stop();
    const store = await SqliteStore.open(DATA_DIR);
    const verdict = check(crowded.history.operations, await wholeLog(store), shop);
    await store.close();
    const { acked, atRisk } = verdict.counts;
    const result = `${verdict.violations.length} of ${acked} acked`;
    score({
      row: 'R1',
      measure: 'acked events lost, hub killed, embedded',
      goal: '0',
      result,
      runs: kills,
      atRisk,
      isMet: verdict.violations.length === 0,
    });
    crowded.expectSound(verdict);
    expect(atRisk).toBeGreaterThan(0);
  },
  LONG_MS,
);

it(
  'three hubs over one Redis, one of them killed at random again and again: every acked event counts once, and nothing is painted twice',
  async () => {
    const kills = runs(4, 20, 200);
    const redis = await RedisServer.start();
    const hubs = await startHubs(3, { REDIS_URL: redis.url });
    const events = Math.max(30, kills * 6);
    const urls = () => hubs.map(({ url }) => url);
    const crowded = new CrowdedShop({ urls, shoppers: 12, tabs: 3, events });
    for (let kill = 1; kill <= kills; kill++) {
      await crowded.untilAcked(kill / (kills + 1));
      const hub = hubs[Math.floor(Math.random() * hubs.length)];
      await crowded.history.kill('hub', () => hub?.kill());
      await hub?.restart();
    }
    await crowded.finish();
    const verdict = await crowded.judge(redis.url);
    const { acked, atRisk, granted } = verdict.counts;
    const of = (...invariants: string[]) =>
      verdict.violations.filter(({ invariant }) => invariants.includes(invariant)).length;
    const attempts = crowded.history.operations.filter(({ op }) => op === 'event').length;
    score({
      row: 'R2',
      measure: 'acked events lost, 3 hubs over Redis, one killed',
      goal: '0',
      result: `${of('countedOnce')} of ${acked} acked`,
      runs: kills,
      atRisk,
      isMet: of('countedOnce') === 0,
    });
    score({
      row: 'R5',
      measure: 'double effects, 30 % sent twice, over 3 hubs',
      goal: '0',
      result: `${of('countedOnce', 'capsExact')} in ${attempts} sent`,
      runs: kills,
      isMet: of('countedOnce', 'capsExact') === 0,
    });
    score({
      row: 'R6',
      measure: 'nudges painted twice, 3 tabs on 3 hubs',
      goal: '0',
      result: `${of('paintedOnce', 'reasonOnRecord')} of ${granted} granted`,
      runs: kills,
      isMet: of('paintedOnce', 'reasonOnRecord') === 0,
    });
    crowded.expectSound(verdict);
  },
  LONG_MS,
);
