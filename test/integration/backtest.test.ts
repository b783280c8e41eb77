import { describe, expect, it, onTestFinished } from 'vitest';
import { runBacktest } from '../../server/analytics/backtest/backtest.ts';
import type { BacktestReport } from '../../server/analytics/backtest/report.ts';
import { Rule } from '../../shared/rule.ts';
import { call } from '../support/api.ts';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { idleCountdown, rule, SECRET_KEY, site, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type PlayedEvent, VirtualHub } from '../support/virtual-hub.ts';

const START = 1_795_000_000_000;
const MINUTE = 60_000;

/** Forty shoppers over two days: some leave their carts alone, some buy, some come back. Always the same. */
function life(): PlayedEvent[] {
  let state = 7;
  const below = (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const events = Array.from({ length: 400 }, (_, index): PlayedEvent => {
    const at = START + below(2 * 24 * 60) * MINUTE;
    const name = ['view_item', 'add_to_cart', 'add_to_cart', 'remove_from_cart', 'purchase'][below(5)] ?? '';
    const order = name === 'purchase' ? { transaction_id: `order-${index}` } : {};
    const params = { items: [{ item_id: 'mug', price: 10 + below(30) }], ...order };
    return {
      at,
      shopper: `shopper${String(below(40)).padStart(15, '0')}`,
      event: { id: `event-${String(index).padStart(6, '0')}`, name, at, rev: at - START, params },
    };
  });
  return events.sort((a, b) => a.at - b.at);
}

const tried = rule('idle-cart', {
  on: 'cart_idle',
  after: '20m',
  when: { 'cart.value': { $gte: 20 } },
  nudge: { kind: 'countdown', title: 'Still thinking it over?' },
  offer: { percentOff: 10, validFor: '15m', budget: { count: 40 } },
  limit: { times: 1, per: '1d' },
});
const other = rule('abandoned', {
  on: 'cart_abandoned',
  priority: 90,
  nudge: { kind: 'toast', title: 'Hello' },
});
const settings = { holdoutPercent: 10, cooldown: '2h' };

async function hubWith(status: string): Promise<VirtualHub> {
  const rules = [{ ...tried, status }, other];
  const hub = await VirtualHub.open(await tempDir(), site({ rules, settings }), START);
  onTestFinished(() => hub.store.close());
  await hub.play(life());
  await hub.passUntil(START + 3 * 24 * 60 * MINUTE);
  return hub;
}

function rehearse(hub: VirtualHub, displays: 'all' | 'logged', given = tried): Promise<BacktestReport> {
  const task = hub.sites.definitionWith(hub.site.id, Rule.parse(given));
  const { signal } = new AbortController();
  return runBacktest(hub.store, { ...task, rule: 'idle-cart', displays }, signal, () => undefined);
}

describe('a backtest over the log of a hub', () => {
  it('of a draft agrees with what the rule does live over the same events, to the moment and the shopper', async () => {
    const live = await (await hubWith('published')).firings('idle-cart');
    const drafted = await hubWith('draft');
    const report = await rehearse(drafted, 'logged');
    expect(live.length).toBeGreaterThan(20);
    expect(report.firings).toEqual(live);
    expect(report).toMatchObject({ fired: live.length, published: 0, events: 400, shoppers: 40 });
    expect(await drafted.firings('idle-cart'), 'nothing was done, only rehearsed').toEqual([]);
  });

  it('of the published rule agrees with the log, hour by hour', async () => {
    const report = await rehearse(await hubWith('published'), 'logged');
    expect(report.published).toBe(report.fired);
    expect(report.perHour.every(({ fired, published }) => fired === published)).toBe(true);
    expect(report.perHour.reduce((sum, { fired }) => sum + fired, 0)).toBe(report.fired);
  });

  it('says what held the rule back, how often, and keeps to its budget', async () => {
    const hub = await hubWith('draft');
    const { held } = await rehearse(hub, 'all');
    expect(Object.keys(held)).toEqual(expect.arrayContaining(['condition cart.value', 'limit', 'holdout']));
    const offer = { percentOff: 10, validFor: '15m', budget: { count: 5 } };
    const frugal = await rehearse(hub, 'all', { ...tried, offer });
    expect(frugal.fired).toBe(5);
    expect(frugal.held['budget_spent']).toBeGreaterThan(0);
  });

  it('takes caps to be used by what is displayed: the cautious view fires no more than the other', async () => {
    const hub = await hubWith('draft');
    const free = { ...tried, offer: { percentOff: 10, validFor: '15m' } };
    const [all, logged] = [await rehearse(hub, 'all', free), await rehearse(hub, 'logged', free)];
    expect(all.fired).toBeLessThan(logged.fired);
    const seen = new Set(
      all.firings.map(({ at, shopper }) => `${shopper} ${Math.floor(at / (24 * 60 * MINUTE))}`),
    );
    expect(seen.size, 'once a day').toBeGreaterThanOrEqual(all.fired - 1);
  });

  it('given up ends at once, with the reason', async () => {
    const hub = await hubWith('draft');
    const cancel = new AbortController();
    cancel.abort(new Error('enough'));
    const task = hub.sites.definitionWith(hub.site.id, Rule.parse(tried));
    const run = runBacktest(
      hub.store,
      { ...task, rule: 'idle-cart', displays: 'all' },
      cancel.signal,
      () => undefined,
    );
    await expect(run).rejects.toThrow('enough');
  });
});

describe('POST /v1/rules/:id/backtest', () => {
  const hubWithLog = async () => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [idleCountdown] }) });
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    await page.until(() => page.nudges[0]);
    return hub;
  };
  const path = '/v1/rules/idle-cart/backtest';

  it('tries the stored rule, or a draft that is given, and changes nothing', async () => {
    const hub = await hubWithLog();
    expect(await call(hub.url, 'POST', path, {})).toMatchObject({
      status: 200,
      body: { rule: 'idle-cart', fired: 1, reached: 1, published: 1, displays: 'logged' },
    });
    const draft = { ...idleCountdown, when: { 'cart.value': { $gte: 1_000 } } };
    expect(await call(hub.url, 'POST', path, { rule: draft })).toMatchObject({
      body: { fired: 0, published: 1, held: { 'condition cart.value': 1 } },
    });
    expect((await call(hub.url, 'GET', '/v1/rules/idle-cart')).body).not.toHaveProperty('when.cart.value');
  });

  it('streams its progress, the report last', async () => {
    const hub = await hubWithLog();
    const response = await fetch(hub.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${SECRET_KEY}`,
        accept: 'application/x-ndjson',
        'content-type': 'application/json',
      },
      body: '{}',
    });
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(['progress', 'report']);
  });

  it.each<[path: string, body: object, status: number, place: string | undefined]>([
    ['/v1/rules/never/backtest', {}, 404, undefined],
    [path, { rule: { ...idleCountdown, when: { 'cart.valeu': 1 } } }, 400, 'rule.when.cart.valeu'],
    [path, { draft: {} }, 400, 'draft'],
    [path, { displays: 'some' }, 400, 'displays'],
  ])('%s with %j is refused', async (to, body, status, place) => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [idleCountdown] }) });
    const answer = await call(hub.url, 'POST', to, body);
    expect([answer.status, answer.body['path']]).toEqual([status, place]);
  });
});
