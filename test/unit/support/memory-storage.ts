import type { PageStorage } from '../../../widget/page-storage.ts';

/** A device's storage that several tabs may share. */
export function memoryStorage(kept = new Map<string, string>()): PageStorage {
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}
