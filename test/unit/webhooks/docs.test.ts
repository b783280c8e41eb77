import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { MOST_WAITING } from '../../../server/webhooks/feed.ts';
import { DISABLED_WORDS } from '../../../server/webhooks/endpoints.ts';
import { messagesOf } from '../../../server/webhooks/messages.ts';
import { NO_ANSWERS } from '../../../server/webhooks/outbound.ts';
import { mintSigningSecret, signatureHeaders } from '../../../server/webhooks/signature.ts';
import { WEBHOOK_TYPES } from '../../../shared/webhook.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { CASES } from './told-records.ts';

const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([^`]+)` +\|(?:.*\|)?(.*)\|$/gm)].map(([, name = '', last = '']) => ({
  name,
  last: [...last.matchAll(/`(\w+)`/g)].map(([, field = '']) => field),
}));

it('docs/webhooks.md has every type in turn, and what comes with it', () => {
  const types = rows.filter(({ name }) => name.includes('.'));
  expect(types.map(({ name }) => name)).toEqual([...WEBHOOK_TYPES]);
  const messages = CASES.flatMap(([record]) => messagesOf(record));
  for (const { name, last } of types) {
    const told = messages
      .filter(({ type }) => type === name)
      .map(({ body }) => JSON.parse(body) as { data: object });
    const fields = new Set(told.flatMap(({ data }) => Object.keys(data)));
    fields.delete('shopper');
    expect([name, ...last.toSorted()]).toEqual([name, ...[...fields].toSorted()]);
  }
});

it('and every reason why there was no answer, and why one is disabled', () => {
  const reasons = rows
    .map(({ name }) => name)
    .filter((name) => (NO_ANSWERS as readonly string[]).includes(name));
  expect(reasons).toEqual([...NO_ANSWERS]);
  for (const reason of Object.keys(DISABLED_WORDS)) expect(page).toContain(`(\`${reason}\`)`);
  expect(page).toContain(`${MOST_WAITING.toLocaleString('en')} messages wait`);
});

it('and its example tells what is signed from what is not', async () => {
  const [, source = ''] = /```js\n([^]*?)```/.exec(page) ?? [];
  const file = join(await tempDir(), 'example.mjs');
  await writeFile(file, source);
  const { isFromCartbell } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    isFromCartbell(headers: object, body: Buffer, secret: string): boolean;
  };
  const [secret, other] = [mintSigningSecret(), mintSigningSecret()];
  const body = Buffer.from('{"type":"cart.abandoned"}');
  const sign = (by: readonly string[], age = 0) =>
    signatureHeaders({ id: 'msg_1', timestamp: Math.floor(Date.now() / 1_000) - age, body }, by);
  expect(isFromCartbell(sign([secret]), body, secret)).toBe(true);
  expect(isFromCartbell(sign([other, secret]), body, secret)).toBe(true);
  expect(isFromCartbell(sign([other]), body, secret)).toBe(false);
  expect(isFromCartbell(sign([secret]), Buffer.from('{}'), secret)).toBe(false);
  expect(isFromCartbell(sign([secret], 400), body, secret)).toBe(false);
});
