import { expect, it } from 'vitest';
import { randomFrom } from '../../../server/core/random.ts';
import { RedisStore } from '../../../server/store/redis-store.ts';
import { SqliteStore } from '../../../server/store/sqlite-store.ts';
import type { Store } from '../../../server/store/store.ts';
import type { SiteId } from '../../../shared/ids.ts';
import { ShopperEvent } from '../../../shared/event.ts';
import { RedisServer } from '../../support/rig/redis-server.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { MARKS, type Name, openHub, OTHER, ruleOf, SHOPPERS } from './two-sites.ts';

/** `OPERATIONS=1000000` for the long run. */
const OPERATIONS = Number(process.env['OPERATIONS'] ?? 40_000);
const AT_ONCE = 400;

const RULE_PATHS = ['/v1/rules', '/v1/rules/:id', '/v1/rules/:id/versions'];
const SHOPPER_PATHS = ['/v1/shoppers/:id/reasons', '/v1/shoppers/:id'];

const words = (name: Name) => `${MARKS[name]} words`;
const item = (name: Name) => ({ item_id: 'mug', item_name: words(name), price: 20 });

function eventOf(name: Name, draw: (below: number) => number, id: string): ShopperEvent {
  const events = [
    { name: 'add_to_cart', params: { items: [item(name)] } },
    { name: 'view_item', params: { items: [item(name)] } },
    { name: 'search', params: { search_term: words(name) } },
    { name: 'quiz_finished', params: { answer: words(name) } },
    { name: 'page_view', params: { page_title: words(name), page_location: `/${MARKS[name]}` } },
    { name: 'purchase', params: { items: [item(name)], transaction_id: words(name) } },
    { name: 'support_case_opened', params: { case: words(name) } },
    { name: 'support_case_closed', params: { case: words(name) } },
  ];
  return ShopperEvent.parse({ id, at: 1, rev: 1, ...events[draw(events.length)] });
}

async function play(store: Store, operations: number) {
  const leaks: string[] = [];
  const told = { one: 0, two: 0 };
  const codes: { readonly of: Name; readonly code: string }[] = [];
  const hub = await openHub(store, (at, what, text) => {
    if (text.includes(MARKS[OTHER[at]])) leaks.push(`${at} heard by ${what}: ${text.slice(0, 200)}`);
    if (text.includes(MARKS[at])) told[at]++;
    const [, code] = /"code":"([0-9A-Z-]{19})"/.exec(text) ?? [];
    if (code !== undefined && codes.push({ of: at, code }) > 200) codes.shift();
  });
  const random = randomFrom([1, 2, 3, operations]);
  const draw = (below: number) => random.uint32() % below;
  const done = new Map<string, number>();

  const operate = async (number: number) => {
    const name: Name = draw(2) === 0 ? 'one' : 'two';
    const shopper = SHOPPERS[draw(SHOPPERS.length)] ?? '';
    const key = { site: name as SiteId & Name, shopper: shopper as (typeof SHOPPERS)[number] };
    const which = draw(1_000);
    const ids = { id: 'on-cart', code: codes[draw(Math.max(1, codes.length))]?.code ?? 'NONE' };
    const as = (what: string) => done.set(what, (done.get(what) ?? 0) + 1);
    if (which < 880) {
      as('event');
      // Both sites count ids of events that are the same.
      const event = eventOf(name, draw, `event-${String(number >> 1).padStart(9, '0')}`);
      const source = draw(4) === 0 ? 'server' : 'page';
      await hub.engine.submit(key, [{ kind: 'event', source, event }]).catch(() => undefined);
    } else if (which < 910) {
      as('traits');
      const traits = { note: draw(2) === 0 ? `${MARKS[name]} note` : words(name) };
      await hub.ask(name, 'post', '/v1/events', { body: { shopper, traits } });
    } else if (which < 940) {
      as('call');
      await hub.ask(name, 'post', '/v1/nudges', { body: { rule: 'on-call', shopper } });
    } else if (which < 970) {
      as('redeem');
      const { of, code } = codes[draw(Math.max(1, codes.length))] ?? { of: name, code: 'NONE' };
      const text = await hub.ask(name, 'post', '/v1/coupons/:code/redeem', {
        params: { code },
        body: { orderId: words(name) },
      });
      if (of !== name && !text.includes('coupon_unknown'))
        leaks.push(`${name} spent a code of ${of}: ${text}`);
    } else if (which < 994) {
      as('read');
      // Whoever asks for all of a shopper reads the whole log.
      const paths = draw(20) > 0 ? RULE_PATHS : SHOPPER_PATHS;
      const path = paths[draw(paths.length)] ?? '';
      await hub.ask(name, 'get', path, { params: { id: path.includes('shoppers') ? shopper : ids.id } });
    } else if (which < 996) {
      as('sum');
      const paths = ['/v1/metrics', '/v1/segments', '/v1/capture-health'];
      await hub.ask(name, 'get', paths[draw(paths.length)] ?? '', {});
    } else if (which < 998) {
      as('rule');
      const given = { ...ruleOf(name, 'add_to_cart', ids.id), priority: draw(100) };
      await hub.ask(name, 'put', '/v1/rules/:id', { params: { id: ids.id }, body: given });
    } else {
      as('erase');
      // One that both sites have keeps what the other has of them.
      const gone = await hub.ask(name, 'delete', '/v1/shoppers/:id', {
        params: { id: `erased-${draw(9)}`.padEnd(22, '-') },
      });
      expect(gone).toContain('"ok":true');
    }
  };

  for (let first = 0; first < operations; first += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => operate(first + index)));
  await hub.close();
  return { leaks, told, done };
}

it.each<[string, () => Promise<Store>, number]>([
  ['the embedded store', async () => SqliteStore.open(await tempDir()), OPERATIONS],
  ['Redis', async () => RedisStore.open((await RedisServer.start()).url), Math.min(OPERATIONS, 40_000) / 4],
])(
  'over %s two sites with the same shoppers, rules and events never hear of each other',
  { timeout: 3_600_000 },
  async (_, open, operations) => {
    const { leaks, told, done } = await play(await open(), operations);
    expect(leaks).toEqual([]);
    // Both have heard a lot of their own, and all was tried.
    expect(Math.min(told.one, told.two)).toBeGreaterThan(operations / 100);
    expect([...done.keys()].sort()).toEqual([
      'call',
      'erase',
      'event',
      'read',
      'redeem',
      'rule',
      'sum',
      'traits',
    ]);
  },
);
