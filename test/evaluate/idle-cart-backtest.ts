import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBacktest } from '../../server/analytics/backtest/backtest.ts';
import { reportInWords } from '../../server/commands/backtest-words.ts';
import { readShopLog } from '../../demo/replay/shop-log.ts';
import { Rule } from '../../shared/rule.ts';
import { type PlayedEvent, VirtualHub } from '../support/virtual-hub.ts';

const DAY_MS = 86_400_000;

const idleCart = {
  id: 'idle-cart',
  on: 'cart_idle',
  after: '20m',
  when: { 'cart.value': { $gte: 20 } },
  nudge: { kind: 'countdown', title: 'Still thinking it over?' },
  offer: { percentOff: 10, validFor: '15m' },
  limit: { times: 1, per: '1d' },
};

/**
 * Plays real sessions at their own times through two hubs: one with the idle-cart rule published, one with it as a draft
 * that is tried on the log afterwards. The report has to name the same shoppers at the same moments.
 */
export async function evaluateBacktest(path: string): Promise<boolean> {
  const logged = await readShopLog(path);
  const names = new Map<string, string>();
  const nameOf = (shopper: string) => {
    const name = names.get(shopper) ?? `r${String(names.size).padStart(21, '0')}`;
    names.set(shopper, name);
    return name;
  };
  const events = logged.map(({ at, shopper, name, item }, index): PlayedEvent => {
    const order = name === 'purchase' ? { transaction_id: `order-${index}` } : {};
    const params = { currency: 'USD', items: [{ ...item, quantity: 1 }], ...order };
    return {
      at,
      shopper: nameOf(shopper),
      event: { id: `event-${index}`.padEnd(12, '-'), name, at, rev: index, params },
    };
  });
  const live = await playWith('published', events);
  const firings = await live.hub.firings('idle-cart');
  await live.close();
  const drafted = await playWith('draft', events);
  const task = drafted.hub.sites.definitionWith(drafted.hub.site.id, Rule.parse(idleCart));
  const startedAt = performance.now();
  const { signal } = new AbortController();
  const report = await runBacktest(
    drafted.hub.store,
    { ...task, rule: 'idle-cart', displays: 'logged' },
    signal,
    () => undefined,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await drafted.close();
  const agrees = JSON.stringify(report.firings) === JSON.stringify(firings);
  console.log(`\nThe idle-cart rule over a day of a real shop${reportInWords(report)}`);
  console.log(
    `  live it fired ${firings.length} times: ${agrees ? 'the same shoppers at the same moments' : 'NOT the same'}`,
  );
  console.log(`  ${report.events} events in ${seconds.toFixed(2)} s, thread and all`);
  return agrees && firings.length > 0;
}

async function playWith(status: 'published' | 'draft', events: readonly PlayedEvent[]) {
  const dir = await mkdtemp(join(tmpdir(), 'cartbell-backtest-'));
  const hub = await VirtualHub.open(
    dir,
    {
      id: 'replay',
      publishableKey: 'pk_replay',
      secretKey: 'sk_replay_only',
      origins: ['http://127.0.0.1'],
      currency: 'USD',
      rules: [{ ...idleCart, status }],
    },
    events[0]?.at ?? 0,
  );
  await hub.play(events);
  await hub.passUntil((events.at(-1)?.at ?? 0) + DAY_MS);
  return {
    hub,
    async close() {
      await hub.store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
