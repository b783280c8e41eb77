import type { EventQueue } from './event-queue.ts';
import { ownJson } from './own-json.ts';
import type { PageStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';

/** What is said at the door beside who this is. */
export interface Shown {
  inspect?: true;
  identity?: string;
}

/** Everything that goes up to the hub and comes down. */
export type Watcher = (frame: { direction: 'up' | 'down'; name: string; message: unknown }) => void;

/** The page whose shopper becomes known, or is so no longer. */
export interface IdentifiedPage {
  readonly options: { readonly hub: string; readonly site: string };
  readonly device: PageStorage;
  readonly keys: Keys;
  readonly queue: EventQueue;
  readonly shown: Shown;
  /** What a customer had who has signed out here: another tab may still come in by it. */
  givenUp?: string;
  readonly watchers: Set<Watcher>;
  connectAnew(): void;
  /** Nothing that was meant for the shopper stays on the page. */
  letGo(): void;
}

/** The hub's tokens of those who are known by name. */
const IS_KNOWN = /^cb2\./;
const MOST_LAST_WORDS = 50;
/** Characters, each of three bytes at most: browsers send 64 kB as a page goes, and more not at all. */
const MOST_AS_IT_GOES = 20_000;
/** Twice as long each time. */
const AGAIN_MS = 1_000;
/** Whom the page said last, so that it is not said by two. */
let watching: Watcher | null = null;

/**
 * `cartbell('identify', token)`: the shop's server says who is here. Pages say it each time, and where the browser is known as
 * theirs there is nothing to do. `cartbell('identify', null)`: they have signed out. `said`: what is to be taken of both, in its
 * order; browsers may answer who imports this module first later than who does so second.
 */
export function identify(page: IdentifiedPage, said: unknown[]): void {
  while (said.length > 0) hear(page, said.shift());
}

function hear(page: IdentifiedPage, token: unknown): void {
  const { device, keys, shown, watchers } = page;
  if (watching) watchers.delete(watching);
  if (token === null) return signOut(page);
  if (typeof token !== 'string') return;
  const name = nameIn(token);
  const show = () => {
    shown.identity = token;
    page.connectAnew();
  };
  const watch: Watcher = ({ name: what, message }) => {
    const isShown = shown.identity !== undefined;
    if (what === 'refused' && isShown) {
      // Without it the page may come in.
      delete shown.identity;
      watchers.delete(watch);
      page.connectAnew();
    }
    if (what !== 'welcome') return;
    if (isShown) {
      delete shown.identity;
      device.set(keys.name, name);
    } else if (!IS_KNOWN.test((message as { token: string }).token)) {
      // The browser was known, and has been signed out from elsewhere.
      show();
    }
  };
  watching = watch;
  watchers.add(watch);
  if (!IS_KNOWN.test(device.get(keys.token) ?? '') || device.get(keys.name) !== name) show();
}

function signOut(page: IdentifiedPage): void {
  const { device, keys, queue, shown } = page;
  const { hub, site } = page.options;
  const token = device.get(keys.token) ?? '';
  const wasShown = shown.identity !== undefined;
  delete shown.identity;
  if (!IS_KNOWN.test(token)) {
    // Whoever was nobody by name stays who they are; who was about to be somebody does not become it.
    if (wasShown) page.connectAnew();
    return;
  }
  page.letGo();
  page.givenUp = token;
  const events = queue.next(MOST_LAST_WORDS);
  tellSignOut(`${hub}/v1/shoppers/sign-out`, ownJson({ site, token, events, sentAt: Date.now() }));
  queue.settle(new Set(events.map(({ id }) => id)), Date.now());
  // The token is not taken away: other tabs go on, as nobody.
  device.set(keys.token, '');
  for (const key of device.keys(keys.prefix)) if (key !== keys.token) device.remove(key);
  page.connectAnew();
}

/** Also where the page goes away meanwhile; where the hub is away, again and again while the page is there. */
function tellSignOut(url: string, body: string, waitMs = AGAIN_MS): void {
  void fetch(url, { method: 'POST', body, keepalive: body.length < MOST_AS_IT_GOES })
    .then(({ status }) => status === 429 || status > 499)
    .catch(() => true)
    .then((isUnheard) => {
      if (isUnheard) setTimeout(() => tellSignOut(url, body, 2 * waitMs), waitMs);
    });
}

/** A short mark of whom a token is about: the device need not know the name. Whether it is true the hub finds out. */
function nameIn(token: string): string {
  const payload = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
  let mark = 0;
  for (const letter of (JSON.parse(payload) as { sub: string }).sub)
    mark = (Math.imul(mark, 33) + (letter.codePointAt(0) ?? 0)) | 0;
  return `${mark}`;
}
