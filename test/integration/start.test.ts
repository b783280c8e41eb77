import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { SiteId } from '../../shared/ids.ts';
import { call } from '../support/api.ts';
import { failedStart, startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { rule, site, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('a start that can’t be is one clear line and exit code 1', () => {
  it.each([
    ['PORT', { PORT: 'eighty' }, 'PORT'],
    ['PORT', { PORT: '70000' }, 'PORT'],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ])('for a wrong %s', async (_, env, key) => {
    expectOneLine(
      await failedStart({ DATA_DIR: await tempDir(), ...env }),
      `The environment is wrong. ${key}: `,
    );
  });

  it('for a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const failure = await failedStart({ DATA_DIR: await tempDir(), PORT: String(port) });
    expectOneLine(failure, `PORT ${port} on HOST 127.0.0.1 can’t be used: something else listens there.`);
  });

  it('for a DATA_DIR that is no folder', async () => {
    const file = join(await tempDir(), 'file');
    await writeFile(file, '');
    expectOneLine(await failedStart({ DATA_DIR: join(file, 'data') }), 'DATA_DIR can’t be used');
  });

  it('for a DATA_DIR that another hub owns, which goes on unharmed', async () => {
    const dir = await tempDir();
    const first = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
    expectOneLine(
      await failedStart({ DATA_DIR: dir }),
      `${dir} is in use by another hub (process ${first.pid}). One hub owns a DATA_DIR.`,
    );
    const page = await openPage(first.url);
    expect(await page.track('page_view')).toMatchObject({ ok: true });
  });

  it.each([
    ['is not JSON', '{ "id": ', 'is not JSON'],
    ['lacks its keys', JSON.stringify({ id: 'test' }), 'publishableKey'],
    ['has an unknown field', JSON.stringify(site({ colour: 'red' })), 'colour: Unknown field "colour".'],
    [
      'has an origin with a path',
      JSON.stringify(site({ origins: ['https://shop.example/'] })),
      'origins.0: An origin is like',
    ],
    [
      'has a time zone that is none',
      JSON.stringify(site({ timeZone: 'Mars/Olympus' })),
      'timeZone: Use an IANA time zone',
    ],
    [
      'has a rule with an unknown field',
      JSON.stringify(site({ rules: [rule('a', { on: 'purchase', when: { 'cart.valeu': 1 } })] })),
      'rules.0.when.cart.valeu: Unknown field "cart.valeu". Did you mean "cart.value"?',
    ],
    [
      'has a rule with an unknown operator',
      JSON.stringify(site({ rules: [rule('a', { on: 'purchase', when: { 'cart.value': { $more: 1 } } })] })),
      'rules.0.when.cart.value.$more: Unknown operator',
    ],
    [
      'has one rule twice',
      JSON.stringify(site({ rules: [rule('a', { on: 'purchase' }), rule('a', { on: 'purchase' })] })),
      'rules.1.id: Used twice.',
    ],
  ])('for a SITE_FILE that %s', async (_, text, message) => {
    const dir = await tempDir();
    const file = join(dir, 'broken.json');
    await writeFile(file, text);
    expectOneLine(await failedStart({ DATA_DIR: dir, SITE_FILE: file }), message);
  });

  it('for a SITE_FILE with the keys of another site', async () => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
    await hub.stop();
    const failure = await failedStart({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { id: 'other' }) });
    expectOneLine(failure, 'publishableKey: Site "test" has one of these keys already.');
  });

  it('for a SITE_FILE that is not there', async () => {
    expectOneLine(
      await failedStart({ DATA_DIR: await tempDir(), SITE_FILE: '/nowhere/site.json' }),
      'SITE_FILE /nowhere/site.json can’t be read',
    );
  });
});

describe('a site file', () => {
  it('that is the one imported last leaves what was changed since; another one replaces it', async () => {
    const dir = await tempDir();
    const env = {
      DATA_DIR: dir,
      SITE_FILE: await siteFile(dir, { rules: [rule('first', { on: 'purchase' })] }),
    };
    const hub = await startHub(env);
    await call(hub.url, 'PUT', '/v1/rules/second', rule('second', { on: 'purchase' }));
    await hub.stop();
    const again = await startHub(env);
    expect((await call(again.url, 'GET', '/v1/rules/second')).status).toBe(200);
    await again.stop();
    await siteFile(dir, { rules: [rule('third', { on: 'purchase' })] });
    const replaced = await startHub(env);
    expect((await call(replaced.url, 'GET', '/v1/rules/second')).status).toBe(404);
    expect((await call(replaced.url, 'GET', '/v1/rules/third')).status).toBe(200);
  });
});

describe('a stored site', () => {
  it('runs without a rule that no longer passes, names it in the log, and keeps it through changes', async () => {
    const dir = await tempDir();
    const [outdated, unknown] = [rule('outdated', { on: 'full moon' }), 'no rule at all'];
    await storeSite(dir, { rules: [rule('good', { on: 'purchase' }), outdated, unknown] });
    const hub = await startHub({ DATA_DIR: dir });
    expect(hub.log.filter((line) => line.includes('a stored rule no longer passes'))).toEqual([
      expect.stringMatching(/"site":"test","rule":"outdated","fault":\{"path":"on"/),
      expect.stringContaining('"site":"test","fault"'),
    ]);
    expect((await call(hub.url, 'GET', '/v1/rules/outdated')).status).toBe(404);
    expect((await call(hub.url, 'PUT', '/v1/rules/other', rule('other', { on: 'purchase' }))).status).toBe(
      200,
    );
    await hub.stop();
    expect((await storedRules(dir)).slice(-2)).toEqual([outdated, unknown]);
  });

  it('takes a rule in place of the one with its id that no longer passes', async () => {
    const dir = await tempDir();
    await storeSite(dir, { rules: [rule('outdated', { on: 'full_moon' })] });
    const hub = await startHub({ DATA_DIR: dir });
    await call(hub.url, 'PUT', '/v1/rules/outdated', rule('outdated', { on: 'purchase' }));
    await hub.stop();
    expect(await storedRules(dir)).toEqual([expect.objectContaining({ id: 'outdated', on: 'purchase' })]);
  });

  it('with another part that no longer passes is one clear line and exit code 1', async () => {
    const dir = await tempDir();
    await storeSite(dir, { currency: 'gold' });
    expectOneLine(
      await failedStart({ DATA_DIR: dir }),
      'The definition of site "test" in DATA_DIR can’t be read. currency: ',
    );
  });
});

/** Stores a site as another version of the hub may have done. */
async function storeSite(dir: string, more: Record<string, unknown>): Promise<void> {
  const { secretKey, ...rest } = site({ rules: [], ...more });
  const secretKeyHash = createHash('sha256').update(String(secretKey)).digest('hex');
  const definition = JSON.stringify({ ...rest, secretKeyHash });
  const store = await SqliteStore.open(dir);
  const id = 'test' as SiteId;
  const stored = { id, version: 1, definition, products: '[]', importedFrom: null };
  await store.writeSite(stored, { at: 0, by: 'test' });
  await store.close();
}

async function storedRules(dir: string): Promise<unknown[]> {
  const store = await SqliteStore.open(dir);
  const [row] = await store.readSites();
  await store.close();
  return (JSON.parse(row?.definition ?? '{}') as { rules: unknown[] }).rules;
}

function expectOneLine({ code, stderr }: { code: number | null; stderr: string }, message: string): void {
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
}
