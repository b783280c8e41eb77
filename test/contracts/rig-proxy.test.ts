import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisClient } from '../support/rig/redis-client.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { ReplyStarts } from '../support/rig/reply-starts.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';
import { tempDir } from '../support/temp-dir.ts';

async function redisBehindProxy(): Promise<{ redis: RedisServer; proxy: TcpProxy; client: RedisClient }> {
  const redis = await RedisServer.start({ aof: 'no' });
  const proxy = await TcpProxy.start(redis);
  return { redis, proxy, client: await connect(proxy.port) };
}

async function connect(port: number): Promise<RedisClient> {
  const client = await RedisClient.connect(port);
  onTestFinished(() => client.close());
  return client;
}

async function took(what: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await what;
  return performance.now() - from;
}

function errorOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('close', (hasFailed) => hasFailed || resolve('closed'));
  });
}

/** What it settled as, if it has by the time that Redis has answered something else. */
async function settledBefore(other: Promise<unknown>, promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise.catch((error: unknown) => error), other.then(() => 'still waiting')]);
}

it('lets everything pass unchanged when nothing is wrong, in order, and counts it', async () => {
  const { proxy, client } = await redisBehindProxy();
  expect(proxy.url).toBe(`redis://127.0.0.1:${proxy.port}`);
  const value = 'é\r\n'.repeat(100_000);
  const replies = await Promise.all([
    client.send('SET', 'key', value),
    client.send('GET', 'key'),
    ...Array.from({ length: 1_000 }, () => client.send('INCR', 'count')),
    client.send('LRANGE', 'nothing', 0, -1),
  ]);
  expect(replies.slice(0, 2)).toEqual(['OK', value]);
  expect(replies.slice(2, -1)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  expect(proxy.counts).toMatchObject({ connections: 1, replies: 1_003, cuts: 0 });
  expect(proxy.counts.requestBytes).toBeGreaterThan(400_000);
  expect(proxy.counts.replyBytes).toBeGreaterThan(400_000);
  expect(proxy.open).toBe(1);
  client.close();
  await until('the proxy has let go of it', () => proxy.open === 0);
});

it('stands before a unix socket as well, and passes the end of either side on', async () => {
  const path = join(await tempDir(), 'socket');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end('bye'));
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const proxy = await TcpProxy.start({ path }, 'bytes');
  proxy.delay({ latencyMs: 20 });
  const { socket } = await connect(proxy.port);
  const said: string[] = [];
  socket.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  socket.end('hello');
  await once(socket, 'close');
  expect(said.join('')).toBe('hellobye');
});

it('delays each direction by itself, and keeps the order over all jitter', async () => {
  const { proxy, client } = await redisBehindProxy();
  proxy.delay({ latencyMs: 80 }, 'requests');
  expect(await took(client.send('PING'))).toBeGreaterThan(75);
  proxy.delay({ latencyMs: 80 }, 'replies');
  expect(await took(client.send('PING'))).toBeGreaterThan(155);
  proxy.delay({ latencyMs: 0, jitterMs: 30 });
  const replies: Promise<unknown>[] = [];
  for (let count = 1; count <= 20; count++) {
    replies.push(client.send('INCR', 'count'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(replies)).toEqual(replies.map((_, index) => index + 1));
  proxy.delay({ latencyMs: 60_000 });
  const late = client.send('PING');
  await until('it has arrived', () => proxy.counts.connections === 1);
  await proxy.heal();
  expect(await late).toBe('PONG');
});

it('lets the request pass and cuts the n-th reply and its connection, over all connections', async () => {
  const { redis, proxy } = await redisBehindProxy();
  proxy.cutReplies({ every: 3 });
  const results: unknown[] = [];
  let client = await connect(proxy.port);
  for (let count = 0; count < 9; count++) {
    results.push(await client.send('INCR', 'count').catch(() => 'lost'));
    if (results.at(-1) !== 'lost') continue;
    client = await connect(proxy.port);
  }
  expect(results).toEqual([1, 2, 'lost', 4, 5, 'lost', 7, 8, 'lost']);
  expect(proxy.counts.cuts).toBe(3);
  expect(await redis.command('GET', 'count')).toBe('9');
});

it('cuts within one answer to many requests, not a byte too late', async () => {
  const { redis, proxy, client } = await redisBehindProxy();
  proxy.cutReplies({ every: 3 });
  const commands = ['a', 'b', 'c', 'd'].map((key) => client.send('SET', key, 1));
  const results = await Promise.allSettled(commands);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(proxy.counts.replyBytes).toBe('+OK\r\n+OK\r\n'.length);
  expect(await redis.command('GET', 'c')).toBe('1');
});

describe('half-open', () => {
  it('nothing passes on the connections there are, which stay open; others are well', async () => {
    const { redis, proxy, client } = await redisBehindProxy();
    await client.send('PING');
    proxy.halfOpen();
    const write = client.send('SET', 'key', 1);
    const other = await connect(proxy.port);
    expect(await settledBefore(other.send('PING'), write)).toBe('still waiting');
    expect(await redis.command('GET', 'key')).toBeNull();
    expect(client.socket.destroyed).toBe(false);
    // Nor does it hear that the server has died.
    const isOver = once(other.socket, 'close');
    await redis.kill();
    await isOver;
    expect(client.socket.destroyed).toBe(false);
    await redis.restart();
    await proxy.heal();
    await expect(write).rejects.toThrow('The connection is gone.');
    expect(await redis.command('GET', 'key')).toBeNull();
    expect(await (await connect(proxy.port)).send('PING')).toBe('PONG');
  });

  it('of the replies alone, the requests are carried out and nobody hears of it', async () => {
    const { redis, proxy, client } = await redisBehindProxy();
    await client.send('PING');
    proxy.halfOpen('replies');
    const write = client.send('SET', 'key', 1);
    await until('it is carried out', async () => (await redis.command('GET', 'key')) === '1');
    expect(await settledBefore(redis.command('PING'), write)).toBe('still waiting');
    await proxy.heal();
    await expect(write).rejects.toThrow('The connection is gone.');
  });
});

it('as a black hole it lets everybody in and is silent, also to those who were there', async () => {
  const { redis, proxy, client } = await redisBehindProxy();
  await client.send('PING');
  proxy.blackHole();
  const fresh = await connect(proxy.port);
  const both = Promise.race([client.send('SET', 'old', 1), fresh.send('SET', 'new', 1)]);
  expect(await settledBefore(redis.command('PING'), both)).toBe('still waiting');
  expect(await redis.command('DBSIZE')).toBe(0);
  expect([client.socket.destroyed, fresh.socket.destroyed]).toEqual([false, false]);
  await proxy.heal();
  await expect(both).rejects.toThrow('The connection is gone.');
  expect(await (await connect(proxy.port)).send('PING')).toBe('PONG');
});

it('resets the connections there are', async () => {
  const { proxy, client } = await redisBehindProxy();
  await client.send('PING');
  const error = errorOf(client.socket);
  proxy.reset();
  expect(await error).toBe('ECONNRESET');
  expect(await (await connect(proxy.port)).send('PING')).toBe('PONG');
});

it('refuses new connections, keeps the old ones, and listens on the same port when it is healed', async () => {
  const { proxy, client } = await redisBehindProxy();
  await client.send('PING');
  proxy.refuse();
  await expect(connect(proxy.port)).rejects.toThrow('ECONNREFUSED');
  expect(await client.send('PING')).toBe('PONG');
  await proxy.heal();
  expect(await (await connect(proxy.port)).send('PING')).toBe('PONG');
  expect(await client.send('PING')).toBe('PONG');
});

it('throttles to so many bytes per second', async () => {
  const { proxy, client } = await redisBehindProxy();
  await client.send('SET', 'key', 'x'.repeat(20_000));
  proxy.throttle(100_000, 'replies');
  expect(await took(client.send('GET', 'key'))).toBeGreaterThan(120);
  await proxy.heal();
  proxy.throttle(100_000, 'requests');
  expect(await took(client.send('SET', 'key', 'x'.repeat(20_000)))).toBeGreaterThan(120);
});

it('slices what passes into single bytes', async () => {
  const { proxy, client } = await redisBehindProxy();
  await client.send('SET', 'key', 'é'.repeat(200));
  proxy.slice();
  let chunks = 0;
  client.socket.on('data', () => chunks++);
  expect(await client.send('GET', 'key')).toBe('é'.repeat(200));
  expect(chunks).toBeGreaterThan(200);
});

it('reads no more than a bounded number of bytes ahead of whoever does not take them', async () => {
  const { proxy, client } = await redisBehindProxy();
  proxy.throttle(1, 'replies');
  await Promise.race([
    client.send('SET', 'key', 'x'.repeat(1_000_000)),
    until('Redis has answered', () => proxy.counts.requestBytes > 1_000_000),
  ]);
  for (let count = 0; count < 50; count++) client.send('GET', 'key').catch(() => undefined);
  await until('as much waits as may', () => proxy.waitingBytes > 256 * 1024);
  expect(proxy.waitingBytes).toBeLessThan(512 * 1024);
});

it('between a primary and its replica, the replica misses what is written while the link is cut', async () => {
  const primary = await RedisServer.start();
  const link = await TcpProxy.start(primary, 'bytes');
  const replica = await RedisServer.start({ replicaOf: link.port });
  await replica.inSync();
  link.blackHole();
  await primary.command('SET', 'late', 1);
  await replica.command('REPLICAOF', 'NO', 'ONE');
  expect(await replica.command('GET', 'late')).toBeNull();
  expect(await primary.command('GET', 'late')).toBe('1');
});

describe('replies begin', () => {
  const stream = [
    '+OK\r\n',
    '-ERR no\r\n',
    ':5\r\n',
    '$-1\r\n',
    '$0\r\n\r\n',
    '$9\r\n+OK\r\n+OK\n\r\n',
    '*-1\r\n',
    '*0\r\n',
    '*2\r\n*2\r\n:1\r\n$3\r\nabc\r\n*1\r\n*0\r\n',
    '%1\r\n+key\r\n*2\r\n:1\r\n:2\r\n',
    '|1\r\n+ttl\r\n:3\r\n*1\r\n:9\r\n',
    '>2\r\n+message\r\n$2\r\nhi\r\n',
    '_\r\n',
    '=7\r\ntxt:abc\r\n',
  ];
  const expected = stream.map((_, index) => stream.slice(0, index).join('').length);

  it.each([1, 2, 3, 7, 1_000])('where they do, whatever chunks of %i bytes they come in', (size) => {
    const bytes = Buffer.from(stream.join(''));
    const starts = new ReplyStarts();
    const found: number[] = [];
    for (let from = 0; from < bytes.length; from += size)
      for (const start of starts.in(bytes.subarray(from, from + size))) found.push(from + start);
    expect(found).toEqual(expected);
  });
});
