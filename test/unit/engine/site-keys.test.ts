import { describe, expect, it } from 'vitest';
import {
  hashOf,
  hashOfKey,
  keysOfOldDocument,
  makeKey,
  MOST_KEYS_OF_A_KIND,
  revoked,
  rotated,
  type StoredKeys,
  withKeysOfFile,
} from '../../../server/engine/site-keys.ts';

const HOUR = 3_600_000;
const seal = (key: string) => `sealed ${key.length}`;
const none: StoredKeys = { keys: [], goneKeys: [] };
const file = { publishableKey: 'pk_of_file', secretKey: 'sk_of_file_1' };
const secretsOf = ({ keys }: StoredKeys) => keys.filter(({ kind }) => kind === 'secret').map(hashOf);

describe('a key that the hub makes', () => {
  it.each([
    ['secret', /^sk_[\w-]{43}$/],
    ['publishable', /^pk_[\w-]{22}$/],
  ] as const)('is %s and random, and a secret one is kept as a hash alone', (kind, shape) => {
    const { key, stored } = makeKey(kind, 1, seal);
    expect(key).toMatch(shape);
    expect(makeKey(kind, 1, seal).key).not.toBe(key);
    expect(stored).toMatchObject({ kind, hint: key.slice(-4), createdAt: 1, expiresAt: null });
    expect(JSON.stringify(stored).includes(key)).toBe(kind === 'publishable');
  });
});

describe('a rotation', () => {
  const made = makeKey('secret', 0, seal);
  const start = withKeysOfFile(none, file, 0, seal);

  it('lets the others of the kind go on for the overlap, and those of the other kind be', () => {
    const after = rotated(start, made, 0, 24 * HOUR);
    expect(after.keys.map(({ kind, expiresAt }) => [kind, expiresAt])).toEqual([
      ['publishable', null],
      ['secret', 24 * HOUR],
      ['secret', null],
    ]);
  });

  it('makes no end later that was near already', () => {
    const twice = rotated(rotated(start, made, 0, HOUR), makeKey('secret', 1, seal), 1, 24 * HOUR);
    expect(twice.keys.map(({ expiresAt }) => expiresAt)).toEqual([null, HOUR, 1 + 24 * HOUR, null]);
  });

  it('without an overlap ends them at once, and remembers that they are gone', () => {
    const after = rotated(start, made, 0, 0);
    expect(secretsOf(after)).toEqual([hashOf(made.stored)]);
    expect(after.goneKeys).toEqual([hashOfKey(file.secretKey)]);
  });

  it('is refused when the site has as many as it may have', () => {
    let keys = start;
    for (let count = 1; count < MOST_KEYS_OF_A_KIND; count++)
      keys = rotated(keys, makeKey('secret', 0, seal), 0, HOUR);
    expect(() => rotated(keys, made, 0, HOUR)).toThrow('A site has at most 10 secret keys');
    expect(secretsOf(rotated(keys, made, HOUR, HOUR))).toHaveLength(2);
  });
});

it('a key that is revoked is gone; one that there is not is none', () => {
  const start = withKeysOfFile(none, file, 0, seal);
  const [{ id }] = start.keys as [StoredKeys['keys'][number]];
  expect(revoked(start, id, 5)).toMatchObject({ goneKeys: [hashOfKey(file.publishableKey)] });
  expect(revoked(start, 'k-none', 5)).toBeNull();
});

describe('the keys of a site file', () => {
  it('are taken in once', () => {
    const once = withKeysOfFile(none, file, 0, seal);
    expect(withKeysOfFile(once, file, 5, seal)).toEqual(once);
  });

  it('take the place of the file’s earlier ones, and leave those that the hub has made', () => {
    const made = makeKey('secret', 0, seal);
    const start = rotated(withKeysOfFile(none, file, 0, seal), made, 0, HOUR);
    const after = withKeysOfFile(start, { ...file, secretKey: 'sk_of_file_2' }, 1, seal);
    expect(secretsOf(after)).toEqual([hashOf(made.stored), hashOfKey('sk_of_file_2')]);
  });

  it('are not brought back once they were rotated away, have ended or were revoked', () => {
    const start = withKeysOfFile(none, file, 0, seal);
    const [, { id }] = start.keys as [unknown, StoredKeys['keys'][number]];
    const made = makeKey('secret', 0, seal);
    for (const gone of [
      rotated(start, made, 0, 0),
      withKeysOfFile(rotated(start, made, 0, HOUR), file, HOUR, seal),
      revoked(start, id, 0) ?? none,
    ])
      expect(secretsOf(withKeysOfFile(gone, file, 2 * HOUR, seal))).not.toContain(hashOfKey(file.secretKey));
  });

  it('of a hub that knew one of each kind are known again', () => {
    const old = keysOfOldDocument(file.publishableKey, hashOfKey(file.secretKey));
    expect(old.keys.map(({ id }) => id)).toEqual(['first-publishable', 'first-secret']);
    expect(withKeysOfFile(old, file, 5, seal)).toEqual(old);
  });

  it('are forgotten in the end when so many are gone', () => {
    let keys = withKeysOfFile(none, file, 0, seal);
    for (let count = 0; count < 300; count++) keys = rotated(keys, makeKey('secret', 0, seal), 0, 0);
    expect(keys.goneKeys).toHaveLength(200);
  });
});
