import type { SiteId } from '../../shared/ids.ts';
import type { KeyKind } from '../../shared/site-keys.ts';
import { hasEnded, hashOf, hashOfKey, type KeyHash, type StoredKey } from './site-keys.ts';

export interface OwnedKey {
  readonly site: SiteId;
  readonly key: StoredKey;
}

/** Whose each key is. */
export class KeyIndex {
  readonly #owned = new Map<KeyHash, OwnedKey>();
  readonly #hashes = new Map<SiteId, readonly KeyHash[]>();

  readonly #ending = new Set<SiteId>();

  /** Whether the time matters to any key. */
  get haveEnds(): boolean {
    return this.#ending.size > 0;
  }

  /** Replaces all keys of the site. */
  put(site: SiteId, keys: readonly StoredKey[]): void {
    for (const hash of this.#hashes.get(site) ?? [])
      if (this.#owned.get(hash)?.site === site) this.#owned.delete(hash);
    const hashes = keys.map(hashOf);
    if (keys.some(({ expiresAt }) => expiresAt !== null)) this.#ending.add(site);
    else this.#ending.delete(site);
    this.#hashes.set(site, hashes);
    for (const [index, key] of keys.entries()) this.#owned.set(hashes[index] ?? hashOf(key), { site, key });
  }

  find(kind: KeyKind, key: string, now: () => number): OwnedKey | null {
    const found = this.#owned.get(hashOfKey(key));
    return found?.key.kind === kind && !hasEnded(found.key, now) ? found : null;
  }

  ownerOf(hash: KeyHash): SiteId | undefined {
    return this.#owned.get(hash)?.site;
  }
}
