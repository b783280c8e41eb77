import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { Canaries } from '../support/canaries.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openPage, type Page } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { IDENTITY_KEY, shopToken } from '../support/shop-token.ts';
import { tempDir } from '../support/temp-dir.ts';

const TRAIT_NAMES = Array.from({ length: 10 }, (_, index) => `trait_${index}`);
const shop = {
  identityKey: IDENTITY_KEY,
  events: [{ name: 'quiz_finished', params: { answer: 'string' } }],
  traits: Object.fromEntries(TRAIT_NAMES.map((name) => [name, 'string'])),
  rules: [
    rule('hello', {
      on: 'quiz_finished',
      nudge: {
        kind: 'toast',
        title: 'You said {{event.params.answer; else: nothing}}, {{shopper.traits.trait_0; else: you}}',
      },
    }),
    rule('never', { on: 'search', when: { 'shopper.traits.trait_1': 'somebody else' } }),
  ],
};

interface Place {
  readonly hub: HubProcess;
  readonly dir: string;
  /** Once everything that is written by and by has been. */
  settle(): Promise<void>;
}

async function embedded(): Promise<Place> {
  const dir = await tempDir();
  const SITE_FILE = await siteFile(await tempDir(), shop);
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE, LOG_LEVEL: 'trace' });
  return { hub, dir, settle: () => Promise.resolve() };
}

async function overRedis(): Promise<Place> {
  const redis = await RedisServer.start();
  const SITE_FILE = await siteFile(await tempDir(), shop);
  const hub = await startHub({ REDIS_URL: redis.url, DRAIN_MS: '0', SITE_FILE, LOG_LEVEL: 'trace' });
  const settle = async () => {
    // A hub does it within an hour.
    expect(await redis.command('GET', 'cartbell:{all}:rewrite-wanted')).toBe('1');
    await redis.command('BGREWRITEAOF');
    await until('the file is written anew', async () => {
      const info = String(await redis.command('INFO', 'persistence'));
      return /aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info);
    });
    await redis.command('SAVE');
  };
  return { hub, dir: redis.dir, settle };
}

/** Says something that nobody else says, in every field that takes words. */
async function speak(hub: HubProcess, page: Page, canaries: Canaries): Promise<void> {
  const word = () => canaries.next();
  const item = () => ({
    item_id: word(),
    item_name: word(),
    item_variant: word(),
    item_category: word(),
    price: 5,
  });
  const acks = [
    await page.track('page_view', { page_title: word(), page_location: `http://shop.test/${word()}` }),
    await page.track('search', { search_term: word() }),
    await page.track('login', { method: word() }),
    await page.track('view_item', { items: [item()], item_list_id: word(), item_list_name: word() }),
    await page.track('add_to_cart', { items: [item()], coupon: word() }),
    await page.track('view_cart', {}, { cart: { items: [item()] } }),
    await page.track('add_shipping_info', { items: [item()], shipping_tier: word() }),
    await page.track('add_payment_info', { items: [item()], payment_type: word() }),
    await page.track('quiz_finished', { answer: word() }),
    await page.track('purchase', { items: [item()], transaction_id: word() }),
  ];
  expect(acks.every((ack) => ack.ok)).toBe(true);
  const traits = Object.fromEntries(TRAIT_NAMES.map((name) => [name, word()]));
  const events = [
    { id: randomUUID(), name: 'support_case_opened', at: 1, params: { case: word() } },
    { id: randomUUID(), name: 'purchase', at: 2, params: { items: [item()], transaction_id: word() } },
  ];
  const told = await call(hub.url, 'POST', '/v1/events', { shopper: page.welcome.shopper, traits, events });
  expect(told.status).toBe(200);
}

describe.each([
  ['the embedded store', embedded],
  ['Redis', overRedis],
])('a shopper who is erased from %s', (_, start) => {
  it(
    'leaves nothing behind: not in files, the log of the hub, answers or pages',
    { timeout: 60_000 },
    async () => {
      const { hub, dir, settle } = await start();
      const canaries = new Canaries();
      const anonymous = (await openPage(hub.url)).welcome;
      const where = {
        path: `/${canaries.next()}`,
        referrer: canaries.next(),
        utm: { source: canaries.next(), medium: canaries.next(), campaign: canaries.next() },
      };
      const before = await openPage(hub.url, { token: anonymous.token, page: where });
      await speak(hub, before, canaries);
      await before.until(() => before.nudges.find(({ title }) => title.startsWith('You said canary')));
      // Half of it was said before it was known who they are.
      const identity = await shopToken(canaries.next());
      const page = await openPage(hub.url, { token: anonymous.token, identity, page: where });
      const { shopper, token } = page.welcome;
      await speak(hub, page, canaries);
      const [email, phone] = [`${canaries.next()}@shop.test`, '+821098765432'];
      const told = await call(hub.url, 'POST', '/v1/events', { shopper, contact: { email, phone } });
      expect(told.status).toBe(200);
      expect(canaries.count).toBeGreaterThanOrEqual(50);

      // They can be found before, or what follows would prove nothing.
      const exported = JSON.stringify((await call(hub.url, 'GET', `/v1/shoppers/${shopper}`)).body);
      expect(canaries.in(exported).length).toBeGreaterThan(40);
      expect(exported).toContain(`"contact":{"email":"${email}","phone":"${phone}"}`);
      // Where the shop may write to them lies open nowhere.
      expect(
        (await canaries.below(dir)).filter((found) => email.includes(found.split(': ')[1] ?? '')),
      ).toEqual([]);
      // The log is sealed, so what lies open is the document.
      expect((await canaries.below(dir)).length).toBeGreaterThan(20);

      // A thousand events race with their end.
      const isGone = new Promise((resolve) => void page.socket.once('disconnect', resolve));
      const batches = Array.from({ length: 20 }, () =>
        Array.from({ length: 50 }, (__, index) => ({
          id: randomUUID(),
          name: 'search',
          at: Date.now(),
          rev: 1_000 + index,
          params: { search_term: canaries.next() },
        })),
      );
      const answers = batches.map((events) => page.socket.emitWithAck('track', { events }).catch(() => null));
      const erased = await call(hub.url, 'DELETE', `/v1/shoppers/${shopper}`);
      expect(erased).toMatchObject({ status: 200, body: { ok: true, shopper } });
      await Promise.all([...answers, isGone]);
      await settle();
      expect(await canaries.below(dir)).toEqual([]);
      expect(canaries.in(hub.log.join('\n'))).toEqual([]);

      // Nor does anything come back of it.
      for (const id of [shopper, anonymous.shopper])
        expect((await call(hub.url, 'GET', `/v1/shoppers/${id}`)).status).toBe(404);
      expect((await call(hub.url, 'GET', `/v1/shoppers/${shopper}/reasons`)).status).toBe(404);
      const late = { shopper, events: [{ id: randomUUID(), name: 'search', at: 1, params: {} }] };
      expect(await call(hub.url, 'POST', '/v1/events', late)).toMatchObject({
        status: 410,
        body: { code: 'erased' },
      });
      const again = await openPage(hub.url, { token });
      expect(again.welcome.shopper).not.toBe(shopper);
      expect(again.welcome.nudges).toEqual([]);
      await hub.kill();
      expect(await canaries.below(dir)).toEqual([]);
    },
  );
});

it('a connection that was cut off and comes back is a new one, which goes by the door', async () => {
  const { hub } = await embedded();
  const page = await openPage(hub.url);
  const first = page.socket.id;
  const back = new Promise((resolve) => page.socket.once('connect', () => resolve(page.socket.recovered)));
  // As when the network is gone: neither side has said that it is over.
  page.socket.io.engine.close();
  expect(await back).not.toBe(true);
  expect(page.socket.id).not.toBe(first);
});
