import { expect, it } from 'vitest';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { call } from '../support/api.ts';
import { startHub } from '../support/hub-process.ts';
import { startPair } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const put = async (hub: string, id: string) => {
  const rule = { status: 'published', on: 'add_to_cart', nudge: { kind: 'toast', title: 'Hello' } };
  expect(await call(hub, 'PUT', `/v1/rules/${id}`, rule)).toMatchObject({ status: 200 });
};

const rulesOn = async (hub: string) =>
  ((await call(hub, 'GET', '/v1/rules')).body['rules'] as { id: string }[]).map(({ id }) => id);

it('a hub decides by the rules of the Redis that took over, though their version has the same number and can’t be read at first', async () => {
  const { primary, replica } = await startPair();
  const front = await TcpProxy.start({ port: primary.port });
  const hub = await startHub({ REDIS_URL: front.url, SITE_FILE: await siteFile(await tempDir()) });
  const versions = new RedisKeys().siteVersions;
  await until(
    'the replica has the site',
    async () => (await replica.command('HGET', versions, 'test')) === '1',
  );
  // The replica hears no more of its master.
  await replica.command('REPLICAOF', '127.0.0.1', 1);
  await put(hub.url, 'lost');
  await replica.command('REPLICAOF', 'NO', 'ONE');
  const other = await startHub({ REDIS_URL: replica.url });
  await put(other.url, 'kept');
  await replica.command('ACL', 'SETUSER', 'default', '-hvals');
  front.point({ port: replica.port });
  await primary.kill();
  await until('the sites could not be read', () =>
    hub.log.some((line) => line.includes('could not be read')),
  );
  expect(await rulesOn(hub.url)).toEqual(['lost']);
  await replica.command('ACL', 'SETUSER', 'default', '+@all');
  await until('it has the rules', async () => (await rulesOn(hub.url)).join() === 'kept');
});
