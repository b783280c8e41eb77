import { BellPage, type PageOptions } from './bell-page.ts';
import type { SeenEvent } from './event-queue.ts';
import { hearCalls } from './public-calls.ts';
import { capture } from './sensors/captured-events.ts';
import { listenToDataLayer } from './sensors/data-layer.ts';
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
  run(options).catch((error: unknown) => console.debug('Cartbell stopped.', error));
};

async function run(options: PageOptions): Promise<void> {
  const session = pageStorage('sessionStorage');
  const { tab: tabKey, cart: cartKey } = keysOf(options.site);
  const device = pageStorage('localStorage');
  const page = new BellPage(options, device, await takeTab(session, tabKey));
  const told = new ToldSoFar();
  const report = (seen: SeenEvent | null) => {
    if (seen) told.note(seen.name, seen.cart);
    page.report(seen);
  };
  const cart = sensePlatformCart(device, cartKey, report);
  const tell = (name: string, params: unknown) => cart.hear(name, () => report(capture(name, params)));
  hearCalls((call) => {
    const [command, given] = call;
    if (command === 'event' && typeof given === 'string') {
      cart.hear(given, () => {
        told.note(given, undefined);
        page.hear(call);
      });
    } else if (command === 'medusa') cart.give(given);
    else page.hear(call);
  });
  listenToDataLayer(tell);
  setInterval(() => page.beat(), BEAT_EVERY_MS);
  document.addEventListener('visibilitychange', () => page.look());
  // Everything that would keep the page out of the back/forward cache is let go, and taken up again on return.
  window.addEventListener('pagehide', () => page.leave());
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) void takeTab(session, tabKey).then((tab) => page.comeBack(tab));
  });
  await page.connect();
  const hasCart = () => told.hasCart || cart.hasItems();
  sensePage({ tell, report, isTold: (name) => told.has(name), hasCart });
}
