import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintSigningSecret, signatureHeaders } from '../../server/webhooks/signature.ts';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;
let secret: string;
const ends: (() => Promise<void>)[] = [];
const SHOPPER = 'jo'.padEnd(22, '-');

beforeAll(async () => {
  const atEnd = (end: () => Promise<void>) => void ends.push(end);
  const dir = await tempDir(atEnd);
  // Wrong signatures are counted by address, and each test has one of its own.
  const env = { DATA_DIR: dir, SITE_FILE: await siteFile(dir), TRUST_PROXY: '1' };
  hub = await startHub(env, 'main', atEnd);
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

let address = '';
let addresses = 0;

beforeEach(async () => {
  address = `203.0.113.${++addresses}`;
  secret = await renew();
});

async function renew(): Promise<string> {
  const { status, body } = await call(hub.url, 'POST', '/v1/inbound-secret');
  expect(status).toBe(200);
  return String(body['secret']);
}

const bodyOf = (more: object = {}, name = 'purchase') => {
  const params = { transaction_id: randomUUID(), value: 18.5, currency: 'EUR', items: [] };
  const events = [{ id: randomUUID(), name, at: Date.now(), params }];
  return JSON.stringify({ shopper: SHOPPER, events, ...more });
};
const idOf = () => `msg_${randomUUID()}`;
const seconds = (ms = 0) => Math.floor((Date.now() + ms) / 1_000);

interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly site?: string;
}

async function send({ body = bodyOf(), headers = sign(body), site = 'test' }: Sent = {}) {
  const response = await fetch(`${hub.url}/v1/inbound/${site}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

function sign(body: string, by: readonly string[] = [secret], ahead = 0): Record<string, string> {
  return signatureHeaders({ id: idOf(), timestamp: seconds(ahead), body }, by);
}

async function purchases(): Promise<number> {
  const { body } = await call(hub.url, 'GET', '/v1/metrics');
  return (body['events'] as Record<string, number>)['purchase'] ?? 0;
}

describe('a message with the site’s signature', () => {
  it('does what POST /v1/events does', async () => {
    const before = await purchases();
    const body = bodyOf();
    const { status, text } = await send({ body });
    expect([status, JSON.parse(text)]).toEqual([200, { ok: true, accepted: 1, duplicates: 0 }]);
    expect(await purchases()).toBe(before + 1);
    // Of an event that came by the other way it is known, too.
    const again = await call(hub.url, 'POST', '/v1/events', JSON.parse(body));
    expect(again.body).toEqual({ ok: true, accepted: 0, duplicates: 1 });
    const reasons = await call(hub.url, 'GET', `/v1/shoppers/${SHOPPER}/reasons`);
    expect(reasons.status).toBe(200);
  });

  it('counts by its bytes: JSON that is written otherwise is another message', async () => {
    const body = `{ "shopper": "${SHOPPER}",  "traits": {} }`;
    expect((await send({ body })).status).toBe(200);
    const rewritten = JSON.stringify(JSON.parse(body));
    expect((await send({ body: rewritten, headers: sign(body) })).status).toBe(401);
  });

  it('is taken once, however often it comes', async () => {
    const body = bodyOf({ traits: {} });
    const headers = sign(body);
    const before = await purchases();
    const answers = await Promise.all([1, 2, 3].map(() => send({ body, headers })));
    // Whoever comes while it is taken in is asked to come back.
    for (const { status } of answers) expect([200, 503]).toContain(status);
    const { status, text } = await send({ body, headers });
    expect([status, JSON.parse(text)]).toEqual([200, { ok: true, repeated: true }]);
    expect(await purchases()).toBe(before + 1);
  });

  it('whose id another message had is refused', async () => {
    const [id, timestamp] = [idOf(), seconds()];
    const [one, other] = [bodyOf(), bodyOf()];
    const signed = (body: string) => signatureHeaders({ id, timestamp, body }, [secret]);
    expect((await send({ body: one, headers: signed(one) })).status).toBe(200);
    expect((await send({ body: other, headers: signed(other) })).status).toBe(400);
  });

  it('that can’t be taken in may come again', async () => {
    const body = bodyOf({ shopper: 'nobody' });
    const headers = sign(body);
    for (let turn = 0; turn < 2; turn++) {
      const { status, text } = await send({ body, headers });
      expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ path: 'shopper' })]);
    }
    const noJson = '{"shopper":';
    expect((await send({ body: noJson, headers: sign(noJson) })).status).toBe(400);
  });

  it('is taken with either secret after it was renewed, and with none that is older, or was dropped', async () => {
    const old = secret;
    secret = await renew();
    for (const by of [[old], [secret], [mintSigningSecret(), secret]]) {
      const body = bodyOf();
      expect((await send({ body, headers: sign(body, by) })).status).toBe(200);
    }
    const [older, newer] = [old, secret];
    secret = await renew();
    const body = bodyOf();
    expect((await send({ body, headers: sign(body, [older]) })).status).toBe(401);
    expect((await send({ body, headers: sign(body, [newer]) })).status).toBe(200);
    await call(hub.url, 'DELETE', '/v1/inbound-secret');
    const other = bodyOf();
    expect((await send({ body: other, headers: sign(other, [secret]) })).status).toBe(401);
  });
});

describe('what is not signed as it has to be', () => {
  const without = (name: string) => {
    const { [name]: _, ...headers } = sign(bodyOf());
    return headers;
  };
  const cases: readonly (readonly [string, () => Sent])[] = [
    ['a changed byte', () => ({ body: bodyOf().replace('18.5', '18.6'), headers: sign(bodyOf()) })],
    ['an old time', () => signedAt(-301_000)],
    ['a time to come', () => signedAt(302_000)],
    ['another’s secret', () => signedBy(mintSigningSecret())],
    ['the site’s secret key', () => signedBy('whsec_c2tfdGVzdF9zZWNyZXQ=')],
    ['no id', () => ({ headers: without('webhook-id') })],
    ['no time', () => ({ headers: without('webhook-timestamp') })],
    ['no signature', () => ({ headers: without('webhook-signature') })],
    ['a site that is not there', () => ({ site: 'nowhere' })],
    ['a site that can’t be', () => ({ site: '..%2f..%2fETC' })],
    ['a site of that many letters', () => ({ site: 'x'.repeat(500) })],
    ['the signature of another scheme', () => ofAnotherScheme()],
    ['the address of another site', () => ({ site: 'prototype' })],
    ['nothing', () => ({ body: '', headers: {} })],
  ];
  const signedAt = (ahead: number): Sent => {
    const body = bodyOf();
    return { body, headers: sign(body, [secret], ahead) };
  };
  const signedBy = (other: string): Sent => {
    const body = bodyOf();
    return { body, headers: sign(body, [other]) };
  };
  const ofAnotherScheme = (): Sent => {
    const body = bodyOf();
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { body, headers: { 'x-hub-signature-256': `sha256=${signature}` } };
  };

  it('is refused with the same answer, whatever is wrong, and changes nothing', async () => {
    const before = await purchases();
    const answers = new Set<string>();
    for (const [what, make] of cases) {
      const { status, text } = await send(make());
      expect([what, status]).toEqual([what, 401]);
      answers.add(text);
    }
    expect([...answers]).toHaveLength(1);
    expect(await purchases()).toBe(before);
  });

  it('is refused so many times from one address; those who sign rightly are heard from there all the same', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 70; turn++) statuses.push((await send({ headers: {} })).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.slice(60)).toEqual(Array.from({ length: 10 }, () => 429));
    expect((await send()).status).toBe(200);
  });
});

describe('a body', () => {
  it('that is too large is not read to its end, whoever sends it', async () => {
    const huge = JSON.stringify({ shopper: SHOPPER, events: ['a'.repeat(300_000)] });
    for (const site of ['test', 'nowhere']) expect((await send({ body: huge, site })).status).toBe(413);
  });

  it('of another type, or packed, is refused, whoever sends it', async () => {
    const body = bodyOf();
    for (const site of ['test', 'nowhere']) {
      const types = await Promise.all(
        ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'].map((type) =>
          send({ body, site, headers: { ...sign(body), 'content-type': type } }),
        ),
      );
      expect(types.map(({ status }) => status)).toEqual([400, 400, 400]);
      const packed = await send({ body, site, headers: { ...sign(body), 'content-encoding': 'gzip' } });
      expect(packed.status).toBe(415);
    }
  });

  it('that stays behind its announced length is not waited for', async () => {
    const request = httpRequest(`${hub.url}/v1/inbound/test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
    });
    const ended = new Promise((resolve) => {
      request.on('response', ({ statusCode }) => resolve(statusCode));
      request.on('error', () => resolve('cut off'));
    });
    request.write('{');
    expect([408, 'cut off']).toContain(await ended);
  });
});
