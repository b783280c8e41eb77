import { expect, it } from 'vitest';
import { RedisServer } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { CrowdedShop, startHubs } from './crowded-shop.ts';
import { LONG_MS, runs, score } from './score.ts';

const TROUBLE_EVERY_MS = runs(4_000, 10_000);

it(
  'whatever goes wrong, every few seconds and at random: all that was told is true, and all of it gets through',
  async () => {
    const troubles = runs(4, 60);
    const redis = await RedisServer.start({ aof: 'always' });
    const proxies = await Promise.all([1, 2, 3].map(() => TcpProxy.start({ port: redis.port })));
    const hubs = await startHubs(3, (index) => ({ REDIS_URL: proxies[index]?.url ?? '' }));
    const crowded = new CrowdedShop({
      urls: () => hubs.map(({ url }) => url),
      shoppers: 10,
      events: troubles * 40,
    });
    const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)];
    const happened: string[] = [];
    const kinds: Record<string, () => Promise<void> | void> = {
      'a hub is killed': async () => {
        const hub = any(hubs);
        await crowded.history.kill('hub', () => hub?.kill());
        await hub?.restart();
      },
      'Redis is killed': async () => {
        await crowded.history.kill('redis', () => redis.kill());
        await redis.restart();
      },
      'a hub is ended in order': async () => {
        const hub = any(hubs);
        await hub?.stop();
        await hub?.restart();
      },
      'a hub is frozen': async () => {
        const hub = any(hubs);
        hub?.freeze();
        await passing(TROUBLE_EVERY_MS / 2);
        hub?.thaw();
      },
      'Redis is frozen': async () => {
        redis.freeze();
        await passing(TROUBLE_EVERY_MS / 4);
        redis.thaw();
      },
      'a link falls silent': () => any(proxies)?.halfOpen(),
      'a link is reset': () => any(proxies)?.reset(),
      'answers are cut off': () => any(proxies)?.cutReplies({ every: 11 }),
      'a link is slow': () => any(proxies)?.delay({ latencyMs: 30, jitterMs: 50 }),
      'a hub is cut off': () => any(proxies)?.blackHole(),
    };
    for (let trouble = 0; trouble < troubles; trouble++) {
      const name = any(Object.keys(kinds)) ?? '';
      happened.push(name);
      await kinds[name]?.();
      await passing(TROUBLE_EVERY_MS);
      await Promise.all(proxies.map((proxy) => proxy.heal()));
    }
    await crowded.finish();
    const verdict = await crowded.judge(redis.url);
    const waits = waitsOf(crowded);
    const within = waits.filter((ms) => ms <= 5_000).length / waits.length;
    score({
      row: 'R24',
      measure: `a random fault every ${TROUBLE_EVERY_MS / 1_000} s`,
      goal: 'nothing lost or twice; 99.9 % acked within 5 s',
      result: `${verdict.violations.length} violations, ${(100 * within).toFixed(2)} % of ${waits.length} within 5 s`,
      runs: troubles,
      atRisk: verdict.counts.atRisk,
      isMet: verdict.violations.length === 0 && within >= 0.999,
    });
    expect(verdict.violations.slice(0, 5), happened.join(', ')).toEqual([]);
    crowded.expectSound(verdict);
  },
  LONG_MS,
);

/** From when an event was first sent until it was acked, milliseconds. */
function waitsOf({ history }: CrowdedShop): number[] {
  const first = new Map<string, number>();
  const waits: number[] = [];
  const done = new Set<string>();
  for (const { op, id, invoked, returned, result } of history.operations) {
    if (op !== 'event') continue;
    if (!first.has(id)) first.set(id, invoked);
    if (result !== 'acked' || returned === null || done.has(id)) continue;
    done.add(id);
    waits.push(returned - (first.get(id) ?? returned));
  }
  return waits;
}

/** What goes wrong takes its time: that is what is tried here. */
function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
