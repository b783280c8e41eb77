import { BellPage, type PageOptions } from './bell-page.ts';
import { ConsentDoor } from './consent-door.ts';
import type { SeenEvent } from './event-queue.ts';
import { earlyCalls, hearCalls } from './public-calls.ts';
import { capture } from './sensors/captured-events.ts';
import { dataLayer, listenToDataLayer } from './sensors/data-layer.ts';
import { sensePage } from './sensors/page-sensors.ts';
import { sensePlatformCart } from './sensors/platform-cart.ts';
import { ToldSoFar } from './sensors/told-so-far.ts';
import { pageStorage } from './page-storage.ts';
import { keysOf } from './storage-keys.ts';
import { takeTab } from './tab.ts';

export type Start = (options: PageOptions) => void;

const BEAT_EVERY_MS = 4_000;

/** A page may carry the tag twice, by its theme and by a tag manager: its events still count once. */
const started = new Set<string>();

/** Starts the widget on this page. Never throws into the page, and says at most one line when it can't. */
export const start: Start = (options) => {
  const name = `${options.hub} ${options.site}`;
  if (started.has(name)) return;
  started.add(name);
  run(options).catch(complain);
  if (location.search.includes('cartbell_cart='))
    import('./recovered-cart.ts').then(({ recoverCart }) => recoverCart(options.hub)).catch(complain);
};

function complain(error: unknown): void {
  console.debug('Cartbell:', error);
}

async function run(options: PageOptions): Promise<void> {
  const keys = keysOf(options.site);
  const consent = new ConsentDoor(options.needsConsent, [...dataLayer(), ...earlyCalls()]);
  await consent.opened();
  const isKept = consent.mayStore;
  const session = pageStorage('sessionStorage', isKept);
  const device = pageStorage('localStorage', isKept);
  const page = new BellPage(options, device, await takeTab(session, keys.tab));
  page.forgotten = (isDone) => {
    const prefix = isDone ? null : keys.prefix;
    device.forbid(prefix);
    session.forbid(prefix);
  };
  const told = new ToldSoFar();
  const report = (seen: SeenEvent | null) => {
    if (seen) told.note(seen.name, seen.cart);
    consent.inTurn(() => page.report(seen));
  };
  const cart = sensePlatformCart(device, keys.cart, report);
  const tell = (name: string, params: unknown) => cart.hear(name, () => report(capture(name, params)));
  hearCalls((given) => {
    consent.hear(given);
    const call = Array.from(given);
    const [command, name] = call;
    if (command === 'event' && typeof name === 'string') {
      cart.hear(name, () => {
        told.note(name, undefined);
        consent.inTurn(() => page.hear(call));
      });
    } else if (command === 'medusa') cart.give(name);
    else page.hear(call);
  });
  listenToDataLayer(tell, (entry) => consent.hear(entry));
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** A page beats as long as something waits, and rests when nothing does. */
  page.stirred = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      page.beat();
      if (!page.isAtRest) page.stirred();
    }, BEAT_EVERY_MS);
  };
  document.addEventListener('visibilitychange', () => page.look());
  let isAway = false;
  const leave = () => {
    if (!isAway) page.leave();
    isAway = true;
  };
  const comeBack = async () => {
    if (!isAway) return;
    isAway = false;
    const tab = await takeTab(session, keys.tab);
    if (isAway) tab.release();
    else page.comeBack(tab);
  };
  // Everything that would keep the page out of the back/forward cache is let go, and taken up again on return.
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', () => void comeBack());
  // A tab that the browser puts to sleep must not keep what others need.
  document.addEventListener('freeze', leave);
  document.addEventListener('resume', () => void comeBack());
  window.addEventListener('storage', ({ key, newValue }) => {
    // Another tab has taken it away: the shopper wants nothing kept.
    if (key === keys.token && newValue === null) page.forget(true);
    // Or it keeps something that it may not live to tell.
    if (key?.startsWith(keys.queues)) page.stirred();
  });
  await consent.heed({ device, session, isKept, keys, page });
  page.connect(() => consent.mayStore);
  const hasCart = () => told.hasCart || cart.hasItems();
  sensePage({ tell, report, isTold: (name) => told.has(name), hasCart });
}
