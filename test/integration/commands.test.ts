import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, SECRET_KEY, site, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const CLI = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url));

function cartbell(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) =>
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
