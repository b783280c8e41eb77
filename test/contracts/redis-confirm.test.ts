import { expect, it, onTestFinished } from 'vitest';
import { RedisConfirm } from '../../server/store/redis-confirm.ts';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { RedisServer, startPair } from '../support/rig/redis-server.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';

it('what was asked of a server that is lost is not confirmed by the one that takes over and was never told', async () => {
  const [alone, next] = await Promise.all([RedisServer.start(), startPair()]);
  const front = await TcpProxy.start({ port: alone.port });
  const confirm = new RedisConfirm(front.url, new RedisKeys(), 1);
  onTestFinished(() => confirm.close());
  const answer = () =>
    confirm.confirm().then(
      () => 'confirmed',
      (error: Error) => error.message,
    );
  await until('it waits for nobody', async () => (await answer()) === 'Only 0 of 1 replicas have it.');
  // The write is answered; the wait for replicas is cut off, and goes on nowhere.
  front.cutReplies({ every: 2 });
  front.point({ port: next.primary.port });
  const cutOff = answer();
  await until('the wait is cut off', () => front.counts.cuts === 1);
  await front.heal();
  expect(await cutOff).toContain('Replicas could not be asked');
  expect(await next.primary.command('EXISTS', new RedisKeys().confirmed)).toBe(0);
  expect(await answer()).toBe('confirmed');
});
