import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { call } from '../support/api.ts';
import { ADMIN_KEY } from '../support/http-face.ts';
import { startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { metricsOf } from '../support/prometheus.ts';
import { ORIGIN, PUBLISHABLE_KEY, SECRET_KEY, site, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A hub behind one proxy, so that a test's clients have addresses of their own. */
async function hubBehindProxy(env: Readonly<Record<string, string>> = {}) {
  const dir = await tempDir();
  return startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir), TRUST_PROXY: '1', ...env });
}

const from = (address: string) => ({ origin: ORIGIN, 'x-forwarded-for': address });

/** A socket below Socket.IO: nothing that is sent waits for anything. */
async function rawSocket(url: string, address: string, more = ''): Promise<WebSocket> {
  const path = `/socket.io/?EIO=4&transport=websocket${more}`;
  const options = { headers: from(address), handshakeTimeout: 5_000 };
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, options);
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(`40${JSON.stringify({ site: PUBLISHABLE_KEY })}`);
  return socket;
}

/** Resolves with whether the hub let it in; a no to who asks too often comes later than it waits. */
function isLetIn(url: string, address: string, withinMs = 5_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: withinMs,
      auth: { site: PUBLISHABLE_KEY },
      extraHeaders: from(address),
    });
    onTestFinished(() => void socket.disconnect());
    socket.once('welcome', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
  });
}

describe('a socket that floods the hub', () => {
  it('is cut off and its address shut out, while others are served', { timeout: 30_000 }, async () => {
    const hub = await hubBehindProxy();
    const page = await openPage(hub.url, {}, from('10.1.0.1'));
    const flooder = await rawSocket(hub.url, '10.6.6.6');
    const isOver = once(flooder, 'close');
    let frames = 0;
    const flood = setInterval(() => {
      for (let count = 0; count < 100; count++, frames++)
        flooder.send(`42${JSON.stringify(['track', { frames }])}`);
    }, 10);
    onTestFinished(() => clearInterval(flood));
    const acks = Array.from({ length: 20 }, () => page.track('view_item', { items: [] }));
    await isOver;
    clearInterval(flood);
    for (const ack of await Promise.all(acks)) expect(ack).toMatchObject({ ok: true });
    // What looks like a session that goes on is a new one, too.
    const again = ['', '&sid=', '&xsid=1', '&sid=made-up'].map(async (more) => {
      await expect(rawSocket(hub.url, '10.6.6.6', more)).rejects.toThrow('handshake has timed out');
    });
    await Promise.all(again);
    expect(await isLetIn(hub.url, '10.1.0.2')).toBe(true);
  });

  it(
    'with no more than messages is asked to wait, and cut off when it does not',
    { timeout: 30_000 },
    async () => {
      const hub = await hubBehindProxy();
      const page = await openPage(hub.url, {}, from('10.6.6.6'));
      const isOver = new Promise((resolve) => void page.socket.once('disconnect', resolve));
      const refusals: unknown[] = [];
      const loud = setInterval(() => {
        for (let count = 0; count < 2; count++)
          void page.track('view_item', { items: [] }).then(
            (ack) => ack.ok || refusals.push(ack),
            // What was under way when it was cut off has no answer.
            () => undefined,
          );
      }, 20);
      onTestFinished(() => clearInterval(loud));
      await isOver;
      clearInterval(loud);
      expect(refusals[0]).toMatchObject({ error: { code: 'rate_limited' }, retryAfter: expect.any(Number) });
    },
  );
});

it(
  'where a site says more than its part, a page is told to come back in a second or two, and one that does not listen is cut off',
  { timeout: 30_000 },
  async () => {
    const dir = await tempDir();
    const quota = { eventsPerSecond: 2 };
    const hub = await hubBehindProxy({ ADMIN_KEY, SITE_FILE: await siteFile(dir, { quota }) });
    const other = { id: 'other', origins: [ORIGIN], currency: 'EUR', products: [], rules: [] };
    const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };
    expect((await call(hub.url, 'POST', '/v1/sites', other, asAdmin)).status).toBe(201);
    const page = await openPage(hub.url, {}, from('10.6.6.6'));
    const isOver = new Promise((resolve) => void page.socket.once('disconnect', resolve));
    const waits: unknown[] = [];
    // No more than a socket may say.
    const loud = setInterval(() => {
      void page.track('view_item', { items: [] }).then(
        (ack) => ack.ok || waits.push('retryAfter' in ack ? ack.retryAfter : ack),
        () => undefined,
      );
    }, 55);
    onTestFinished(() => clearInterval(loud));
    await isOver;
    clearInterval(loud);
    expect(waits.length).toBeGreaterThan(20);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1_000);
    expect(await isLetIn(hub.url, '10.6.6.6')).toBe(false);
  },
);

it(
  '2,000 sockets from one address: as many are let in as one address may have, and others beside them',
  { timeout: 40_000 },
  async () => {
    const hub = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '50' });
    const crowd = await Promise.all(
      Array.from({ length: 2_000 }, () => isLetIn(hub.url, '10.6.6.6', 12_000)),
    );
    expect(crowd.filter(Boolean)).toHaveLength(50);
    expect(await isLetIn(hub.url, '10.1.0.1')).toBe(true);
  },
);

describe('who asks for sockets too often waits for their no', () => {
  /** Asks for a WebSocket that will be refused; resolves once the hub has heard of it. */
  async function askInVain(url: string) {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    const heard = { text: '' };
    socket.on('data', (chunk) => (heard.text += String(chunk)));
    socket.on('error', () => undefined);
    const isOver = once(socket, 'close');
    socket.on('end', () => socket.destroy());
    socket.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        'Host: hub',
        ...Object.entries(from('10.6.6.6')).map(([name, value]) => `${name}: ${value}`),
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '\r\n',
      ].join('\r\n'),
    );
    for (let time = 0; time < 2; time++) await fetch(`${url}/healthz`);
    return { socket, heard, isOver };
  }

  it('and gets it', { timeout: 40_000 }, async () => {
    const hub = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '1' });
    await openPage(hub.url, {}, from('10.6.6.6'));
    const { heard, isOver } = await askInVain(hub.url);
    expect(heard.text).toBe('');
    await isOver;
    expect(heard.text).toMatch(/^HTTP\/1.1 429 /);
  });

  it.each([
    ['hangs up', (socket: Socket) => void socket.end()],
    ['speaks meanwhile', (socket: Socket) => void socket.write('hello')],
  ])('but is let go of when it %s', async (_, act) => {
    const hub = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '1' });
    await openPage(hub.url, {}, from('10.6.6.6'));
    const { socket, heard, isOver } = await askInVain(hub.url);
    act(socket);
    await isOver;
    expect(heard.text).toBe('');
  });

  it('and one that breaks off, or waits as the hub ends, is no trouble to it', async () => {
    const hub = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '1' });
    await openPage(hub.url, {}, from('10.6.6.6'));
    const [broken, left] = [await askInVain(hub.url), await askInVain(hub.url)];
    broken.socket.resetAndDestroy();
    await broken.isOver;
    expect(await isLetIn(hub.url, '10.1.0.1')).toBe(true);
    expect(await hub.stop()).toBe(0);
    await left.isOver;
    expect(left.heard.text).toBe('');
  });
});

it('pages of one site that come in at once get as many places as it has, and each that goes leaves one', async () => {
  const dir = await tempDir();
  const quota = { sockets: 3 };
  const env = { DATA_DIR: dir, ADMIN_KEY, SITE_FILE: await siteFile(dir, { quota }) };
  const before = await startHub(env);
  const tokens = await Promise.all(
    Array.from({ length: 20 }, async () => (await openPage(before.url)).welcome.token),
  );
  const other = { id: 'other', origins: [ORIGIN], currency: 'EUR', products: [], rules: [] };
  const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };
  expect((await call(before.url, 'POST', '/v1/sites', other, asAdmin)).status).toBe(201);
  await before.stop();
  // It has to look each of them up, and all of them are on their way in meanwhile.
  const hub = await startHub(env);
  const sockets = await Promise.all(
    tokens.map(async () => {
      const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        headers: { origin: ORIGIN },
      });
      onTestFinished(() => socket.terminate());
      await once(socket, 'message');
      return socket;
    }),
  );
  const answers = sockets.map(async (socket) => {
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return String(answer);
  });
  for (const [index, socket] of sockets.entries())
    socket.send(`40${JSON.stringify({ site: PUBLISHABLE_KEY, token: tokens[index] })}`);
  const said = await Promise.all(answers);
  expect(said.filter((answer) => answer.startsWith('40'))).toHaveLength(3);
  expect(said.find((answer) => answer.startsWith('44'))).toContain('too many pages open');
  sockets[said.findIndex((answer) => answer.startsWith('40'))]?.close();
  await expect.poll(() => isLetIn(hub.url, '10.1.0.1')).toBe(true);
  expect(await isLetIn(hub.url, '10.1.0.1')).toBe(false);
});

it('a page whose connection ends as it comes in takes no place of its site', async () => {
  const dir = await tempDir();
  const hub = await startHub({
    DATA_DIR: dir,
    ADMIN_KEY,
    SITE_FILE: await siteFile(dir, { quota: { sockets: 3 } }),
  });
  const other = { id: 'other', origins: [ORIGIN], currency: 'EUR', products: [], rules: [] };
  const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };
  expect((await call(hub.url, 'POST', '/v1/sites', other, asAdmin)).status).toBe(201);
  const polling = `${hub.url}/socket.io/?EIO=4&transport=polling`;
  for (let page = 0; page < 5; page++) {
    const opened = await (await fetch(polling, { headers: { origin: ORIGIN } })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    // In one breath: let me in, and it is over.
    const body = `40${JSON.stringify({ site: PUBLISHABLE_KEY })}\x1e1`;
    const headers = { origin: ORIGIN, 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await fetch(`${polling}&sid=${sid}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }
  expect(await isLetIn(hub.url, '10.1.0.1')).toBe(true);
});

it('an address that a client makes up counts for nothing', async () => {
  const hub = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '5' });
  const open = await hubBehindProxy({ SOCKETS_PER_ADDRESS: '5', TRUST_PROXY: '0' });
  const forged = Array.from({ length: 20 }, (_, count) => isLetIn(hub.url, `10.9.9.${count}, 10.6.6.6`));
  const direct = Array.from({ length: 20 }, (_, count) => isLetIn(open.url, `10.9.9.${count}`));
  expect((await Promise.all(forged)).filter(Boolean)).toHaveLength(5);
  expect((await Promise.all(direct)).filter(Boolean)).toHaveLength(5);
});

it('keys are guessed twenty times from an address, and the right one is taken all the same', async () => {
  const hub = await hubBehindProxy();
  const ask = (key: string, address: string) =>
    call(hub.url, 'GET', '/v1/rules', undefined, { authorization: `Bearer ${key}`, ...from(address) });
  const statuses: number[] = [];
  for (let guess = 0; guess < 25; guess++)
    statuses.push((await ask(`sk_guess_${guess}`, `9.9.9.${guess}, 10.6.6.6`)).status);
  expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
  expect((await ask(SECRET_KEY, '10.6.6.6')).status).toBe(200);
  expect((await ask('sk_wrong_too', '10.1.0.1')).status).toBe(401);
});

it('addresses that whoever guesses makes up count for nothing where no proxy is trusted', async () => {
  const hub = await hubBehindProxy({ TRUST_PROXY: '0' });
  const statuses: number[] = [];
  for (let guess = 0; guess < 25; guess++) {
    const headers = { authorization: `Bearer sk_guess_${guess}`, ...from(`9.9.9.${guess}`) };
    statuses.push((await call(hub.url, 'GET', '/v1/rules', undefined, headers)).status);
  }
  expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
});

it('pages of one address share what it may say, however little each of them says, and beacons are of it', async () => {
  const dir = await tempDir();
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir), SOCKETS_PER_ADDRESS: '5' });
  const pages = await Promise.all(Array.from({ length: 5 }, () => openPage(hub.url)));
  const turns = Array.from({ length: 30 }, () => pages.map((page) => page.track('page_view')));
  const acks = await Promise.all(turns.flat());
  const refused = acks.filter((ack) => !ack.ok);
  // Each of them may say forty things at once, the address fifty, and a few that come back meanwhile.
  expect(refused.length).toBeGreaterThan(50);
  expect(refused[0]).toMatchObject({ error: { code: 'rate_limited' } });
  const body = JSON.stringify({
    site: PUBLISHABLE_KEY,
    token: pages[0]?.welcome.token,
    events: [{ id: 'beacon-00001', name: 'page_view', at: 1, rev: 1 }],
  });
  const headers = { origin: ORIGIN, 'content-type': 'text/plain' };
  const beacons = await Promise.all(
    Array.from({ length: 60 }, () => fetch(`${hub.url}/v1/track`, { method: 'POST', headers, body })),
  );
  expect(new Set(beacons.map(({ status }) => status))).toContain(429);
});

it('one site’s rush is refused, and the other’s events are taken', async () => {
  const dir = await tempDir();
  const quota = { eventsPerSecond: 10 };
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { quota }) });
  await hub.stop();
  const second = site({ id: 'other', publishableKey: 'pk_other', secretKey: 'sk_other_secret', quota });
  const file = join(dir, 'other.json');
  await writeFile(file, JSON.stringify(second));
  const both = await startHub({ DATA_DIR: dir, SITE_FILE: file });
  const rush = await openPage(both.url);
  const calm = await openPage(both.url, { site: 'pk_other' });
  const acks = await Promise.all(Array.from({ length: 30 }, () => rush.track('view_item', { items: [] })));
  expect(acks.filter((ack) => ack.ok)).toHaveLength(20);
  expect(acks.find((ack) => !ack.ok)).toMatchObject({ error: { code: 'rate_limited' } });
  expect(await calm.track('view_item', { items: [] })).toMatchObject({ ok: true });
});

describe('a page that asks without end', () => {
  const unlimited = async () => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir), LIMITS: 'off' });
    const page = await openPage(hub.url);
    const { ws } = page.socket.io.engine.transport as unknown as { ws: WebSocket };
    const ask = (answered: () => void) => page.socket.emit('open', { tab: 'one-tab-more' }, answered);
    const letGo = async () => (await metricsOf(hub.url)).of('cartbell_pages_clogged_total');
    return { page, ws, ask, letGo };
  };

  it('and reads nothing of what it is answered is let go', { timeout: 60_000 }, async () => {
    const { page, ws, ask, letGo } = await unlimited();
    const isOver = new Promise((resolve) => void page.socket.once('disconnect', resolve));
    ws.pause();
    const asking = setInterval(() => {
      for (let count = 0; count < 30; count++) ask(() => {});
    }, 1);
    onTestFinished(() => clearInterval(asking));
    await expect.poll(letGo, { timeout: 40_000 }).toBe(1);
    clearInterval(asking);
    ws.resume();
    await isOver;
  });

  it('and reads is answered and stays, however much it says in one breath', async () => {
    const { page, ask, letGo } = await unlimited();
    let answered = 0;
    // For longer than it takes until a page is let go that does not read.
    const until = performance.now() + 1_500;
    for (let asked = 400; performance.now() < until; asked += 400) {
      for (let count = 0; count < 400; count++) ask(() => answered++);
      await expect.poll(() => answered, { interval: 5 }).toBe(asked);
    }
    expect(page.socket.connected).toBe(true);
    expect(await letGo()).toBe(0);
  });
});
