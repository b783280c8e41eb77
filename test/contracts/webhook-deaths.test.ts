import { beforeEach, describe, expect, it } from 'vitest';
import { Deliveries } from '../../server/webhooks/deliveries.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import {
  clock,
  happen,
  MINUTE,
  SECOND,
  shopperOf,
  site,
  STORES,
  storeWith,
  time,
  WebhookShop,
} from './webhook-shop.ts';

describe.each(STORES)('webhooks over %s', (_, stores) => {
  let shop: WebhookShop;

  beforeEach(async () => {
    shop = await WebhookShop.start(stores);
  });

  it('write nothing twice where a hub dies before it has moved on', async () => {
    const { endpoint: added } = await shop.endpoint();
    for (const name of ['jo', 'ada']) await happen(shop.store, name);
    // As a hub that has written a page down and dies: its place stays where it was.
    const dying = await WebhookShop.hubOver(
      storeWith(shop.store, { advanceFold: () => Promise.reject(new Error('killed')) }),
    );
    await expect(dying.feed.round()).rejects.toThrow('killed');
    expect(await shop.waiting(added.id)).toBe(2);
    // Nothing of it is sent yet: what has been sent would not be known when the page is read again.
    await shop.send();
    expect(shop.receiver.received).toEqual([]);
    time.now += 11 * SECOND;
    await shop.turn();
    await shop.turn();
    expect(shop.ids()).toHaveLength(2);
    expect(new Set(shop.ids()).size).toBe(2);
  });

  it('send again, with the same id, what a hub had begun to send when it died, once its lease is over', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    while (await shop.hub.feed.round());
    const deliveries = new Deliveries(shop.store);
    const [pending] = (await deliveries.due(added.id, time.now, 'elsewhere')).due;
    expect(await deliveries.claim(added.id, pending ?? expect.fail(), time.now)).not.toBeNull();
    time.now += 29 * SECOND;
    await shop.send();
    expect(shop.receiver.received).toEqual([]);
    time.now += SECOND;
    await shop.send();
    expect(shop.ids()).toEqual([pending?.delivery.message.id]);
    const { attempts } = await shop.hub.health.read(added.id);
    expect(attempts[0]).toMatchObject({ attempt: 2, isDelivered: true });
  });

  it('that hubs die of are begun eight times, and not again', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    while (await shop.hub.feed.round());
    const deliveries = new Deliveries(shop.store);
    for (let death = 0; death < 8; death++) {
      const [pending] = (await deliveries.due(added.id, time.now, 'elsewhere')).due;
      expect(await deliveries.claim(added.id, pending ?? expect.fail(), time.now)).not.toBeNull();
      time.now += 30 * SECOND;
    }
    await shop.send();
    expect([shop.receiver.received.length, await shop.waiting(added.id)]).toEqual([0, 0]);
  });

  it('that can’t be sent don’t keep the others', async () => {
    const { endpoint: broken } = await shop.endpoint();
    const other = await startReceiver(clock);
    await shop.hub.endpoints.add(site, { url: other.url });
    const entry = (await shop.store.registers.read('webhooks', site)) ?? expect.fail();
    const text = entry.text.replace(/"sealed":"[^"]+"/, '"sealed":"00000000.AAAA"');
    await shop.store.registers.write('webhooks', {
      ...entry,
      version: entry.version + 1,
      text,
    });
    for (const name of ['jo', 'ada', 'li']) await happen(shop.store, name);
    await shop.turn();
    expect([shop.receiver.received.length, other.received.length]).toEqual([0, 3]);
    expect(await shop.waiting(broken.id)).toBe(3);
  });

  it('forget a shopper whose messages wait, and those of nobody else', async () => {
    shop.receiver.script(500, 500, 200);
    const { endpoint: added } = await shop.endpoint();
    for (const name of ['jo', 'ada']) await happen(shop.store, name);
    await shop.turn();
    await happen(shop.store, 'jo', { steps: ['cart_returned'] });
    while (await shop.hub.feed.round());
    expect(await shop.waiting(added.id)).toBe(3);
    await shop.hub.forgetShopper({ site, shopper: shopperOf('jo') });
    time.now += MINUTE;
    await shop.send();
    expect(shop.receiver.received.slice(2).map(({ data }) => data['shopper'])).toEqual([shopperOf('ada')]);
  });

  it('forget a shopper also where a hub has read of them before and is about to write it down', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    const slow = await shop.slowHub();
    const round = slow.hub.feed.round();
    await expect.poll(slow.isWriting).toBe(true);
    const waiting = await shop.waitingHub();
    const forgotten = waiting.hub.forgetShopper({ site, shopper: shopperOf('jo') });
    // It has been told that another hub is at work, and asks again.
    await expect.poll(waiting.refusals).toBeGreaterThan(1);
    slow.goOn();
    await Promise.all([round, forgotten]);
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('leave nothing behind of an endpoint that is removed while a hub writes down what it has read, and then dies', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    const slow = await shop.slowHub();
    slow.hub.endpoints.of = () => Promise.reject(new Error('killed'));
    const round = slow.hub.feed.round();
    await expect.poll(slow.isWriting).toBe(true);
    const waiting = await shop.waitingHub();
    const removed = waiting.hub.remove(site, added.id);
    await expect.poll(waiting.refusals).toBeGreaterThan(1);
    slow.goOn();
    await expect(round).rejects.toThrow('killed');
    await removed;
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('leave nothing behind of an endpoint that is removed before a hub writes down what it has read for it', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    const slow = await shop.slowHub('leases');
    const round = slow.hub.feed.round();
    await expect.poll(slow.isWriting).toBe(true);
    await shop.hub.remove(site, added.id);
    slow.goOn();
    await round;
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('are not sent of a shopper who was erased, though a hub had them in hand and has written them down since', async () => {
    const { endpoint: added } = await shop.endpoint();
    for (const name of ['jo', 'ada']) await happen(shop.store, name);
    while (await shop.hub.feed.round());
    await shop.store.erase({ site, shopper: shopperOf('jo') });
    await shop.send();
    expect(shop.receiver.received.map(({ data }) => data['shopper'])).toEqual([shopperOf('ada')]);
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('are written down by one hub at a time, however long it takes', async () => {
    await shop.endpoint();
    await happen(shop.store, 'jo');
    const slow = await shop.slowHub();
    const round = slow.hub.feed.round();
    await expect.poll(slow.isWriting).toBe(true);
    await shop.turn();
    slow.goOn();
    await round;
    await shop.turn();
    expect(shop.ids()).toHaveLength(1);
  });

  it('do not send again what was forgotten while it was on its way', async () => {
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    while (await shop.hub.feed.round());
    const deliveries = new Deliveries(shop.store);
    const [pending] = (await deliveries.due(added.id, time.now, 'elsewhere')).due;
    const claimed = await deliveries.claim(added.id, pending ?? expect.fail(), time.now);
    await shop.hub.forgetShopper({ site, shopper: shopperOf('jo') });
    await deliveries.putOff(added.id, claimed ?? expect.fail(), time.now + SECOND);
    expect(await shop.waiting(added.id)).toBe(0);
  });

  it('give what is under way a while to be answered when a hub ends, and give it back where it is not', async () => {
    const patient = await WebhookShop.hubOver(shop.store, { timeLimitMs: 15_000 });
    shop.receiver.script('hang', 200);
    const { endpoint: added } = await shop.endpoint();
    await happen(shop.store, 'jo');
    while (await patient.feed.round());
    await patient.courier.look();
    await expect.poll(() => shop.receiver.received.length).toBe(1);
    await patient.stop();
    await shop.send();
    expect(shop.ids()).toEqual([shop.ids()[0], shop.ids()[0]]);
    expect((await shop.hub.health.read(added.id)).attempts).toHaveLength(1);
  });

  it('are sent by whichever hub is there, each message once', async () => {
    const hubs = [
      shop.hub,
      await WebhookShop.hubOver(await shop.open()),
      await WebhookShop.hubOver(await shop.open()),
    ];
    await shop.endpoint();
    const names = Array.from({ length: 60 }, (__, index) => `shopper-${index}`);
    for (const [index, name] of names.entries()) {
      await happen(shop.store, name);
      if (index % 7 === 0) await Promise.all(hubs.map((one) => shop.turn(one)));
    }
    for (let round = 0; round < 3; round++) await Promise.all(hubs.map((one) => shop.turn(one)));
    expect(shop.receiver.received.map(({ data }) => String(data['shopper'])).toSorted()).toEqual(
      names.map(shopperOf).toSorted(),
    );
  });
});
