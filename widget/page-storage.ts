/** Storage that may be absent, full or forbidden: then what is kept lasts as long as the page. */
export interface PageStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

export function pageStorage(which: 'localStorage' | 'sessionStorage'): PageStorage {
  const memory = new Map<string, string>();
  const real = reach(which);
  return {
    get: (key) => memory.get(key) ?? attempt(() => real?.getItem(key) ?? null, null),
    set(key, value) {
      const isKept = attempt(() => {
        real?.setItem(key, value);
        return real !== null;
      }, false);
      if (isKept) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt(() => real?.removeItem(key), undefined);
    },
    keys: (prefix) => attempt(() => Object.keys(real ?? {}), []).filter((key) => key.startsWith(prefix)),
  };
}

function reach(which: 'localStorage' | 'sessionStorage'): Storage | null {
  return attempt(() => window[which], null);
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
