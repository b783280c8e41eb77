import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { SealedTexts } from '../../server/engine/sealed-text.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { InboundMessages } from '../../server/webhooks/inbound-messages.ts';
import { signatureHeaders } from '../../server/webhooks/signature.ts';
import { SigningSecrets } from '../../server/webhooks/signing-secrets.ts';
import { SiteId } from '../../shared/ids.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { tempDir } from '../support/temp-dir.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];
const site = SiteId.parse('test');
const body = Buffer.from('{}');
let now = 0;
const clock = () => now;

async function openRedis(): Promise<Store> {
  const redis = await RedisServer.start();
  return RedisStore.open(redis.url, { clock, allowVolatile: true });
}

async function openSqlite(): Promise<Store> {
  return SqliteStore.open(await tempDir(), clock);
}

describe.each([
  ['the embedded store', openSqlite],
  ['Redis', openRedis],
])('messages of others over %s', (_, open) => {
  let store: Store;
  let messages: InboundMessages;

  const signed = (by: string, id = 'msg_1') => signatureHeaders({ id, timestamp: now / 1_000, body }, [by]);
  const take = (id = 'msg_1', of: Uint8Array = body) =>
    messages.once(site, id, of, () => Promise.resolve('taken'));

  beforeEach(async () => {
    now = Date.UTC(2026, 10, 27);
    store = await open();
    onTestFinished(() => store.close());
    messages = new InboundMessages(store, new SigningSecrets(new SealedTexts(await store.readSecret())));
  });

  it('are the site’s for a day after its secret was renewed, by the store’s clock', async () => {
    const old = await messages.renewSecret(site);
    const fresh = await messages.renewSecret(site);
    now += DAY - 1_000;
    expect(await messages.verify(site, signed(old), body)).toBe('msg_1');
    now += 1_000;
    expect(await messages.verify(site, signed(old), body)).toBeNull();
    expect(await messages.verify(site, signed(fresh), body)).toBe('msg_1');
  });

  it('are of that site alone', async () => {
    const [one, other] = [await messages.renewSecret(site), SiteId.parse('other')];
    expect(await messages.verify(other, signed(one), body)).toBeNull();
    await messages.renewSecret(other);
    expect(await messages.verify(other, signed(one), body)).toBeNull();
  });

  it('are known by their secret in no other place than theirs', async () => {
    const secret = await messages.renewSecret(site);
    const entry = await store.registers.read('inbound-secrets', site);
    expect(entry?.text).not.toContain(secret.slice('whsec_'.length));
    const other = SiteId.parse('other');
    await store.registers.write('inbound-secrets', { ...(entry ?? expect.fail()), id: other, version: 1 });
    await expect(messages.verify(other, signed(secret), body)).rejects.toThrow();
  });

  it('are remembered for longer than their time is good', async () => {
    expect(await take()).toBe('taken');
    now += 11 * MINUTE;
    expect(await take()).toBeNull();
    now += 4 * MINUTE;
    expect(await take()).toBe('taken');
  });

  it('that failed, or whose hub died with them, may come again', async () => {
    const failing = messages.once(site, 'msg_1', body, () => Promise.reject(new Error('busy')));
    await expect(failing).rejects.toThrow('busy');
    expect(await take()).toBe('taken');
    void messages.once(site, 'msg_2', body, () => new Promise(() => undefined));
    await expect.poll(() => take('msg_2').catch((error: Error) => error.message)).toContain('being taken in');
    now += 30_000;
    expect(await take('msg_2')).toBe('taken');
  });

  it('with the id of another are refused', async () => {
    await take();
    await expect(take('msg_1', Buffer.from('[]'))).rejects.toThrow('Another message had this id');
  });
});
