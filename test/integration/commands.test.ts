import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { call } from '../support/api.ts';
import { ADMIN_KEY, PASSWORD } from '../support/http-face.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, SECRET_KEY, site, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const CLI = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function cartbell(...args: string[]): Promise<Ended> {
  return cartbellWith({}, ...args);
}

function cartbellWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

async function fileWith(content: unknown): Promise<string> {
  const path = join(await tempDir(), 'site.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('cartbell check', () => {
  it('says that a file is good, and what is in it', async () => {
    const path = await fileWith(site({ rules: [rule('hello', { on: 'search' })], segments: ['vip'] }));
    expect(await cartbell('check', path)).toEqual({
      code: 0,
      stdout: `${path} is good: site "test", 1 of 1 rules published, 1 segments, 0 own events, 0 products.\n`,
      stderr: '',
    });
  });

  it.each<[what: string, content: unknown, says: string]>([
    ['a wrong shape', site({ currency: 'gold' }), 'currency: Use an ISO 4217 code'],
    [
      'conditions on what there is not',
      site({ rules: [rule('a', { on: 'search', when: { 'cart.valeu': 1 } })] }),
      'rules.0.when.cart.valeu: Unknown field "cart.valeu". Did you mean "cart.value"?',
    ],
    ['no JSON', '{', 'is not JSON'],
  ])('names the place of %s', async (_, content, says) => {
    const { code, stderr } = await cartbell('check', await fileWith(content));
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });

  it('a file that is not there is one clear line', async () => {
    const { code, stderr } = await cartbell('check', '/no/such/site.json');
    expect([code, stderr.trimEnd().split('\n').length]).toEqual([1, 1]);
  });
});

it('cartbell schema gives editors what a site file may hold', async () => {
  const { code, stdout } = await cartbell('schema');
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as { $schema: string; properties: Record<string, object> };
  expect(schema.$schema).toContain('json-schema.org');
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['rules', 'segments', 'settings']));
  expect(stdout).toContain('"cart_idle"');
});

it.each([[[]], [['chekc']], [['check']]])('%j is told how to ask', async (args) => {
  const { code, stderr } = await cartbell(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('cartbell check FILE');
});

describe('cartbell backtest', () => {
  const hubWithLog = async () => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: [] }) });
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    return hub;
  };

  it('prints what a draft would have done', async () => {
    const hub = await hubWithLog();
    const path = await fileWith(rule('hello', { on: 'add_to_cart' }));
    const { code, stdout } = await cartbell('backtest', path, '--hub', hub.url, '--key', SECRET_KEY);
    expect(code).toBe(0);
    expect(stdout).toContain('hello over 1 events of 1 shoppers');
    expect(stdout).toContain('would have fired   1 times, for 1 shoppers');
    const json = await cartbell('backtest', path, '--hub', hub.url, '--key', SECRET_KEY, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ rule: 'hello', fired: 1 });
  });

  it('names what is wrong with it', async () => {
    const hub = await hubWithLog();
    const path = await fileWith(rule('hello', { on: 'add_to_cart', when: { 'cart.valeu': 1 } }));
    const { code, stderr } = await cartbell('backtest', path, '--hub', hub.url, '--key', SECRET_KEY);
    expect(code).toBe(1);
    expect(stderr).toContain('rule.when.cart.valeu: Unknown field "cart.valeu". Did you mean "cart.value"?');
  });
});

describe('cartbell sites and people', () => {
  const asAdmin = { CARTBELL_ADMIN_KEY: ADMIN_KEY };
  const hubWithAdmin = async () => {
    const dir = await tempDir();
    return startHub({ DATA_DIR: dir, ADMIN_KEY, SITE_FILE: await siteFile(dir) });
  };
  const works = async (hub: string, key: string) =>
    (await call(hub, 'GET', '/v1/rules', undefined, { authorization: `Bearer ${key}` })).status === 200;

  it('make, list, rotate, revoke and move a site', { timeout: 60_000 }, async () => {
    const { url } = await hubWithAdmin();
    const sites = (...args: string[]) => cartbellWith(asAdmin, 'sites', ...args, '--hub', url);
    const { publishableKey: _, secretKey: __, ...newSite } = site({ id: 'second' });
    const made = await sites('create', await fileWith(newSite));
    expect([made.code, made.stderr]).toEqual([0, '']);
    const [key = ''] = /sk_[\w-]{43}/.exec(made.stdout) ?? [];
    expect(await works(url, key)).toBe(true);

    const listed = await sites('list');
    expect(listed.stdout).toContain('second (version 1)');
    expect(listed.stdout).toContain(`secret …${key.slice(-4)}, since `);
    expect(listed.stdout).not.toContain(key);

    const rotated = await sites('rotate', 'second', '--kind', 'secret', '--overlap', '1h', '--json');
    const { key: next } = JSON.parse(rotated.stdout) as { key: string };
    expect([await works(url, key), await works(url, next)]).toEqual([true, true]);
    const { sites: found } = JSON.parse((await sites('list', '--json')).stdout) as {
      sites: { id: string; keys: { id: string; kind: string; expiresAt: number | null }[] }[];
    };
    const old = found.find(({ id }) => id === 'second')?.keys.find(({ expiresAt }) => expiresAt !== null);
    expect((await sites('revoke', 'second', old?.id ?? '')).stdout).toContain('is refused from now on');
    expect([await works(url, key), await works(url, next)]).toEqual([false, true]);

    expect((await sites('origins', 'second', 'https://a.example', 'https://b.example')).stdout).toContain(
      'https://a.example https://b.example',
    );
  });

  it('invite the first owner of a site, and keep somebody out', { timeout: 60_000 }, async () => {
    const { url } = await hubWithAdmin();
    const people = (...args: string[]) => cartbellWith(asAdmin, 'people', ...args, '--hub', url);
    const invited = await people('invite', 'jo@shop.example', '--site', 'test', '--role', 'owner');
    const [token = ''] = /^ {2}([\w-]{43})$/m.exec(invited.stdout)?.slice(1) ?? [];
    expect((await people('list', '--site', 'test')).stdout).toMatch(
      /^jo@shop\.example {2}owner, invited until /,
    );
    const ownPage = { 'sec-fetch-site': 'same-origin' };
    const accepted = await call(
      url,
      'POST',
      '/v1/invitations/accept',
      { token, password: PASSWORD },
      ownPage,
    );
    expect(accepted.status).toBe(200);
    expect((await people('list', '--site', 'test')).stdout).toBe('jo@shop.example  owner\n');
    const signIn = async () =>
      (await call(url, 'POST', '/v1/sign-in', { email: 'jo@shop.example', password: PASSWORD }, ownPage))
        .status;
    expect((await people('disable', 'jo@shop.example')).code).toBe(0);
    expect(await signIn()).toBe(401);
    expect((await people('enable', 'jo@shop.example')).code).toBe(0);
    expect(await signIn()).toBe(200);
  });

  it('end with 1 and say why, where the hub refuses or is not there', { timeout: 60_000 }, async () => {
    const { url } = await hubWithAdmin();
    const none = await cartbellWith(asAdmin, 'sites', 'rotate', 'none', '--kind', 'secret', '--hub', url);
    expect(none).toMatchObject({ code: 1, stderr: 'There is no site with this id.\n' });
    const odd = await cartbellWith(asAdmin, 'sites', 'rotate', 'test', '--kind', 'golden', '--hub', url);
    expect([odd.code, odd.stderr]).toEqual([1, expect.stringContaining('\n  kind: ')]);
    const wrong = await cartbellWith({ CARTBELL_ADMIN_KEY: 'wrong' }, 'sites', 'list', '--hub', url);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('admin key')]);
    const away = await cartbellWith(asAdmin, 'sites', 'list', '--hub', 'http://127.0.0.1:1');
    expect(away).toMatchObject({ code: 1, stderr: 'No hub answers at http://127.0.0.1:1.\n' });
  });

  it.each([
    [['sites']],
    [['sites', 'rotate', 'test']],
    [['sites', 'origins', 'test']],
    [['sites', 'list', '--colour', 'red']],
    [['people', 'invite', 'jo@shop.example']],
  ])('%j is told how to ask', async (args) => {
    expect((await cartbellWith(asAdmin, ...args)).code).toBe(2);
  });

  it('take the key from the environment alone', async () => {
    const { code, stderr } = await cartbellWith({ CARTBELL_ADMIN_KEY: '' }, 'sites', 'list');
    expect([code, stderr]).toEqual([2, expect.stringContaining('CARTBELL_ADMIN_KEY')]);
  });
});
