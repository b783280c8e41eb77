import { beforeEach, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;

const product = { item_id: 'mug', item_name: 'Mug', price: 18.5, stock: 20, url: '/mug' };
const rules = [
  rule('cheaper', {
    on: 'price_dropped',
    nudge: { kind: 'toast', title: '{{change.item}}: {{change.price}}' },
  }),
  rule('hello', { on: 'api', when: { 'cart.quantity': { $gte: 1 } } }),
  rule('seen', { on: 'page_view' }),
];

beforeEach(async () => {
  const dir = await tempDir();
  const file = await siteFile(dir, { rules, products: [product], segments: ['high-cart-value'] });
  hub = await startHub({ DATA_DIR: dir, SITE_FILE: file });
});

const api = (method: string, path: string, body: object) => call(hub.url, method, path, body);

it('a price that drops is told at once to whoever has the item in the cart and a page open', async () => {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  await api('PUT', '/v1/products', { products: [{ ...product, price: 12, cost: 4 }] });
  const nudge = await page.until(() => page.nudges.find((other) => other.rule === 'cheaper'));
  expect(nudge.title).toBe('Mug: €12.00');
  expect(JSON.stringify(page.nudges)).not.toContain('cost');
});

it('the shop’s server calls for a rule, for one shopper or for a segment, and hears what became of it', async () => {
  const page = await openPage(hub.url);
  await page.track('search');
  const { shopper } = page.welcome;
  expect(await api('POST', '/v1/nudges', { rule: 'hello', shopper })).toMatchObject({
    status: 200,
    body: { reason: { rule: 'hello', result: 'held', by: 'condition', path: 'cart.quantity' } },
  });
  await page.track('add_to_cart', { items: [{ ...mug, quantity: 9 }] });
  const others = await Promise.all(Array.from({ length: 4 }, () => openPage(hub.url)));
  await Promise.all(others.map((other) => other.track('search')));
  expect(await api('POST', '/v1/nudges', { rule: 'hello', segment: 'high-cart-value' })).toMatchObject({
    status: 200,
    body: { ok: true, considered: 1, fired: 1 },
  });
  await page.until(() => page.nudges.some((nudge) => nudge.rule === 'hello'));
});

it.each<[body: object, status: number, path: string]>([
  [{ rule: 'hello' }, 400, 'shopper'],
  [{ rule: 'hello', shopper: 'A'.repeat(22), segment: 'high-cart-value' }, 400, 'shopper'],
  [{ rule: 'gone', segment: 'high-cart-value' }, 404, 'rule'],
  [{ rule: 'seen', segment: 'high-cart-value' }, 400, 'rule'],
  [{ rule: 'hello', segment: 'vpi' }, 404, 'segment'],
])('a call like %j is refused', async (body, status, path) => {
  expect(await api('POST', '/v1/nudges', body)).toMatchObject({ status, body: { path } });
});

it('segments are read with their members, and replaced while the hub runs', async () => {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [{ ...mug, quantity: 9 }] });
  const members = async () => (await call(hub.url, 'GET', '/v1/segments')).body['segments'];
  expect(await members()).toMatchObject([{ id: 'high-cart-value', members: 1 }]);
  const dear = { id: 'dear', when: { 'cart.value': { $gte: 150 } } };
  expect((await api('PUT', '/v1/segments', { segments: [dear, 'vip'] })).status).toBe(200);
  expect(await members()).toMatchObject([
    { id: 'dear', members: 1 },
    { id: 'vip', members: 0 },
  ]);
  await page.track('view_cart', { items: [mug] });
  expect(await members()).toMatchObject([{ id: 'dear', members: 0 }, { id: 'vip' }]);
  const odd = { id: 'odd', when: { 'event.name': 'search' } };
  expect(await api('PUT', '/v1/segments', { segments: [odd] })).toMatchObject({
    status: 400,
    body: { path: 'segments.0.when.event.name' },
  });
});
