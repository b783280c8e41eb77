import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it, onTestFinished, afterAll } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_KEY } from '../support/http-face.ts';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const SHOP = 'https://shop.example';
/** `bücher.example`, as browsers name it. */
const IDN = 'https://xn--bcher-kva.example';
const OTHER_SHOP = 'https://other.example';

/** What no page of the shop has for an origin, whatever it looks like; null: there is none. */
const FOREIGN: readonly (readonly [what: string, origin: string | null])[] = [
  ['another host', 'https://evil.example'],
  ['an opaque origin', 'null'],
  ['no origin', null],
  ['an empty one', ''],
  ['the shop’s name before another', 'https://shop.example.evil'],
  ['the shop’s name after another', 'https://evil-shop.example'],
  ['a host under the shop’s', 'https://evil.shop.example'],
  ['the shop’s name for a user', 'https://shop.example@evil.example'],
  ['a user at the shop', 'https://evil@shop.example'],
  ['another port', 'https://shop.example:8443'],
  ['the port that goes without saying', 'https://shop.example:443'],
  ['another scheme', 'http://shop.example'],
  ['a scheme that is none', 'shop.example'],
  ['capitals', 'https://SHOP.example'],
  ['a trailing dot', 'https://shop.example.'],
  ['a trailing slash', 'https://shop.example/'],
  ['a path', 'https://shop.example/evil'],
  ['a space before', ' https://shop.example, https://evil.example'],
  ['two of them', 'https://evil.example https://shop.example'],
  ['a wildcard', '*'],
  ['letters that look like the shop’s', 'https://xn--shp-tna.example'],
  ['a name beside the one with other letters', 'https://xn--bcher-kva.example.evil'],
  ['a null byte, written out', 'https://shop.example%00.evil'],
];

let hub: HubProcess;
let otherKey: string;
const ends: (() => Promise<void>)[] = [];
const atEnd = (end: () => Promise<void>) => void ends.push(end);

beforeAll(async () => {
  const dir = await tempDir(atEnd);
  const SITE_FILE = await siteFile(dir, { origins: [SHOP, IDN] });
  hub = await startHub({ DATA_DIR: dir, ADMIN_KEY, SITE_FILE }, 'main', atEnd);
  const other = { id: 'other', origins: [OTHER_SHOP], currency: 'EUR' };
  const made = await call(hub.url, 'POST', '/v1/sites', other, { authorization: `Bearer ${ADMIN_KEY}` });
  otherKey =
    (made.body['keys'] as { kind: string; key: string }[]).find(({ kind }) => kind === 'publishable')?.key ??
    '';
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

const headersOf = (origin: string | null): Record<string, string> => (origin === null ? {} : { origin });

/** Resolves with the status of a refused upgrade, or 101. */
function upgrade(origin: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers: headersOf(origin),
    });
    onTestFinished(() => socket.terminate());
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
    socket.once('error', reject);
  });
}

const poll = async (origin: string | null) =>
  (await fetch(`${hub.url}/socket.io/?EIO=4&transport=polling`, { headers: headersOf(origin) })).status;

async function beacon(site: string, token: string, origin: string | null) {
  const events = [{ id: randomUUID(), name: 'page_view', at: Date.now(), params: {} }];
  const headers = { ...headersOf(origin), 'content-type': 'text/plain' };
  return call(hub.url, 'POST', '/v1/track', JSON.stringify({ site, token, events }), headers);
}

describe.each(FOREIGN)('%s (%j)', (_, origin) => {
  it('gets neither a poll nor a WebSocket', async () => {
    expect([await poll(origin), await upgrade(origin)]).toEqual([403, 403]);
  });

  it('can’t report by beacon, with a token of the shop’s own', async () => {
    const { welcome } = await openPage(hub.url, {}, { origin: SHOP });
    const answer = await beacon('pk_test', welcome.token, origin);
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } });
  });
});

it.each([[SHOP], [IDN]])('the shop’s own, %s, is served by all three', async (origin) => {
  expect([await poll(origin), await upgrade(origin)]).toEqual([200, 101]);
  const { welcome } = await openPage(hub.url, {}, { origin });
  expect((await beacon('pk_test', welcome.token, origin)).status).toBe(200);
});

describe('a page of one shop with the publishable key of another', () => {
  it.each([['websocket'], ['polling']])('is refused by %s', async (transport) => {
    const refusal = await new Promise<{ data?: object }>((resolve) => {
      const socket = io(hub.url, {
        transports: [transport],
        forceNew: true,
        reconnection: false,
        auth: { site: otherKey },
        extraHeaders: { origin: SHOP },
      });
      onTestFinished(() => void socket.disconnect());
      socket.once('connect_error', resolve);
      socket.once('welcome', () => resolve({}));
    });
    expect(refusal.data).toMatchObject({ code: 'forbidden_origin' });
  });

  it('is refused by beacon, also with a token of the other shop', async () => {
    const there = await openPage(hub.url, { site: otherKey }, { origin: OTHER_SHOP });
    const answer = await beacon(otherKey, there.welcome.token, SHOP);
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } });
    expect((await beacon(otherKey, there.welcome.token, OTHER_SHOP)).status).toBe(200);
  });

  it('gains nothing by its own key and a token of the other shop', async () => {
    const there = await openPage(hub.url, { site: otherKey }, { origin: OTHER_SHOP });
    const here = await openPage(hub.url, { token: there.welcome.token }, { origin: SHOP });
    expect(here.welcome.shopper).not.toBe(there.welcome.shopper);
    expect((await beacon('pk_test', there.welcome.token, SHOP)).status).toBe(401);
  });
});
