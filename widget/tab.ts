import { randomText } from './ids.ts';
import type { PageStorage } from './page-storage.ts';

export interface Tab {
  readonly id: string;
  release(): void;
  /** The next page of this tab is one of a new tab. */
  forget(): void;
}

type Held = Omit<Tab, 'forget'>;

/**
 * Which tab this is: kept over reloads and page changes. A duplicated tab brings a copy of the id along; whoever finds
 * its lock taken makes a new one. Released as the page goes, so that the next page of this tab may have it.
 */
export async function takeTab(session: PageStorage, key: string): Promise<Tab> {
  const known = session.get(key);
  const id = known ?? randomText(16);
  const lock = (await hold(id)) ?? (await renew(session, key));
  session.set(key, lock.id);
  return { ...lock, forget: () => session.remove(key) };
}

async function renew(session: PageStorage, key: string): Promise<Held> {
  const id = randomText(16);
  session.set(key, id);
  return (await hold(id)) ?? { id, release: () => undefined };
}

function hold(id: string): Promise<Held | null> {
  if (!('locks' in navigator)) return Promise.resolve({ id, release: () => undefined });
  return new Promise((resolve) => {
    navigator.locks
      .request(`cartbell:${id}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve({ id, release }));
      })
      .catch(() => resolve({ id, release: () => undefined }));
  });
}
