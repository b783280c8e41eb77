import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { verifiedId } from '../../server/webhooks/signature.ts';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { metricsOf } from '../support/prometheus.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { siteFile } from '../support/sample-site.ts';
import { type Receiver, startReceiver } from '../support/scripted-receiver.ts';
import { tempDir } from '../support/temp-dir.ts';

const SOON = { timeout: 15_000, interval: 50 };

async function startAlone(env: Readonly<Record<string, string>> = { WEBHOOKS_TO_PRIVATE: '1' }) {
  const dir = await tempDir();
  const settings = { DATA_DIR: dir, SITE_FILE: await siteFile(dir), ...env };
  return { settings, hub: await startHub(settings) };
}

async function addWebhook({ url: hub }: HubProcess, { url }: Receiver, more: object = {}) {
  const { status, body } = await call(hub, 'POST', '/v1/webhooks', { url, ...more });
  expect(status).toBe(201);
  return { id: String(body['id']), secret: String(body['secret']) };
}

/** Somebody pays for an order. */
async function pay({ url }: HubProcess, order = randomUUID()): Promise<string> {
  const shopper = randomUUID().replaceAll('-', '').slice(0, 22);
  const params = { transaction_id: order, value: 18.5, currency: 'EUR', items: [] };
  const events = [{ id: randomUUID(), name: 'purchase', at: Date.now(), params }];
  const { status } = await call(url, 'POST', '/v1/events', { shopper, events });
  expect(status).toBe(200);
  return order;
}

const ordersOf = ({ received }: Receiver) => received.map(({ data }) => String(data['order'])).toSorted();

it('a paid order reaches the address that the owner gave, signed, and is seen among the deliveries', async () => {
  const { hub } = await startAlone();
  const receiver = await startReceiver();
  const { id, secret } = await addWebhook(hub, receiver, { types: ['order.reported'] });
  const order = await pay(hub);
  await expect.poll(() => receiver.received.length, SOON).toBe(1);
  const [first] = receiver.received;
  expect(first).toMatchObject({ type: 'order.reported', data: { order, value: 18.5, source: 'server' } });
  const { headers, body = '' } = first ?? {};
  expect(verifiedId(headers ?? {}, Buffer.from(body), [secret], Date.now())).toBe(first?.id);
  await expect
    .poll(async () => (await call(hub.url, 'GET', `/v1/webhooks/${id}/deliveries`)).body, SOON)
    .toMatchObject({ failingSince: null, attempts: [{ status: 200, attempt: 1, type: 'order.reported' }] });
  const { of } = await metricsOf(hub.url);
  expect(of('cartbell_webhooks_total{result="delivered"}')).toBe(1);
  expect(of('cartbell_webhooks_total{result="refused"}')).toBe(0);
  expect(hub.log.join('\n')).toContain('also of the network inside');
  expect(hub.log.join('\n')).not.toContain(secret);
});

it('webhooks are read, changed, tried, given a new secret and removed; the secret is told once', async () => {
  const { hub } = await startAlone();
  const receiver = await startReceiver();
  const { id, secret } = await addWebhook(hub, receiver, { description: 'orders' });
  const list = await call(hub.url, 'GET', '/v1/webhooks');
  const shown = { id, url: receiver.url, types: null, description: 'orders', disabled: null };
  expect(list.body).toMatchObject({ webhooks: [shown] });
  expect(JSON.stringify(list.body)).not.toContain(secret);
  expect((await call(hub.url, 'GET', `/v1/webhooks/${id}`)).body).toMatchObject(shown);
  const changed = { url: `${receiver.url}/2`, types: ['cart.abandoned'] };
  expect((await call(hub.url, 'PUT', `/v1/webhooks/${id}`, changed)).body).toMatchObject({
    ...changed,
    description: null,
  });
  const renewed = await call(hub.url, 'POST', `/v1/webhooks/${id}/secret`);
  expect(renewed.body['secret']).toMatch(/^whsec_/);
  expect(renewed.body['secret']).not.toBe(secret);
  const tried = await call(hub.url, 'POST', `/v1/webhooks/${id}/test`);
  expect(tried.body).toMatchObject({ ok: true, status: 200 });
  expect(receiver.received).toMatchObject([{ type: 'webhook.test' }]);
  const more = await Promise.all(
    Array.from({ length: 25 }, () => call(hub.url, 'POST', `/v1/webhooks/${id}/test`)),
  );
  expect(more.filter(({ status }) => status === 429)).toHaveLength(6);
  expect((await call(hub.url, 'DELETE', `/v1/webhooks/${id}`)).status).toBe(200);
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/deliveries'],
    ['POST', '/secret'],
    ['POST', '/test'],
    ['POST', '/enable'],
  ] as const) {
    const answer = await call(
      hub.url,
      method,
      `/v1/webhooks/${id}${path}`,
      method === 'PUT' ? changed : undefined,
    );
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
});

it('a webhook is refused with the place of what is wrong', async () => {
  const { hub } = await startAlone({});
  const cases: readonly (readonly [object, string])[] = [
    [{ url: 'http://hooks.example/' }, 'url'],
    [{ url: 'https://jo:secret@hooks.example/' }, 'url'],
    [{ url: 'https://hooks.example:8443/' }, 'url'],
    [{ url: 'hooks.example' }, 'url'],
    [{}, 'url'],
    [{ url: 'https://hooks.example/', types: ['cart.stolen'] }, 'types.0'],
    [{ url: 'https://hooks.example/', types: [] }, 'types'],
    [{ url: 'https://hooks.example/', secret: 'whsec_mine' }, 'secret'],
  ];
  for (const [body, path] of cases) {
    const answer = await call(hub.url, 'POST', '/v1/webhooks', body);
    expect([path, answer.status, answer.body['path']]).toEqual([path, 400, path]);
  }
  for (let count = 0; count < 10; count++)
    expect((await call(hub.url, 'POST', '/v1/webhooks', { url: 'https://hooks.example/' })).status).toBe(201);
  const { status, body } = await call(hub.url, 'POST', '/v1/webhooks', { url: 'https://hooks.example/' });
  expect([status, body['message']]).toEqual([400, 'A site has at most 10 webhooks.']);
  expect((await call(hub.url, 'GET', '/v1/webhooks', undefined, {})).status).toBe(401);
});

it('without the setting a hub sends nothing to its own network', async () => {
  const { hub } = await startAlone({});
  const { body } = await call(hub.url, 'POST', '/v1/webhooks', { url: 'https://127.0.0.1/' });
  const tried = await call(hub.url, 'POST', `/v1/webhooks/${String(body['id'])}/test`);
  expect(tried.body).toMatchObject({ ok: false, reason: 'address_refused' });
});

it('an address that is gone is left alone, and its owner and the log say why', async () => {
  const { hub } = await startAlone();
  const receiver = await startReceiver();
  receiver.script(410, 200);
  const { id } = await addWebhook(hub, receiver);
  await pay(hub);
  const read = async () => (await call(hub.url, 'GET', `/v1/webhooks/${id}`)).body['disabled'];
  await expect.poll(read, SOON).toMatchObject({ reason: 'gone', message: 'It answered 410 Gone.' });
  await expect.poll(() => hub.log.join('\n'), SOON).toContain('a webhook is disabled');
  expect((await call(hub.url, 'POST', `/v1/webhooks/${id}/enable`)).body['disabled']).toBeNull();
  const order = await pay(hub);
  await expect.poll(() => ordersOf(receiver).includes(order), SOON).toBe(true);
});

it('what waited when the hub was killed is sent when it is back', async () => {
  const { hub, settings } = await startAlone();
  const receiver = await startReceiver();
  receiver.script('hang');
  await addWebhook(hub, receiver, { types: ['order.reported'] });
  const orders = await Promise.all([1, 2, 3].map(() => pay(hub)));
  await expect.poll(() => receiver.received.length, SOON).toBe(2);
  await hub.kill();
  const begun = receiver.received.map(({ id }) => id);
  receiver.script(200);
  await startHub(settings);
  const missing = () =>
    orders.filter((order) => ordersOf(receiver).filter((other) => other === order).length < 1);
  await expect.poll(missing, SOON).toEqual([]);
  // What was begun is claimed until its lease is over.
  const again = () => receiver.received.slice(2).filter(({ id }) => begun.includes(id)).length;
  await expect.poll(again, { timeout: 50_000, interval: 200 }).toBe(2);
}, 90_000);

it('two hubs over one Redis send each message once', async () => {
  const { hubs } = await startTwo();
  const receiver = await startReceiver();
  const [first, second] = hubs;
  await addWebhook(first, receiver, { types: ['order.reported'] });
  const orders = await Promise.all(Array.from({ length: 60 }, (_, index) => pay(index % 2 ? first : second)));
  await expect.poll(() => receiver.received.length, SOON).toBeGreaterThanOrEqual(60);
  // Time for one too many to come.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(ordersOf(receiver)).toEqual(orders.toSorted());
}, 60_000);

it('when one of two hubs is killed while it sends, each message comes at least once, and again with the same id', async () => {
  const { hubs, restart } = await startTwo();
  const receiver = await startReceiver();
  const [first, second] = hubs;
  await addWebhook(first, receiver, { types: ['order.reported'] });
  const orders: string[] = [];
  const half = Array.from({ length: 20 });
  orders.push(...(await Promise.all(half.map(() => pay(first)))));
  await first.kill();
  orders.push(...(await Promise.all(half.map(() => pay(second)))));
  await restart();
  const missing = () => {
    const told = new Set(ordersOf(receiver));
    return orders.filter((order) => !told.has(order));
  };
  await expect.poll(missing, { timeout: 60_000, interval: 200 }).toEqual([]);
  const ids = new Map<string, Set<string>>();
  for (const { id, data } of receiver.received)
    ids.set(String(data['order']), (ids.get(String(data['order'])) ?? new Set()).add(id));
  for (const [order, of] of ids) expect([order, of.size]).toEqual([order, 1]);
}, 90_000);

async function startTwo() {
  const redis = await RedisServer.start({ aof: 'everysec', policy: 'noeviction' });
  const dir = await tempDir();
  const settings = {
    REDIS_URL: redis.url,
    SITE_FILE: await siteFile(dir),
    WEBHOOKS_TO_PRIVATE: '1',
    ALLOW_VOLATILE_STORE: '1',
    DRAIN_MS: '0',
  };
  const hubs = [await startHub(settings), await startHub(settings)] as const;
  return { hubs, restart: () => startHub(settings) };
}
