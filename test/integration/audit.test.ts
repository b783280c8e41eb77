import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { root } from '../support/deploy-files.ts';
import { tempDir } from '../support/temp-dir.ts';

const Asked = z.record(z.string(), z.array(z.string()));
type Severity = 'high' | 'critical' | 'moderate';
type Known = Readonly<Record<string, Severity>>;

/** npm starts up to four times, beside other tests. */
const PATIENT_MS = 60_000;

/** Known to any registry that has advisories. */
const CANARY = { minimist: 'critical' } as const;

/** A registry that knows advisories of these packages, or has none at all. */
async function registry(known: Known | null): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (known === null || request.method !== 'POST')
        return response.writeHead(known ? 404 : 405, { 'content-type': 'application/json' }).end('{}');
      const body = Buffer.concat(parts);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const asked = Asked.parse(JSON.parse(text.toString()));
      const names = Object.keys(known).filter((name) => name in asked);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(Object.fromEntries(names.map((name) => [name, [advisory(name, known[name])]]))),
      );
    });
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function advisory(name: string, severity: Severity | undefined) {
  return {
    id: 1,
    url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    title: `${name} falls over`,
    severity,
    vulnerable_versions: '>=0',
    cwe: [],
    cvss: { score: 9, vectorString: null },
  };
}

/** Runs what `npm run audit` runs, against that registry. */
async function audit(url: string, env: Readonly<Record<string, string>> = {}) {
  const words = ['--import', 'tsx', 'supply-chain/audit.ts'];
  const child = execFile(process.execPath, words, {
    cwd: fileURLToPath(root),
    env: {
      PATH: process.env['PATH'],
      npm_config_registry: url,
      npm_config_cache: await tempDir(),
      npm_config_userconfig: `${await tempDir()}/none`,
      ...env,
    },
  });
  let said = '';
  child.stderr?.on('data', (part: string) => (said += part));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

it('passes where the registry knows of nothing against what we have', async () => {
  const url = await registry(CANARY);
  expect(await audit(url)).toEqual({ code: 0, said: 'audit: no advisory that stops us.\n' });
});

it('fails for a high advisory of what goes where the hub serves', async () => {
  const { code, said } = await audit(await registry({ ...CANARY, 'path-to-regexp': 'high' }));
  expect(said).toMatch(/^AUDIT FAILED: high, path-to-regexp .*\(shipped\): path-to-regexp falls over/m);
  expect(code).toBe(1);
});

it('fails for a critical advisory of a tool, and tells of a high one', async () => {
  const { code, said } = await audit(await registry({ ...CANARY, knip: 'critical', oxfmt: 'high' }));
  expect(said).toMatch(/^AUDIT FAILED: critical, knip .*\(tool\)/m);
  expect(said).toMatch(/^audit: high, oxfmt .*\(tool\)/m);
  expect(code).toBe(1);
});

it.each([
  ['has no advisories', () => registry(null)],
  ['answers "nothing" to everything', () => registry({})],
  ['is not there', () => Promise.resolve('http://127.0.0.1:9/')],
])(
  'says so where the registry %s, and stops there only those who ask for it',
  async (_, start) => {
    const url = await start();
    const lax = await audit(url);
    expect(lax.said).toMatch(/^NOT AUDITED: .+\. Set AUDIT_REQUIRED=1 .*\n$/);
    expect(lax.said).not.toContain('127.0.0.1');
    expect(lax.code).toBe(0);
    const strict = await audit(url, { AUDIT_REQUIRED: '1' });
    expect(strict.said).toMatch(/^NOT AUDITED: .+\.\n$/);
    expect(strict.code).toBe(1);
  },
  PATIENT_MS,
);
