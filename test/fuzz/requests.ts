import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ORIGIN, SECRET_KEY } from '../support/sample-site.ts';
import type { Chance } from './chance.ts';
import { bodiesFor } from './http-bodies.ts';
import type { Route } from './hub-routes.ts';
import { oddKey, oddValue } from './odd-json.ts';
import { FRESH_ID_EVERYWHERE, TOKEN } from './page-bodies.ts';

export interface Request {
  readonly bytes: Buffer;
  readonly method: string;
  /** Whether all of it is there, so that an answer has to come; else the connection's end will do. */
  readonly isWhole: boolean;
}

const TYPES = [
  'text/plain',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json; charset=utf-7',
  'application/json; charset=__proto__',
  'application/json; charset="',
  'text/plain; charset=constructor',
  'text/plain; charset=utf-32be',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  '',
  ';',
  'text/plain;;;=',
] as const;
const ENCODINGS = ['gzip', 'deflate', 'br', 'identity', 'zstd', 'gzip, gzip', '__proto__', ''] as const;
const IN_PATH = [
  'fuzzed',
  'cart',
  'constructor',
  '__proto__',
  'toString',
  '%00',
  '%ff',
  '%',
  '%2e%2e%2f',
  '..',
  '%F0%9F%92%A9',
  'a'.repeat(300),
  'A-SHOPPER',
  'a-shopper-of-the-hub-0',
  '%3Cscript%3E',
  ' ',
  ';',
] as const;
const QUERIES = [
  '',
  '?from=1&to=2',
  '?from[]=1&to={}',
  '?__proto__[polluted]=1&constructor[prototype][polluted]=1',
  '?__proto__=1&from=1&to=1',
  '?from=1&from=2&to=9007199254740993',
  '?from=NaN&to=Infinity',
  '?locale=ko',
  '?locale=__proto__',
  '?locale[]=en',
  `?${'a=1&'.repeat(2_000)}`,
  '?%ff=%fe',
  '??#',
] as const;
const HEADERS = [
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 1e3',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
  'Host: other.test',
  'Expect: 100-continue',
  'Expect: miracles',
  'X-HTTP-Method-Override: DELETE',
  'Authorization: Bearer sk_other_secret',
  'Authorization: Basic Og==',
  'Origin: null',
  'Origin: http://evil.test',
  'Sec-GPC: 1',
  'Sec-Fetch-Site: same-origin',
  'X-Cartbell-Canary: AAAA',
  'From: \u00ff\u00fe',
  `From: ${'x'.repeat(500)}`,
  `X-Pad: ${'x'.repeat(20_000)}`,
  'Accept: application/x-ndjson',
  'Accept: */*;q=__proto__',
  'Range: bytes=0-1,5-,-9',
  'If-Match: "x"',
  'Connection: close',
  'Connection: keep-alive, X-Pad',
  ' folded: yes',
  'No colon',
  'Bad\u0001Name: x',
  'X-Nul: a\u0000b',
  '__proto__: polluted',
] as const;

/** The request at a place of a seed: an address of the hub, and a body that is wrong somewhere, or is sent in a wrong way. */
export function requestAt(chance: Chance, routes: readonly Route[], place: number, token: string): Request {
  const route = routeFor(chance, routes);
  const body = bodyFor(chance, route, place, token);
  const kind = chance.below(100);
  if (kind < 74) return whole(route, target(chance, route), body, 'application/json');
  if (kind < 78) return whole(route, target(chance, route), body, chance.one(TYPES));
  if (kind < 82) return encoded(chance, route, body);
  if (kind < 86) return inChunks(chance, route, body);
  if (kind < 94) return oddHead(chance, route, body);
  if (kind < 97) return oddTarget(chance, route, body);
  return broken(chance, route, body);
}

/** Those that read a body get most of them; the others must not mind one. */
function routeFor(chance: Chance, routes: readonly Route[]): Route {
  const isRead = !chance.once(12);
  // A backtest takes a thread of its own for a while.
  const isCheap = !chance.once(10);
  const some = routes.filter(
    ({ method, path }) =>
      (method === 'POST' || method === 'PUT') === isRead && !(isCheap && path.endsWith('/backtest')),
  );
  const route = some[chance.below(some.length)];
  if (!route) throw new Error('The hub has no such addresses.');
  return route;
}

function bodyFor(chance: Chance, { path }: Route, place: number, token: string): Buffer {
  const template = chance.one(bodiesFor(path));
  const changed = chance.once(20) ? template.text : template.changed(chance, 20_000);
  const text = changed
    .replace(TOKEN, token)
    .replace(FRESH_ID_EVERYWHERE, `http-${String(place % 64).padStart(8, '0')}`);
  switch (chance.below(40)) {
    case 0:
      return Buffer.from(`\ufeff${text}`);
    case 1:
      return Buffer.from(text.slice(0, chance.below(text.length)));
    case 2:
      return chance.bytes(chance.below(200));
    case 3:
      return Buffer.from(text, 'utf16le');
    case 4:
      return Buffer.from(oddValue(chance, 20_000));
    case 5:
      return Buffer.from(`{${oddKey(chance)}:${oddValue(chance, 20_000)}}`);
    default:
      return Buffer.from(text);
  }
}

/** Addresses that exist, but for the names in them. */
function target(chance: Chance, { path }: Route): string {
  const filled = path.replace(/:\w+/g, () =>
    (chance.once(3) ? chance.one(IN_PATH) : 'fuzzed').replace(' ', '%20'),
  );
  return filled + (chance.once(6) ? chance.one(QUERIES) : '');
}

function head(route: Route, address: string, lines: readonly string[]): string {
  const own = ['Host: hub.test', `Origin: ${ORIGIN}`, `Authorization: Bearer ${SECRET_KEY}`];
  return [`${route.method} ${address} HTTP/1.1`, ...own, ...lines, '', ''].join('\r\n');
}

function whole(
  route: Route,
  address: string,
  body: Buffer,
  type: string,
  more: readonly string[] = [],
): Request {
  const lines = [`Content-Type: ${type}`, `Content-Length: ${body.length}`, ...more];
  const bytes = Buffer.concat([Buffer.from(head(route, address, lines), 'latin1'), body]);
  return { bytes, method: route.method, isWhole: true };
}

function encoded(chance: Chance, route: Route, body: Buffer): Request {
  const pack = chance.one([gzipSync, deflateSync, brotliCompressSync, (given: Buffer) => given] as const);
  const sent = chance.once(20) ? BOMB : chance.once(4) ? pack(body).subarray(0, 20) : pack(body);
  const encoding = `Content-Encoding: ${chance.one(ENCODINGS)}`;
  return whole(route, target(chance, route), sent, 'application/json', [encoding]);
}

/** Ten megabytes of nothing. */
const BOMB = gzipSync(Buffer.alloc(10_000_000));

function inChunks(chance: Chance, route: Route, body: Buffer): Request {
  const size = chance.one([1, 7, 500] as const);
  const isGood = chance.once(2);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length && parts.length < 300; at += size) {
    const part = body.subarray(at, at + size);
    const told =
      isGood || !chance.once(5)
        ? part.length.toString(16)
        : chance.one(['-1', 'g', 'fffffffff', '', '0x5'] as const);
    parts.push(Buffer.from(`${told}${chance.once(9) ? ';name="value"' : ''}\r\n`), part, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(chance.once(3) ? '0\r\nX-Trailer: a\r\n\r\n' : '0\r\n\r\n'));
  const lines = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
  const bytes = Buffer.concat([Buffer.from(head(route, target(chance, route), lines), 'latin1'), ...parts]);
  return { bytes, method: route.method, isWhole: isGood };
}

function oddHead(chance: Chance, route: Route, body: Buffer): Request {
  const lines: string[] = [chance.one(HEADERS)];
  while (chance.once(3)) lines.push(chance.one(HEADERS));
  if (chance.once(40)) lines.push(...Array.from({ length: 3_000 }, (_, place) => `X-${place}: 1`));
  // What they say of the length, or ask for, may make of this half a request, or two.
  return { ...whole(route, target(chance, route), body, 'application/json', lines), isWhole: false };
}

function oddTarget(chance: Chance, route: Route, body: Buffer): Request {
  const address = chance.one([
    `/${'a'.repeat(9_000)}`,
    '*',
    '//',
    '/v1/../../etc/passwd',
    '/cartbell.js/%2e%2e/%2e%2e/package.json',
    '/cartbell/../../server/main.js',
    'http://other.test/v1/rules',
    '/v1/rules/%',
    '/\u00ff',
    '/socket.io/?EIO=4&transport=polling',
    '/socket.io/?EIO=4&transport=polling&sid=__proto__',
    '/socket.io/?EIO=9&transport=constructor',
    '/socket.io/?EIO=4&transport=websocket&sid=toString',
  ] as const);
  const method = chance.one([route.method, 'OPTIONS', 'HEAD', 'TRACE', 'PATCH', 'PROPFIND', 'POST'] as const);
  return whole({ ...route, method }, address, body, 'application/json');
}

function broken(chance: Chance, route: Route, body: Buffer): Request {
  const { bytes } = whole(route, target(chance, route), body, 'application/json');
  const at = chance.below(Math.min(bytes.length, 400));
  switch (chance.below(4)) {
    case 0:
      return { bytes: bytes.subarray(0, at), method: route.method, isWhole: false };
    case 1:
      bytes[at] = chance.below(256);
      return { bytes, method: route.method, isWhole: false };
    case 2:
      return { bytes: chance.bytes(200), method: route.method, isWhole: false };
    default:
      return { bytes: Buffer.concat([bytes.subarray(0, at), bytes]), method: route.method, isWhole: false };
  }
}
