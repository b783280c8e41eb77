/** Storage that may be absent, full or forbidden: then what is kept lasts as long as the page. */
export interface PageStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

/** Where the shopper does not allow it, the device is neither written nor read. */
export interface ConsentedStorage extends PageStorage {
  /** From now on it is kept on the device. What is there already holds. */
  allow(): void;
  /** What begins so leaves the device, and the page alone remembers it; null: another tab has seen to that. */
  forbid(prefix: string | null): void;
}

export function pageStorage(which: 'localStorage' | 'sessionStorage', isAllowed: boolean): ConsentedStorage {
  const memory = new Map<string, string>();
  let real = isAllowed ? reach(which) : null;
  const onDevice = (key: string) => attempt(() => real?.getItem(key) ?? null, null);
  const set = (key: string, value: string) => {
    const isKept = attempt(() => {
      real?.setItem(key, value);
      return Boolean(real);
    }, false);
    if (isKept) memory.delete(key);
    else memory.set(key, value);
  };
  const remove = (key: string) => {
    memory.delete(key);
    attempt(() => real?.removeItem(key), undefined);
  };
  const keys = (prefix: string) =>
    [...new Set([...memory.keys(), ...attempt(() => Object.keys(real ?? {}), [])])].filter((key) =>
      key.startsWith(prefix),
    );
  return {
    get: (key) => memory.get(key) ?? onDevice(key),
    set,
    remove,
    keys,
    allow() {
      real = reach(which);
      for (const [key, value] of memory) set(key, onDevice(key) ?? value);
    },
    forbid(prefix) {
      const was = real;
      // What a page before has left goes unread.
      if (prefix !== null) real ??= reach(which);
      const kept = prefix === null ? [] : keys(prefix);
      const known = kept.map((key) => [key, memory.get(key) ?? (was && onDevice(key))] as const);
      for (const key of kept) remove(key);
      real = null;
      for (const [key, value] of known) if (value !== null) memory.set(key, value);
    },
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
