import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SiteFile } from '../../shared/site.ts';
import { KeyId, KeyKind } from '../../shared/site-keys.ts';
import { HubError } from './hub-error.ts';

export const MOST_KEYS_OF_A_KIND = 10;
/** Of keys that are gone it is remembered that they are; past it those who went first are forgotten. */
const MOST_GONE = 200;
const RANDOM_BYTES = { secret: 32, publishable: 16, identity: 32 } as const;
const PREFIX = { secret: 'sk_', publishable: 'pk_', identity: 'ik_' } as const;

/** SHA-256 of a key, in hex: what keys are looked up by, so that how long it takes says nothing about any of them. */
const KeyHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'KeyHash'>();
export type KeyHash = z.infer<typeof KeyHash>;

const Common = z.strictObject({
  id: KeyId,
  /** Its last four characters; empty where the hub never saw them. */
  hint: z.string().max(4),
  /** By the store's clock; null: before hubs noted it. */
  createdAt: z.number().nullable(),
  /** From when on it is refused. */
  expiresAt: z.number().nullable(),
  /** Who chose it. */
  from: z.enum(['file', 'hub']),
});

/** A key as it is stored. A publishable one stands in the pages of the shop for all to see; one that signs is needed to check what it signed. */
export const StoredKey = z.discriminatedUnion('kind', [
  Common.extend({ kind: z.literal('secret'), hash: KeyHash }),
  Common.extend({ kind: z.literal('publishable'), key: z.string() }),
  Common.extend({ kind: z.literal('identity'), hash: KeyHash, sealed: z.string() }),
]);
export type StoredKey = z.infer<typeof StoredKey>;

/** All keys of a site, and the hashes of those that were good once and must never be again. */
export const StoredKeys = z.object({
  keys: z.array(StoredKey),
  goneKeys: z.array(KeyHash),
});
export type StoredKeys = z.infer<typeof StoredKeys>;

/** A key that was just made. `key` is told once and is nowhere afterwards. */
export interface NewKey {
  readonly key: string;
  readonly stored: StoredKey;
}

export function hashOfKey(key: string): KeyHash {
  return createHash('sha256').update(key).digest('hex') as KeyHash;
}

export function hashOf(stored: StoredKey): KeyHash {
  return stored.kind === 'publishable' ? hashOfKey(stored.key) : stored.hash;
}

/** Makes of a key what can be read by the hub alone. */
export type Seal = (key: string) => string;

export function makeKey(kind: KeyKind, now: number, seal: Seal): NewKey {
  const key = PREFIX[kind] + randomBytes(RANDOM_BYTES[kind]).toString('base64url');
  return {
    key,
    stored: storedKey(kind, key, { id: `k-${randomBytes(6).toString('hex')}`, now, from: 'hub', seal }),
  };
}

/** What a site's document of a hub that knew one key of each kind says. */
export function keysOfOldDocument(publishableKey: string, secretKeyHash: string): StoredKeys {
  const rest = { createdAt: null, expiresAt: null, from: 'file' } as const;
  return {
    keys: [
      {
        id: 'first-publishable',
        kind: 'publishable',
        key: publishableKey,
        hint: hintOf(publishableKey),
        ...rest,
      },
      { id: 'first-secret', kind: 'secret', hash: KeyHash.parse(secretKeyHash), hint: '', ...rest },
    ],
    goneKeys: [],
  };
}

/** Adds a key; the others of its kind end after the overlap, where they don't end before. */
export function rotated(before: StoredKeys, { stored }: NewKey, now: number, overlapMs: number): StoredKeys {
  const until = now + overlapMs;
  const keys = before.keys.map((key) =>
    key.kind !== stored.kind ? key : { ...key, expiresAt: Math.min(key.expiresAt ?? until, until) },
  );
  const next = withoutEnded({ ...before, keys }, now);
  expectRoom(next, stored.kind);
  return { ...next, keys: [...next.keys, stored] };
}

/** Null where there is no such key. */
export function revoked(before: StoredKeys, id: string, now: number): StoredKeys | null {
  if (!before.keys.some((key) => key.id === id)) return null;
  const keys = before.keys.map((key) => (key.id === id ? { ...key, expiresAt: now } : key));
  return withoutEnded({ ...before, keys }, now);
}

/**
 * Takes in the keys of a site file. One that is new to the site takes the place of the file's earlier one; one that is known
 * changes nothing, and one that was rotated away or revoked is not brought back.
 */
export function withKeysOfFile(
  before: StoredKeys,
  file: Pick<SiteFile, 'publishableKey' | 'secretKey' | 'identityKey'>,
  now: number,
  seal: Seal,
): StoredKeys {
  let next = withoutEnded(before, now);
  const given = [
    ['publishable', file.publishableKey],
    ['secret', file.secretKey],
    ['identity', file.identityKey],
  ] as const;
  for (const [kind, key] of given) {
    if (key === undefined) continue;
    const hash = hashOfKey(key);
    if (next.goneKeys.includes(hash) || next.keys.some((known) => hashOf(known) === hash)) continue;
    const keys = next.keys.map((known) =>
      known.kind === kind && known.from === 'file' ? { ...known, expiresAt: now } : known,
    );
    next = withoutEnded({ ...next, keys }, now);
    expectRoom(next, kind);
    const stored = storedKey(kind, key, {
      id: `f-${randomBytes(6).toString('hex')}`,
      now,
      from: 'file',
      seal,
    });
    next = { ...next, keys: [...next.keys, stored] };
  }
  return next;
}

export function hasEnded({ expiresAt }: StoredKey, now: () => number): boolean {
  return expiresAt !== null && expiresAt <= now();
}

function withoutEnded({ keys, goneKeys }: StoredKeys, now: number): StoredKeys {
  const gone = keys.filter((key) => hasEnded(key, () => now)).map(hashOf);
  return {
    keys: keys.filter((key) => !hasEnded(key, () => now)),
    goneKeys: [...goneKeys, ...gone].slice(-MOST_GONE),
  };
}

function expectRoom({ keys }: StoredKeys, kind: KeyKind): void {
  if (keys.filter((key) => key.kind === kind).length < MOST_KEYS_OF_A_KIND) return;
  throw new HubError('conflict', `A site has at most ${MOST_KEYS_OF_A_KIND} ${kind} keys: revoke one first.`);
}

function storedKey(
  kind: KeyKind,
  key: string,
  { id, now, from, seal }: { id: string; now: number; from: 'file' | 'hub'; seal: Seal },
): StoredKey {
  const rest = { id, hint: hintOf(key), createdAt: now, expiresAt: null, from };
  switch (kind) {
    case 'publishable':
      return { ...rest, kind, key };
    case 'secret':
      return { ...rest, kind, hash: hashOfKey(key) };
    case 'identity':
      return { ...rest, kind, hash: hashOfKey(key), sealed: seal(key) };
  }
}

function hintOf(key: string): string {
  return key.slice(-4);
}
