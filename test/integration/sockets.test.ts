import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { io } from 'socket.io-client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { idleCountdown, ORIGIN, PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;

beforeEach(async () => {
  const dir = await tempDir();
  const rules = [rule('hello', { on: 'add_to_cart', limit: { times: 1, per: '1h' } }), idleCountdown];
  hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules }) });
});

const addToCart = (page: Page) => page.track('add_to_cart', { currency: 'EUR', items: [mug] });
const firstNudge = (page: Page, kind: string) =>
  page.until(() => page.nudges.find((nudge) => nudge.kind === kind));

describe('the handshake', () => {
  const refusal = (auth: object, headers: Record<string, string>) =>
    new Promise<{ message: string; data?: { code: string; path?: string } }>((resolve) => {
      const socket = io(hub.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth,
        extraHeaders: headers,
      });
      onTestFinished(() => void socket.disconnect());
      socket.on('connect_error', resolve);
    });

  it('refuses a key that no site has, and says which field', async () => {
    const { data } = await refusal({ site: 'pk_wrong' }, { origin: ORIGIN });
    expect(data).toMatchObject({ code: 'unauthorized', path: 'site' });
  });

  it('refuses a handshake without a site', async () => {
    expect((await refusal({}, { origin: ORIGIN })).data).toMatchObject({ code: 'invalid', path: 'site' });
  });

  it.each([['https://shop.test.evil.example'], ['null'], ['http://shop.test:81'], ['']])(
    'refuses the foreign origin %j before it is a socket, by polling and by WebSocket',
    async (origin) => {
      const headers: Record<string, string> = origin ? { origin } : {};
      const polling = await fetch(`${hub.url}/socket.io/?EIO=4&transport=polling`, { headers });
      expect(polling.status).toBe(403);
      expect((await refusal({ site: PUBLISHABLE_KEY }, headers)).message).toBe('websocket error');
    },
  );

  it('serves a page of its own host, whose browser sends no origin', async () => {
    const host = new URL(ORIGIN).host;
    const answer = await fetchAs(hub.url, host, 'same-origin');
    expect(answer).toBe(200);
    expect(await fetchAs(hub.url, host, 'cross-site')).toBe(403);
  });

  it('refuses a version that it does not serve', async () => {
    expect((await refusal({ site: PUBLISHABLE_KEY, version: 99 }, { origin: ORIGIN })).data).toMatchObject({
      code: 'unsupported_version',
    });
  });

  it('refuses a browser that sends Global Privacy Control', async () => {
    const headers = { origin: ORIGIN, 'sec-gpc': '1' };
    expect((await refusal({ site: PUBLISHABLE_KEY }, headers)).data).toMatchObject({ code: 'opted_out' });
  });

  it('knows a shopper again by the token that it gave', async () => {
    const first = await openPage(hub.url);
    const again = await openPage(hub.url, { token: first.welcome.token });
    expect(again.welcome.shopper).toBe(first.welcome.shopper);
  });

  it('takes a forged token for none', async () => {
    const victim = await openPage(hub.url);
    const forged = victim.welcome.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const forger = await openPage(hub.url, { token: forged });
    expect(forger.welcome.shopper).not.toBe(victim.welcome.shopper);
  });
});

describe('track', () => {
  it('counts an event once, however often it is sent, and says so', async () => {
    const page = await openPage(hub.url);
    const event = { id: randomUUID(), name: 'view_item', at: Date.now(), rev: 1, params: { items: [mug] } };
    expect(await page.socket.emitWithAck('track', { events: [event, event] })).toEqual({
      ok: true,
      accepted: 1,
      duplicates: 1,
    });
    expect(await page.socket.emitWithAck('track', { events: [event] })).toEqual({
      ok: true,
      accepted: 0,
      duplicates: 1,
    });
  });

  const good = { id: 'event-0001', name: 'add_to_cart', at: 1, rev: 1, params: { items: [mug] } };
  it.each([
    ['no object', 'nonsense', ''],
    ['no events', {}, 'events'],
    ['an empty list', { events: [] }, 'events'],
    ['an unknown event', { events: [good, { ...good, name: 'add_to_basket' }] }, 'events.1.name'],
    [
      'a negative price',
      { events: [{ ...good, params: { items: [{ ...mug, price: -1 }] } }] },
      'events.0.params.items.0.price',
    ],
    [
      'an item without an id',
      { events: [{ ...good, params: { items: [{ price: 1 }] } }] },
      'events.0.params.items.0.item_id',
    ],
    [
      'a wrong currency',
      { events: [{ ...good, params: { currency: 'euro', items: [] } }] },
      'events.0.params.currency',
    ],
    [
      '201 items',
      { events: [{ ...good, params: { items: Array.from({ length: 201 }, () => ({ item_id: 'a' })) } }] },
      'events.0.params.items',
    ],
    ['51 events', { events: Array.from({ length: 51 }, () => good) }, 'events'],
    [
      'a nudge event without a nudge',
      { events: [{ ...good, name: 'nudge_clicked', params: {} }] },
      'events.0.params.nudge',
    ],
  ])('refuses %s with the path to the fault, and counts nothing of it', async (_, message, path) => {
    const page = await openPage(hub.url);
    const ack = await page.socket.emitWithAck('track', message);
    expect(ack).toMatchObject({ ok: false, error: { code: 'invalid', path } });
    expect(ack).not.toHaveProperty('retryAfter');
    expect(await page.socket.emitWithAck('track', { events: [good] })).toEqual({
      ok: true,
      accepted: 1,
      duplicates: 0,
    });
  });

  it('cuts the connection of a page that sends 10,000 items, and goes on for the others', async () => {
    const [flood, other] = [await openPage(hub.url), await openPage(hub.url)];
    const gone = new Promise((resolve) => flood.socket.once('disconnect', resolve));
    const items = Array.from({ length: 10_000 }, (_, index) => ({ item_id: `item-${index}` }));
    flood.socket.emit('track', { events: [{ ...good, params: { items } }] });
    await gone;
    expect(await addToCart(other)).toMatchObject({ ok: true });
  });

  it('answers a message that it does not know, whatever its name is made of', async () => {
    const page = await openPage(hub.url);
    expect(await page.socket.emitWithAck(5 as unknown as string, {})).toMatchObject({
      error: { code: 'invalid' },
    });
    expect(await page.socket.emitWithAck('tarck', {})).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    });
  });

  it('survives a frame that is no Socket.IO', async () => {
    const page = await openPage(hub.url);
    const gone = new Promise((resolve) => page.socket.once('disconnect', resolve));
    page.socket.io.engine.write('4{"not":"a packet"');
    await gone;
    expect(await addToCart(await openPage(hub.url))).toMatchObject({ ok: true });
  });
});

describe('nudges', () => {
  it('arrive live, and at every open page of the shopper', async () => {
    const first = await openPage(hub.url);
    const second = await openPage(hub.url, { token: first.welcome.token });
    await addToCart(first);
    expect((await firstNudge(first, 'toast')).id).toBe((await firstNudge(second, 'toast')).id);
  });

  it('speak the language of the page', async () => {
    const page = await openPage(hub.url, { page: { locale: 'ko-KR' } });
    await addToCart(page);
    expect((await firstNudge(page, 'toast')).title).toBe('안녕하세요');
  });

  it('wait for a page that was away, in its welcome', async () => {
    const page = await openPage(hub.url);
    await addToCart(page);
    const { token } = page.welcome;
    page.close();
    const back = await openPage(hub.url, { token });
    expect(back.welcome.nudges.map(({ kind }) => kind)).toEqual(['toast']);
    expect(back.welcome.rev).toBe(1);
  });

  it('are painted by the first of five tabs that asks', async () => {
    const first = await openPage(hub.url);
    const tabs = [
      first,
      ...(await Promise.all(
        Array.from({ length: 4 }, () => openPage(hub.url, { token: first.welcome.token })),
      )),
    ];
    await addToCart(first);
    const { id } = await firstNudge(first, 'toast');
    const acks = await Promise.all(tabs.map((tab) => tab.claim(id)));
    expect(acks.filter(({ ok }) => ok)).toHaveLength(1);
    expect(acks.filter((ack) => !ack.ok)).toEqual(
      Array.from({ length: 4 }, () => ({ ok: false, reason: 'taken' })),
    );
  });

  it('that count down follow the shopper to the page they open, and leave the other', async () => {
    const first = await openPage(hub.url);
    await addToCart(first);
    const { id, expiresAt } = await firstNudge(first, 'countdown');
    await first.claim(id);
    const second = await openPage(hub.url, { token: first.welcome.token });
    expect(second.welcome.nudges.find((nudge) => nudge.id === id)?.expiresAt).toBe(expiresAt);
    expect(await second.claim(id, 'page')).toEqual({ ok: true });
    const moved = await first.until(() => first.withdrawn.find((withdraw) => withdraw.id === id));
    expect(moved).toMatchObject({ reason: 'moved', keeper: second.tab });
  });

  it('that were dismissed leave every tab, and their rule rests', async () => {
    const first = await openPage(hub.url);
    const second = await openPage(hub.url, { token: first.welcome.token });
    await addToCart(first);
    const { id } = await firstNudge(first, 'countdown');
    await first.track('nudge_dismissed', { nudge: id });
    expect(await second.until(() => second.withdrawn.find((withdraw) => withdraw.id === id))).toMatchObject({
      reason: 'dismissed',
    });
    const back = await openPage(hub.url, { token: first.welcome.token });
    expect(back.welcome.nudges.filter(({ kind }) => kind === 'countdown')).toEqual([]);
  });

  it('about the cart leave every tab within a second of a purchase', async () => {
    const first = await openPage(hub.url);
    const second = await openPage(hub.url, { token: first.welcome.token });
    await addToCart(first);
    const { id } = await firstNudge(second, 'countdown');
    const bought = performance.now();
    await first.track('purchase', { transaction_id: 'T-1', currency: 'EUR', items: [mug] });
    const gone = await second.until(() => second.withdrawn.find((withdraw) => withdraw.id === id));
    expect(gone.reason).toBe('purchased');
    expect(performance.now() - bought).toBeLessThan(1_000);
    expect(await second.claim(id, 'page')).toEqual({ ok: false, reason: 'gone' });
  });

  it('show their reasons to a page that inspects, where the site allows it', async () => {
    const page = await openPage(hub.url, { inspect: true });
    expect(page.welcome.settings).toEqual({ inspect: false });
  });
});

/** `fetch` sets these headers itself; a plain request may claim any. */
function fetchAs(url: string, host: string, site: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = '/socket.io/?EIO=4&transport=polling';
    const { hostname, port } = new URL(url);
    const options = { hostname, port, path, headers: { host, 'sec-fetch-site': site } };
    get(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
