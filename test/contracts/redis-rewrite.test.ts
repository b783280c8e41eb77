import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
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
  const keys = new RedisKeys();
  const rewrite = await rewriteOver(redis, keys);
  await redis.command('SET', 'shopper', CANARY);
  await redis.command('DEL', 'shopper');
  await redis.command('SET', keys.rewriteWanted, '1');
  expect(await isInFile(redis)).toBe(true);
  const marks = () => redis.command('EXISTS', keys.rewriteWanted, keys.rewriteBegun);
  return { redis, keys, rewrite, marks };
}

/** By a link of its own, whose client does some things otherwise. */
async function rewriteOver(
  redis: RedisServer,
  keys: RedisKeys,
  other: Partial<Pick<Redis, 'bgrewriteaof'>> = {},
): Promise<RedisRewrite> {
  const link = await RedisLink.open(redis.url);
  onTestFinished(() => link.client.disconnect());
  Object.assign(link.client, other);
  return new RedisRewrite(link, keys);
}

async function isInFile({ dir }: RedisServer): Promise<boolean> {
  const folder = join(dir, 'appendonlydir');
  const names = await readdir(folder);
  // What is gone by then has nothing of it.
  const files = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'latin1').catch(() => '')),
  );
  return files.some((file) => file.includes(CANARY));
}

/** Its process, by the file that it writes. */
async function forkOf({ dir }: RedisServer, file = /^temp-rewriteaof-\D*(\d+)/): Promise<number> {
  return until('the fork writes', async () => {
    const found = (await readdir(dir)).map((name) => file.exec(name)?.[1]).find((id) => id !== undefined);
    return found === undefined ? null : Number(found);
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

it('a rewrite that ended with its server is begun again', async () => {
  const { redis, rewrite, marks } = await afterErasure();
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 1_000_000);
  await rewrite.takeTurn();
  await forkOf(redis);
  await redis.kill();
  await redis.restart();
  // It knows of no rewrite that failed.
  expect(await redis.info('aof_last_bgrewrite_status')).toBe('ok');
  await until('the link is there again', () =>
    rewrite.takeTurn().then(
      () => true,
      () => false,
    ),
  );
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
  await hasEnded(redis);
  await rewrite.takeTurn();
  expect(await marks()).toBe(0);
});

it('a rewrite that waits for a snapshot is not taken for one that is over', async () => {
  const { redis, rewrite, marks } = await afterErasure();
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 60_000_000);
  await redis.command('BGSAVE');
  const snapshot = await forkOf(redis, /^temp-(\d+)\.rdb$/);
  await rewrite.takeTurn();
  expect(await redis.info('aof_rewrite_scheduled')).toBe('1');
  await rewrite.takeTurn();
  expect(await marks()).toBe(1);
  await redis.command('CONFIG', 'SET', 'rdb-key-save-delay', 0);
  process.kill(snapshot, 'SIGKILL');
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
});

it('one that was about to be begun when its hub died is begun by the next', async () => {
  const { redis, keys, rewrite } = await afterErasure();
  const dying = rewriteOver(redis, keys, { bgrewriteaof: () => Promise.reject(new Error('killed')) });
  await expect((await dying).takeTurn()).rejects.toThrow('killed');
  // Nor could it say so.
  await redis.command('DEL', keys.rewriteWanted);
  await rewrite.takeTurn();
  await until('the file has nothing of it', async () => !(await isInFile(redis)));
});

it('whoever is erased just as the rewrite begins is looked after in the next turn', async () => {
  const { redis, keys } = await afterErasure();
  const slow = await rewriteOver(redis, keys, {
    async bgrewriteaof() {
      await redis.command('SET', keys.rewriteWanted, '1');
      return String(await redis.command('BGREWRITEAOF'));
    },
  });
  await slow.takeTurn();
  expect(await redis.command('GET', keys.rewriteWanted)).toBe('1');
});

it('where nobody was erased no file is written anew', async () => {
  const { redis, keys, rewrite, marks } = await afterErasure();
  await redis.command('DEL', keys.rewriteWanted);
  const before = await redis.info('aof_rewrites');
  await rewrite.takeTurn();
  expect(await marks()).toBe(0);
  expect(await redis.info('aof_rewrites')).toBe(before);
});
