import { beforeEach, describe, expect, it } from 'vitest';
import { openAttempts } from '../../server/limits/attempts.ts';
import { HttpFace, type SignedIn } from '../support/http-face.ts';

let face: HttpFace;
let owner: SignedIn;

beforeEach(async () => {
  face = await HttpFace.open({ attempts: openAttempts });
  const { id } = await face.addSite();
  await face.addPerson('jo@shop.example', id, 'owner');
  owner = await face.signIn('jo@shop.example');
});

/** What a browser says of a request that the page of an attacker makes, were the cookie sent along. */
const FORGED: readonly [what: string, headers: Readonly<Record<string, string>>][] = [
  [
    'a form of another site',
    {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      origin: 'https://evil.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
  ],
  [
    'a fetch of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', origin: 'https://evil.example' },
  ],
  ['an image of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }],
  ['another origin of the same site', { 'sec-fetch-site': 'same-site', origin: 'https://blog.shop.example' }],
  ['an address that was typed', { 'sec-fetch-site': 'none' }],
  [
    'another origin, by a browser that says no more',
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
  ],
  ['a sandboxed frame', { 'sec-fetch-site': '', origin: 'null' }],
  ['a browser that says nothing', { 'sec-fetch-site': '' }],
];

describe('a change by somebody who has signed in', () => {
  const changes = () =>
    face.routes.filter(({ method, needs }) => method !== 'get' && needs !== 'nothing' && needs !== 'hub');

  it('is asked for by more than a few endpoints', () => expect(changes().length).toBeGreaterThan(15));

  it.each(FORGED)('is refused for %s, at every endpoint', async (_, headers) => {
    for (const { method, path } of changes()) {
      const answer = await face.ask(method.toUpperCase(), path, { as: owner, body: '{}', headers });
      expect([path, answer.status, answer.body['code']]).toEqual([path, 403, 'forbidden_origin']);
    }
  });

  it.each([
    ['no token', ''],
    ['a wrong one', 'A'.repeat(43)],
    ['one of another session', 'other'],
  ])('is refused with %s, at every endpoint that a session opens', async (_, given) => {
    const token = given === 'other' ? (await face.signIn('jo@shop.example')).csrf : given;
    for (const { method, path, needs } of changes()) {
      if (needs === 'own_page') continue;
      const headers = { 'x-csrf-token': token };
      const answer = await face.ask(method.toUpperCase(), path, { as: owner, body: '{}', headers });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect((await face.ask('GET', '/v1/me', { as: owner })).status).toBe(200);
  });

  it('is made with the token, also by a browser that names its origin alone', async () => {
    const put = (headers: Readonly<Record<string, string>>) =>
      face.ask('PUT', '/v1/paused', { as: owner, body: { paused: true }, headers });
    expect((await put({})).status).toBe(200);
    expect((await put({ 'sec-fetch-site': '', origin: face.url })).status).toBe(200);
  });
});

it('where people reach the hub is its own origin, and what a request calls it is not', async () => {
  const behind = await HttpFace.open({ attempts: openAttempts, publicUrl: 'https://hub.example/' });
  const { id } = await behind.addSite();
  await behind.addPerson('jo@shop.example', id, 'owner');
  const as = await behind.signIn('jo@shop.example');
  const put = (origin: string) =>
    behind.ask('PUT', '/v1/paused', {
      as,
      body: { paused: true },
      headers: { 'sec-fetch-site': '', origin },
    });
  expect((await put('https://hub.example')).status).toBe(200);
  expect((await put(behind.url)).status).toBe(403);
});

it('a request with a key and a cookie is the key’s, and needs no token', async () => {
  const other = await face.addSite({ id: 'other', publishableKey: 'pk_other', secretKey: 'sk_other_secret' });
  const headers = { 'sec-fetch-site': '', 'x-csrf-token': '' };
  const answer = await face.ask('PUT', '/v1/paused', {
    as: owner,
    key: 'sk_other_secret',
    body: { paused: true },
    headers,
  });
  expect(answer.status).toBe(200);
  expect(face.sites.definition(other.id).settings.paused).toBe(true);
  expect(face.sites.definition((await face.addSite()).id).settings.paused).toBe(false);
});

it('what a cookie opens is for no page but the hub’s own', async () => {
  const { headers } = await face.ask('GET', '/v1/rules', { as: owner });
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
});
