import { beforeEach, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, SECRET_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;
let settings: Record<string, string>;

beforeEach(async () => {
  const dir = await tempDir();
  settings = { DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [hello('Hello')] }) };
  hub = await startHub(settings);
});

const hello = (title: string, more: object = {}) =>
  rule('hello', { on: 'add_to_cart', nudge: { kind: 'toast', title }, ...more });
const as = (by: string) => ({ authorization: `Bearer ${SECRET_KEY}`, from: by });
const put = (body: object, by: string) => call(hub.url, 'PUT', '/v1/rules/hello', body, as(by));
const get = async (path: string) => (await call(hub.url, 'GET', path)).body as Record<string, never[]>;

describe('the versions of a rule', () => {
  it('say what it was, since when, and who said so; what changed nothing is none', async () => {
    await put(hello('Welcome'), 'jo@shop.example');
    await put(hello('Welcome'), 'ann@shop.example');
    await call(hub.url, 'PUT', '/v1/rules/other', rule('other', { on: 'search' }));
    await put(hello('Welcome', { priority: 70 }), 'ann@shop.example');
    await hub.stop();
    hub = await startHub(settings);
    const { versions } = await get('/v1/rules/hello/versions');
    expect(versions).toMatchObject([
      { version: 4, by: 'ann@shop.example', rule: { priority: 70 } },
      { version: 2, by: 'jo@shop.example', rule: { nudge: { title: 'Welcome' } } },
      { version: 1, by: 'site file', rule: { nudge: { title: 'Hello' } } },
    ]);
    expect(await get('/v1/rules/hello/diff?from=1&to=4')).toEqual({
      differences: [
        { path: 'nudge.title', from: 'Hello', to: 'Welcome' },
        { path: 'priority', from: 50, to: 70 },
      ],
    });
  });

  it('can be gone back to, which is a version of its own', async () => {
    await put(hello('Welcome'), 'jo@shop.example');
    const back = await call(
      hub.url,
      'POST',
      '/v1/rules/hello/rollback',
      { version: 1 },
      as('ann@shop.example'),
    );
    expect(back).toMatchObject({ status: 200, body: { nudge: { title: 'Hello' } } });
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    expect((await page.until(() => page.nudges[0])).title).toBe('Hello');
    expect(await get('/v1/rules/hello/versions')).toMatchObject({
      versions: [{ version: 3, by: 'ann@shop.example' }, { version: 2 }, { version: 1 }],
    });
  });

  it.each([
    ['GET', '/v1/rules/never/versions', undefined, 404],
    ['GET', '/v1/rules/hello/diff?from=0&to=1', undefined, 400],
    ['GET', '/v1/rules/hello/diff', undefined, 400],
    ['POST', '/v1/rules/never/rollback', { version: 1 }, 404],
    ['POST', '/v1/rules/hello/rollback', { version: 'x' }, 400],
  ])('%s %s is refused', async (method, path, body, status) => {
    expect((await call(hub.url, method, path, body)).status).toBe(status);
  });
});

it('an archived rule fires no more, and stays on the list', async () => {
  expect((await call(hub.url, 'DELETE', '/v1/rules/hello')).body).toMatchObject({ status: 'archived' });
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  expect((await page.track('search')).ok).toBe(true);
  expect(page.nudges).toEqual([]);
  expect(await get('/v1/rules')).toMatchObject({ rules: [{ id: 'hello', status: 'archived' }] });
});

it('a site that is paused takes what it shows off every page, and shows nothing until it goes on', async () => {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  const shown = await page.until(() => page.nudges[0]);
  await call(hub.url, 'PUT', '/v1/paused', { paused: true });
  expect(await page.until(() => page.withdrawn[0])).toMatchObject({ id: shown.id, reason: 'paused' });
  await page.track('add_to_cart', { items: [mug] });
  await hub.stop();
  hub = await startHub(settings);
  const after = await openPage(hub.url);
  await after.track('add_to_cart', { items: [mug] });
  expect((await after.track('search')).ok).toBe(true);
  expect(after.nudges).toEqual([]);
  await call(hub.url, 'PUT', '/v1/paused', { paused: false });
  await after.track('add_to_cart', { items: [mug] });
  await after.until(() => after.nudges[0]);
});
