import { expect, it, onTestFinished } from 'vitest';
import { RedisConfirm } from '../../server/store/redis-confirm.ts';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { RedisLink } from '../../server/store/redis-link.ts';
import { RedisServer, startPair } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';

const NOBODY = 'Only 0 of 1 replicas have it.';

/** A server without a replica and one with, and somebody whose commits and waits go to the first one until it is changed. */
async function twoServers() {
  const [alone, next] = await Promise.all([RedisServer.start(), startPair()]);
  const [commits, waits] = await Promise.all([
    TcpProxy.start({ port: alone.port }),
    TcpProxy.start({ port: alone.port }),
  ]);
  const link = await RedisLink.open(commits.url);
  const confirm = new RedisConfirm(link, waits.url, new RedisKeys(), { replicas: 1, name: 'this-hub' });
  onTestFinished(() => {
    confirm.close();
    link.close();
  });
  const answer = () =>
    confirm.confirm().then(
      () => 'confirmed',
      (error: Error) => error.message,
    );
  await until('it waits for nobody', async () => (await answer()) === NOBODY);
  return { commits, waits, next: next.primary, answer };
}

it('what was asked of a server that is lost is not confirmed by the one that takes over and was never told', async () => {
  const { commits, waits, next, answer } = await twoServers();
  // The write is answered; the wait for replicas is cut off, and goes on nowhere.
  waits.cutReplies({ every: 2 });
  waits.point({ port: next.port });
  const cutOff = answer();
  await until('the wait is cut off', () => waits.counts.cuts === 1);
  commits.point({ port: next.port });
  await Promise.all([waits.heal(), commits.heal()]);
  expect(await cutOff).toContain('Replicas could not be asked');
  commits.reset();
  await until('both are with the new one', async () => (await answer()) === 'confirmed');
});

it('replicas of another server than the one that has the commits confirm nothing', async () => {
  const { commits, waits, next, answer } = await twoServers();
  waits.point({ port: next.port });
  waits.reset();
  await until('the wait goes elsewhere', async () => (await answer()).startsWith('Another server answers'));
  commits.point({ port: next.port });
  commits.reset();
  await until('the commits do, too', async () => (await answer()) === 'confirmed');
});
