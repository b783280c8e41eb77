// Browser storage throws when it is blocked or full; the shop then simply forgets.

export function recall(area: 'local' | 'session', key: string): string | null {
  try {
    return storageOf(area).getItem(key);
  } catch {
    return null;
  }
}

export function remember(area: 'local' | 'session', key: string, value: string): void {
  try {
    storageOf(area).setItem(key, value);
  } catch {
    return;
  }
}

export function forget(area: 'local' | 'session', key: string): void {
  try {
    storageOf(area).removeItem(key);
  } catch {
    return;
  }
}

function storageOf(area: 'local' | 'session'): Storage {
  return area === 'local' ? localStorage : sessionStorage;
}
