import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { RedisClient } from '../support/rig/redis-client.ts';
import { RedisServer, startCluster, startPair } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('a Redis that is killed and started again', () => {
  it.each(['everysec', 'always'] as const)('has all that it has written with AOF %s', async (aof) => {
    const redis = await RedisServer.start({ aof });
    const client = await RedisClient.connect(redis.port);
    const writes = Array.from({ length: 1_000 }, (_, key) => client.send('SET', `key-${key}`, key));
    await Promise.all(writes);
    if (aof === 'everysec') await redis.written();
    await redis.kill();
    await expect(client.send('PING')).rejects.toThrow('The connection is gone.');
    await redis.restart();
    expect(await redis.command('DBSIZE')).toBe(1_000);
    expect(await redis.command('GET', 'key-999')).toBe('999');
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`);
  });

  it('has nothing without AOF, also after it was asked to end', async () => {
    const redis = await RedisServer.start({ aof: 'no' });
    for (const end of [() => redis.kill(), () => redis.stop()]) {
      await redis.command('SET', 'key', 'value');
      await end();
      expect(redis.isRunning).toBe(false);
      await redis.restart();
      expect(await redis.command('DBSIZE')).toBe(0);
    }
  });
});

it('is set up as asked, and refuses what is over its memory', async () => {
  const dir = await tempDir();
  const port = await freePort();
  const redis = await RedisServer.start({ policy: 'volatile-lru', maxmemory: '3mb', dir, port });
  expect(redis.port).toBe(port);
  const settings = await redis.command(
    'CONFIG',
    'GET',
    'maxmemory-policy',
    'dir',
    'appendonly',
    'save',
    'bind',
  );
  expect(settings).toEqual(expect.arrayContaining(['volatile-lru', dir, 'yes', '', '127.0.0.1']));
  await redis.command('CONFIG', 'SET', 'maxmemory', '100kb');
  await expect(redis.command('SET', 'key', 'value')).rejects.toThrow('OOM');
});

it('frozen, it answers nothing and keeps its connections; thawed, it answers what waited', async () => {
  const redis = await RedisServer.start();
  const frozen = await RedisServer.start();
  const client = await RedisClient.connect(frozen.port);
  frozen.freeze();
  let answer: unknown = 'none';
  const written = client.send('SET', 'key', 'value').then((reply) => (answer = reply));
  expect(await redis.command('PING')).toBe('PONG');
  expect(answer).toBe('none');
  expect(client.socket.destroyed).toBe(false);
  frozen.thaw();
  expect(await written).toBe('OK');
  // One that is frozen can be killed.
  frozen.freeze();
  await frozen.kill();
  await expect(client.send('PING')).rejects.toThrow('The connection is gone.');
});

it('asks nobody when it is not running, and says why it could not start', async () => {
  const redis = await RedisServer.start();
  await expect(redis.restart()).rejects.toThrow('It is still running.');
  await redis.kill();
  await expect(redis.command('PING')).rejects.toThrow('It is not running.');
  await expect(RedisServer.start({ policy: 'no-such-policy' })).rejects.toThrow('argument(s) must be one of');
  const other = await RedisServer.start();
  await expect(RedisServer.start({ port: other.port })).rejects.toThrow('Address already in use');
});

describe('a pair', () => {
  it('is in sync when it is given out, and the replica can take over', async () => {
    const { primary, replica } = await startPair();
    await primary.command('SET', 'key', 'value');
    await until('the replica has it', async () => (await replica.command('GET', 'key')) === 'value');
    await expect(replica.command('SET', 'key', 'other')).rejects.toThrow('READONLY');
    await primary.kill();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await replica.command('SET', 'key', 'other')).toBe('OK');
  });

  it('is emptied, replica and all, by a primary without AOF that starts again', async () => {
    const { primary, replica } = await startPair({ aof: 'no' });
    await primary.command('SET', 'key', 'value');
    await until('the replica has it', async () => (await replica.command('DBSIZE')) === 1);
    await primary.kill();
    await primary.restart();
    await until('the replica is empty as well', async () => (await replica.command('DBSIZE')) === 0);
  });
});

it('a cluster of three is whole when it is given out: every slot is served, by one of them', async () => {
  const servers = await startCluster(3);
  expect(servers).toHaveLength(3);
  const infos = await Promise.all(servers.map((server) => server.command('CLUSTER', 'INFO')));
  for (const info of infos) expect(info).toContain('cluster_slots_ok:16384');
  const answers = servers.map((server) => server.command('SET', 'key', 1).catch(String));
  const said = await Promise.all(answers);
  expect(said.filter((word) => word === 'OK')).toHaveLength(1);
  expect(said.filter((word) => String(word).includes('MOVED'))).toHaveLength(2);
});

it('killed while it rewrites its AOF, it leaves no fork behind that goes on writing', async () => {
  const redis = await RedisServer.start();
  // One key takes a second, and so the fork outlives any kill that does not reach it.
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 1_000_000);
  const client = await RedisClient.connect(redis.port);
  await Promise.all(Array.from({ length: 20 }, (_, key) => client.send('SET', `key-${key}`, key)));
  await redis.command('BGREWRITEAOF');
  const fork = await until('the fork writes', async () => {
    const file = (await readdir(redis.dir)).find((name) => name.startsWith('temp-rewriteaof-'));
    return file === undefined ? null : Number(/\d+/.exec(file)?.[0]);
  });
  expect(process.kill(fork, 0)).toBe(true);
  await redis.kill();
  await until('the fork is gone', () => isGone(fork));
});

it('nothing of it outlives the process that started it, when that is asked to end', async () => {
  const redis = await RedisServer.start();
  const program = `
    const { spawnOwn } = await import(${JSON.stringify(new URL('../support/rig/own-processes.ts', import.meta.url).href)});
    console.log(spawnOwn('sleep', ['60']).pid);
  `;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(process.kill(pid, 0)).toBe(true);
  parent.kill('SIGTERM');
  await once(parent, 'exit');
  expect(parent.signalCode).toBe('SIGTERM');
  await until('it is gone', () => isGone(pid));
  expect(redis.isRunning).toBe(true);
});

/** One that nobody has reaped yet is gone as well; only Linux tells it apart. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && readFileSync(stat, 'utf8').includes(') Z ');
}
