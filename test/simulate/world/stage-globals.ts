import type { Chance } from './chance.ts';
import { type Cue, onStage } from './stage.ts';

/** What a page's code finds in its browser beside time and chance. */
export interface Browser {
  isVisible(): boolean;
  readonly hasBell: boolean;
  readonly locks: { request: LockManager['request'] };
  sendBeacon(url: string, body: string): boolean;
}

let chance: Chance | null = null;

/** Random bytes of pages are drawn from here on. */
export function drawFrom(given: Chance): void {
  chance = given;
}

function browser(): Browser {
  const { actor } = onStage();
  if (!('browser' in actor)) throw new Error(`${actor.name} has no browser.`);
  return actor.browser as Browser;
}

const replaced = {
  setTimeout: (run: () => void, ms = 0): Cue => {
    const { stage, actor } = onStage();
    return stage.after(ms, actor, run);
  },
  clearTimeout: (cue: Cue | undefined): void => {
    if (cue) cue.run = null;
  },
  performance: { now: () => onStage().stage.now },
  crypto: {
    getRandomValues(bytes: Uint8Array): Uint8Array {
      for (let place = 0; place < bytes.length; place++) bytes[place] = chance?.below(256) ?? 0;
      return bytes;
    },
  },
  document: {
    /** No shop has marked a place. */
    querySelectorAll: () => [],
    get visibilityState() {
      return browser().isVisible() ? 'visible' : 'hidden';
    },
    documentElement: { lang: 'en' },
    referrer: '',
    body: { append: () => undefined },
  },
  location: { search: '', pathname: '/', host: 'shop.example' },
  screen: { width: 1_200, height: 800 },
  matchMedia: () => ({ matches: false }),
  customElements: { get: () => (browser().hasBell ? Object : undefined) },
  navigator: {
    language: 'en',
    get locks() {
      return browser().locks;
    },
    sendBeacon: (url: string, body: string) => browser().sendBeacon(url, body),
  },
};

/** From here on the product's code lives on the stage: it finds no real clock, timer, dice or page. */
export function replaceGlobals(): void {
  for (const [name, value] of Object.entries(replaced))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  // What pages tell their consoles is of no use among thousands of them.
  console.debug = () => undefined;
  Date.now = () => onStage().actor.wallClock();
  // Pages ask for their time zone at each connect, which takes a tenth of a world's time and tells the same each time.
  const { resolvedOptions } = Intl.DateTimeFormat.prototype;
  const own = new Intl.DateTimeFormat();
  const ownOptions = own.resolvedOptions();
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct: (Format, given) => (given.length === 0 ? own : new Format(...(given as []))),
  });
  Intl.DateTimeFormat.prototype.resolvedOptions = function resolved() {
    return this === own ? ownOptions : resolvedOptions.call(this);
  };
}
