import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RedisKeys } from '../../server/store/redis-keys.ts';
import { RedisLink } from '../../server/store/redis-link.ts';
import { RedisRewrite } from '../../server/store/redis-rewrite.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';

const CANARY = 'canary-of-a-shopper';

/** A Redis that has deleted a canary, as an erasure does, and has it in its file. */
async function afterErasure() {
  const redis = await RedisServer.start({ aof: 'always' });
  const link = await RedisLink.open(redis.url);
  onTestFinished(() => link.client.disconnect());
  const keys = new RedisKeys();
  await redis.command('SET', 'shopper', CANARY);
  await redis.command('DEL', 'shopper');
  await redis.command('SET', keys.rewriteWanted, '1');
  expect(await isInFile(redis)).toBe(true);
  const rewrite = new RedisRewrite(link, keys);
  const marks = () => redis.command('EXISTS', keys.rewriteWanted, keys.rewriteBegun);
  return { redis, keys, rewrite, marks };
}

async function isInFile({ dir }: RedisServer): Promise<boolean> {
  const folder = join(dir, 'appendonlydir');
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((file) => file.includes(CANARY));
}

async function forkOf({ dir }: RedisServer): Promise<number> {
  return until('the fork writes', async () => {
    const file = (await readdir(dir)).find((name) => name.startsWith('temp-rewriteaof-'));
    return file === undefined ? null : Number(/\d+/.exec(file)?.[0]);
  });
}

const hasEnded = (redis: RedisServer) =>
  until('the rewrite is over', async () => (await redis.info('aof_rewrite_in_progress')) === '0');

it('after an erasure the file is written anew, and the turn after sees that it was', async () => {
  const { redis, rewrite, marks } = await afterErasure();
  await rewrite.takeTurn();
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
  await hasEnded(redis);
  expect(await marks()).toBe(1);
  await rewrite.takeTurn();
  expect(await marks()).toBe(0);
});

it('a rewrite that failed in the background is begun again', async () => {
  const { redis, rewrite, marks } = await afterErasure();
  // One key takes a second.
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 1_000_000);
  await rewrite.takeTurn();
  process.kill(await forkOf(redis), 'SIGKILL');
  await hasEnded(redis);
  expect(await redis.info('aof_last_bgrewrite_status')).toBe('err');
  expect(await isInFile(redis)).toBe(true);
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 0);
  await rewrite.takeTurn();
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
  await hasEnded(redis);
  await rewrite.takeTurn();
  expect(await marks()).toBe(0);
});

it('whoever is erased while the file is written anew is looked after in the next turn', async () => {
  const { redis, keys, rewrite } = await afterErasure();
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 100_000);
  await rewrite.takeTurn();
  await forkOf(redis);
  await redis.command('SET', keys.rewriteWanted, '1');
  await hasEnded(redis);
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 0);
  await redis.command('SET', 'shopper', CANARY);
  await redis.command('DEL', 'shopper');
  await rewrite.takeTurn();
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
});

it('where nobody was erased no file is written anew', async () => {
  const { redis, keys, rewrite, marks } = await afterErasure();
  await redis.command('DEL', keys.rewriteWanted);
  await rewrite.takeTurn();
  expect(await marks()).toBe(0);
  expect(await isInFile(redis)).toBe(true);
});
