import { describe, expect, it } from 'vitest';
import { readRedisUrl } from '../../../server/store/redis-url.ts';

describe('REDIS_URL', () => {
  it.each([
    ['redis://cache:6380', { kind: 'single', options: { host: 'cache', port: 6380, db: 0 } }],
    ['redis://cache', { kind: 'single', options: { host: 'cache', port: 6379, db: 0 } }],
    ['redis://[::1]:6380/3', { kind: 'single', options: { host: '::1', port: 6380, db: 3 } }],
    [
      'rediss://jo:p%40ss@cache:6380',
      { kind: 'single', options: { host: 'cache', username: 'jo', password: 'p@ss', tls: {} } },
    ],
    ['redis+unix:///run/redis.sock', { kind: 'single', options: { path: '/run/redis.sock' } }],
    [
      'redis+cluster://:secret@a:1,b',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
        options: { password: 'secret' },
      },
    ],
    [
      'redis+sentinel://a,b:2/shop',
      {
        kind: 'sentinel',
        options: {
          name: 'shop',
          sentinels: [
            { host: 'a', port: 26_379 },
            { host: 'b', port: 2 },
          ],
        },
      },
    ],
  ])('%s', (text, expected) => {
    expect(readRedisUrl(text)).toMatchObject(expected);
  });

  it.each([
    'http://cache',
    'redis://',
    'redis://a,b',
    'redis://cache/name',
    'redis+cluster://',
    'redis+cluster://a/1',
    'redis+sentinel://a',
    'redis+unix://',
    'redis+other://a',
    'cache:6379',
  ])('%s is refused, and the forms are named', (text) => {
    expect(() => readRedisUrl(text)).toThrow('redis+sentinel://');
  });
});
