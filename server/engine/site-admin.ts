import { siteFaults } from '../core/site-faults.ts';
import { durationMs } from '../../shared/duration.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { SiteFile, SiteWithoutKeys } from '../../shared/site.ts';
import type { KeyKind, Rotation } from '../../shared/site-keys.ts';
import type { z } from 'zod';
import { HubError, refuse } from './hub-error.ts';
import { makeKey, type NewKey, revoked, rotated, type StoredKey } from './site-keys.ts';
import type { SiteRegistry } from './site-registry.ts';

/** A shop that signs who its shoppers are asks for a key for it. */
const KEYS_TO_BEGIN_WITH = ['publishable', 'secret'] as const;

/** What may be told of a key. */
export interface KeyInfo {
  readonly id: string;
  readonly kind: KeyKind;
  readonly hint: string;
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
}

/** What may be told of a new key, once. */
export interface ShownKey extends KeyInfo {
  readonly key: string;
}

export interface SiteInfo extends Pick<SiteFile, 'id' | 'origins' | 'quota'> {
  readonly version: number;
  readonly keys: readonly KeyInfo[];
}

/** Which sites there are, and who may speak for them: sites, keys, origins and quotas. */
export class SiteAdmin {
  readonly #sites: SiteRegistry;

  constructor(sites: SiteRegistry) {
    this.#sites = sites;
  }

  list(): SiteInfo[] {
    return this.#sites
      .ids()
      .toSorted()
      .map((id) => this.site(id));
  }

  site(id: SiteId): SiteInfo {
    this.#expect(id);
    const { origins, quota } = this.#sites.definition(id);
    return { id, version: this.#sites.version(id), origins, quota, keys: this.keys(id) };
  }

  keys(id: SiteId): KeyInfo[] {
    return this.#sites.keysOf(id).map(infoOf);
  }

  async create(file: SiteWithoutKeys, by: string): Promise<{ site: SiteInfo; keys: ShownKey[] }> {
    refuse(siteFaults(file));
    const { products, ...rest } = file;
    let made: NewKey[] = [];
    const isNew = await this.#sites.create(file.id, by, (now) => {
      made = KEYS_TO_BEGIN_WITH.map((kind) => makeKey(kind, now, this.#sites.sealFor(file.id)));
      const keys = { keys: made.map(({ stored }) => stored), goneKeys: [] };
      return { definition: { ...rest, ...keys, unreadRules: [] }, products };
    });
    if (!isNew)
      throw new HubError('conflict', `There is a site "${file.id}" already.`, {
        errors: [{ path: 'id', message: 'Taken.' }],
      });
    return { site: this.site(file.id), keys: made.map(shown) };
  }

  /** A new key; the others of its kind go on for the overlap. */
  async rotate(id: SiteId, { kind, overlap }: z.infer<typeof Rotation>, by: string): Promise<ShownKey> {
    this.#expect(id);
    const overlapMs = overlap === '0' ? 0 : durationMs(overlap);
    let made: NewKey[] = [];
    await this.#sites.changeDefinition(id, by, (before, now) => {
      const next = makeKey(kind, now, this.#sites.sealFor(id));
      made = [next];
      return { ...before, ...rotated(before, next, now, overlapMs) };
    });
    const [key] = made.map(shown);
    if (!key) throw new Error('A change was made without being asked what it is.');
    return key;
  }

  /** From now on it is refused. */
  async revoke(id: SiteId, key: string, by: string): Promise<void> {
    this.#expect(id);
    await this.#sites.changeDefinition(id, by, (before, now) => {
      const keys = revoked(before, key, now);
      if (!keys) throw new HubError('not_found', 'The site has no key with this id.');
      return { ...before, ...keys };
    });
  }

  async putOrigins(id: SiteId, origins: string[], by: string): Promise<SiteInfo> {
    this.#expect(id);
    await this.#sites.changeDefinition(id, by, (before) => ({ ...before, origins }));
    return this.site(id);
  }

  async putQuota(id: SiteId, quota: SiteFile['quota'], by: string): Promise<SiteInfo> {
    this.#expect(id);
    await this.#sites.changeDefinition(id, by, (before) => ({ ...before, quota }));
    return this.site(id);
  }

  #expect(id: SiteId): void {
    if (!this.#sites.has(id)) throw new HubError('not_found', `There is no site "${id}".`);
  }
}

function infoOf({ id, kind, hint, createdAt, expiresAt }: StoredKey): KeyInfo {
  return { id, kind, hint, createdAt, expiresAt };
}

function shown({ key, stored }: NewKey): ShownKey {
  return { key, ...infoOf(stored) };
}
