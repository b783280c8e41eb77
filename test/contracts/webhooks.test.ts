import { beforeEach, describe, expect, it } from 'vitest';
import { FEED } from '../../server/webhooks/feed.ts';
import { verifiedId } from '../../server/webhooks/signature.ts';
import { SiteId } from '../../shared/ids.ts';
import { MAX_WEBHOOKS } from '../../shared/webhook.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import {
  clock,
  DAY,
  happen,
  HOUR,
  MINUTE,
  SECOND,
  shopperOf,
  site,
  STORES,
  time,
  WebhookShop,
} from './webhook-shop.ts';

describe.each(STORES)('webhooks over %s', (_, stores) => {
  let shop: WebhookShop;

  beforeEach(async () => {
    shop = await WebhookShop.start(stores);
  });

  it('tell what happens from then on, signed, each message once', async () => {
    await happen(shop.store, 'before');
    time.now += SECOND;
    const { endpoint: added, secret } = await shop.endpoint();
    expect(secret).toMatch(/^whsec_/);
    for (const name of ['jo', 'ada', 'li']) await happen(shop.store, name);
    await shop.turn();
    await shop.turn();
    expect(shop.receiver.received.map(({ data }) => String(data['shopper'])).toSorted()).toEqual(
      ['jo', 'ada', 'li'].map(shopperOf).toSorted(),
    );
    expect(new Set(shop.ids()).size).toBe(3);
    for (const { id, headers, body } of shop.receiver.received)
      expect(verifiedId(headers, Buffer.from(body), [secret], time.now)).toBe(id);
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('tell each site’s endpoints of their site, and of the types that they asked for', async () => {
    const other = SiteId.parse('other');
    const third = await startReceiver(clock);
    await shop.endpoint({ types: ['segment.entered'] });
    await shop.hub.endpoints.add(other, { url: third.url });
    await happen(shop.store, 'jo', { steps: ['cart_abandoned'], entered: ['vip'] });
    await happen(shop.store, 'ada', { site: other, steps: ['cart_recovered'] });
    await shop.turn();
    expect(shop.receiver.received.map(({ type }) => type)).toEqual(['segment.entered']);
    expect(third.received.map(({ type, data }) => [type, data['shopper']])).toEqual([
      ['cart.recovered', shopperOf('ada')],
    ]);
  });

  it('move on where nobody is to be told, and read nothing twice', async () => {
    for (const name of ['jo', 'ada']) await happen(shop.store, name);
    await shop.turn();
    const { next } = await shop.store.readLog('', 100);
    expect(await shop.store.readFoldPlace(FEED)).toBe(next);
  });

  it('try again at 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, with the same id, and then drop the message', async () => {
    shop.receiver.script(500);
    const { endpoint: added } = await shop.endpoint();
    const start = time.now;
    await happen(shop.store, 'jo');
    await shop.turn();
    for (const wait of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR]) {
      time.now += wait - 1;
      await shop.send();
      const before = shop.receiver.received.length;
      time.now += 1;
      await shop.send();
      expect(shop.receiver.received).toHaveLength(before + 1);
    }
    time.now += DAY;
    await shop.send();
    const hours = [0, 5 / 3_600, 305 / 3_600];
    const times = shop.receiver.received.map(({ at }) => (at - start) / HOUR);
    expect(times.slice(0, 3)).toEqual(hours);
    expect(times).toHaveLength(8);
    expect(new Set(shop.ids()).size).toBe(1);
    expect(await shop.waiting(added.id)).toBe(0);
    const { attempts } = await shop.hub.health.read(added.id);
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual(
      [8, 7, 6, 5, 4, 3, 2, 1].map((attempt) => [attempt, 500]),
    );
    expect(shop.hub.courier.counts).toEqual({ delivered: 0, refused: 8, unanswered: 0, dropped: 1 });
  });

  it.each([
    ['429 with its wish', { status: 429, headers: { 'retry-after': '60' } }, 60 * SECOND, { status: 429 }],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      5 * SECOND,
      { status: 302 },
    ],
    ['nothing', 'hang', 5 * SECOND, { reason: 'too_slow' }],
    ['a cut line', 'reset', 5 * SECOND, { reason: 'cut_off' }],
    ['drops', 'drip', 5 * SECOND, { reason: 'too_slow' }],
  ] as const)('try again after %s', async (_what, answer, wait, result) => {
    shop.receiver.script(answer, 200);
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    await shop.turn();
    time.now += wait - 1;
    await shop.send();
    expect(shop.receiver.received).toHaveLength(1);
    time.now += 1;
    await shop.send();
    expect(shop.ids()).toEqual([shop.ids()[0], shop.ids()[0]]);
    const { attempts } = await shop.hub.health.read(added.id);
    expect(attempts).toEqual([
      expect.objectContaining({ status: 200, isDelivered: true, attempt: 2 }),
      expect.objectContaining({ ...result, isDelivered: false, attempt: 1 }),
    ]);
    const isAnswered = 'status' in result;
    expect(shop.hub.courier.counts).toEqual({
      delivered: 1,
      refused: isAnswered ? 1 : 0,
      unanswered: isAnswered ? 0 : 1,
      dropped: 0,
    });
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('take an answer of a gigabyte for what its status says', async () => {
    shop.receiver.script('endless');
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    await shop.turn();
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('sign with two secrets for a day after one was renewed', async () => {
    const { endpoint: added, secret: old } = await shop.endpoint();
    const fresh = await shop.hub.endpoints.renewSecret(site, added.id);
    const seen = async (name: string) => {
      await happen(shop.store, name);
      await shop.turn();
      const { headers, body } = shop.receiver.received.at(-1) ?? expect.fail();
      const counts = [old, fresh].map(
        (secret) => verifiedId(headers, Buffer.from(body), [secret], time.now) !== null,
      );
      return [...counts, String(headers['webhook-signature']).split(' ').length];
    };
    expect(await seen('jo')).toEqual([true, true, 2]);
    time.now += DAY;
    expect(await seen('ada')).toEqual([false, true, 1]);
  });

  it('keep secrets so that the store’s reader can’t use them', async () => {
    const { endpoint: added, secret } = await shop.endpoint();
    const { text = '' } = (await shop.store.registers.read('webhooks', site)) ?? {};
    expect(text).toContain(added.id);
    expect(text).not.toContain(secret.slice('whsec_'.length));
  });

  it('stop at once where the answer is 410, and go on from then on when enabled', async () => {
    shop.receiver.script(410, 200);
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    await shop.turn();
    expect((await shop.hub.endpoints.get(site, added.id)).disabled).toEqual({ at: time.now, reason: 'gone' });
    expect(await shop.waiting(added.id)).toBe(0);
    time.now += SECOND;
    await happen(shop.store, 'ada');
    await shop.turn();
    time.now += SECOND;
    await shop.hub.enable(site, added.id);
    await happen(shop.store, 'li');
    await shop.turn();
    expect(shop.receiver.received.map(({ data }) => data['shopper'])).toEqual(['jo', 'li'].map(shopperOf));
  });

  it('stop after five days of nothing but failures, and not where one came through', async () => {
    shop.receiver.script(500);
    const { endpoint: failing } = await shop.endpoint();
    const sporadic = await startReceiver(clock);
    sporadic.script(500, 500, 500, 200, 500);
    const { endpoint: other } = await shop.hub.endpoints.add(site, { url: sporadic.url });
    for (let hour = 0; hour <= 120; hour += 8) {
      await happen(shop.store, `shopper-${hour}`);
      await shop.turn();
      const { disabled } = await shop.hub.endpoints.get(site, failing.id);
      expect([hour, disabled?.reason]).toEqual([hour, hour < 120 ? undefined : 'failing']);
      time.now += 8 * HOUR;
    }
    expect((await shop.hub.endpoints.get(site, other.id)).disabled).toBeNull();
    expect(await shop.waiting(failing.id)).toBe(0);
    await shop.hub.enable(site, failing.id);
    expect((await shop.hub.health.read(failing.id)).failingSince).toBeNull();
  });

  it('stop where too many messages wait', async () => {
    const bounded = await WebhookShop.hubOver(shop.store, { mostWaiting: 5 });
    shop.receiver.script(500);
    const { endpoint: added } = await shop.endpoint();
    for (let count = 0; count < 5; count++) await happen(shop.store, `jo-${count}`);
    await shop.turn(bounded);
    expect([await shop.waiting(added.id), (await shop.hub.endpoints.get(site, added.id)).disabled]).toEqual([
      5,
      null,
    ]);
    await happen(shop.store, 'one-more');
    await shop.turn(bounded);
    expect((await shop.hub.endpoints.get(site, added.id)).disabled?.reason).toBe('too_many_waiting');
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('count those that wait, and not all that there ever were', async () => {
    const bounded = await WebhookShop.hubOver(shop.store, { mostWaiting: 5 });
    const { endpoint: added } = await shop.endpoint();
    for (let count = 0; count < 20; count++) {
      await happen(shop.store, `jo-${count}`);
      await shop.turn(bounded);
    }
    expect((await shop.hub.endpoints.get(site, added.id)).disabled).toBeNull();
    expect(shop.receiver.received).toHaveLength(20);
  });

  it('have room for ten of a site, however many are added at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: MAX_WEBHOOKS + 5 }, () => shop.endpoint()));
    const added = tries.filter(({ status }) => status === 'fulfilled').length;
    expect(await shop.hub.endpoints.of(site)).toHaveLength(added);
    while ((await shop.hub.endpoints.of(site)).length < MAX_WEBHOOKS) await shop.endpoint();
    await expect(shop.endpoint()).rejects.toThrow('at most 10');
  });
});
