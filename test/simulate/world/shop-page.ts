import type { Nudge } from '../../../shared/nudge.ts';
import { BellPage } from '../../../widget/bell-page.ts';
import type { SeenEvent } from '../../../widget/event-queue.ts';
import type { PageStorage } from '../../../widget/page-storage.ts';
import { keysOf } from '../../../widget/storage-keys.ts';
import { type Tab, takeTab } from '../../../widget/tab.ts';
import { type Device, storageOf, type TabSlot } from './device.ts';
import type { HubDoor, PageLink } from './page-link.ts';
import { Screen } from './screen.ts';
import type { Actor, Stage } from './stage.ts';
import type { Browser } from './stage-globals.ts';

export const PUBLISHABLE_KEY = 'pk_simulated';
const BEAT_EVERY_MS = 4_000;

/** What is told to whoever watches from outside. */
export interface PageWatcher {
  kept(page: ShopPage, queue: string): void;
  paints(page: ShopPage, nudge: Nudge | null): void;
  displays(page: ShopPage, nudge: Nudge): void;
}

/** One page in one tab of a browser, running the real widget but for what it draws and what it is connected by. */
export class ShopPage implements Actor {
  readonly name: string;
  readonly isWatchman = false;
  readonly device: Device;
  readonly slot: TabSlot;
  readonly door: HubDoor & { beacon(body: string): void };
  readonly browser: Browser;
  readonly screen: Screen;
  isGone = false;
  isVisible: boolean;
  /** Left, and kept by the browser for a return. */
  isAway = false;
  link: PageLink | null = null;
  tab: Tab | null = null;
  /** What the hub's clock showed at the last welcome, and when that arrived. */
  clockSet: { readonly hubNow: number; readonly at: number } | null = null;
  readonly #stage: Stage;
  readonly #session: PageStorage;
  #bell: BellPage | null = null;

  constructor(
    name: string,
    stage: Stage,
    device: Device,
    slot: TabSlot,
    door: ShopPage['door'],
    watcher: PageWatcher,
    isVisible: boolean,
  ) {
    this.name = name;
    this.#stage = stage;
    this.device = device;
    this.slot = slot;
    this.door = door;
    this.isVisible = isVisible;
    this.#session = storageOf(slot.session, () => undefined);
    this.screen = new Screen(
      { paints: (nudge) => watcher.paints(this, nudge), displays: (nudge) => watcher.displays(this, nudge) },
      () => this.isVisible,
    );
    this.browser = {
      hasBell: true,
      locks: device.locksFor(this),
      isVisible: () => this.isVisible,
      sendBeacon: (_, body) => {
        door.beacon(body);
        return true;
      },
    };
    this.#start(watcher);
  }

  wallClock(): number {
    return this.#stage.now + this.device.skewMs;
  }

  welcomed(hubNow: number): void {
    this.clockSet = { hubNow, at: this.#stage.now };
  }

  report(seen: SeenEvent): void {
    this.#bell?.report(seen);
  }

  look(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.#bell?.look();
    this.screen.watch();
  }

  /** The page is left, by a link or by closing the tab. */
  leave(): void {
    this.#bell?.leave();
  }

  comeBack(): void {
    this.isAway = false;
    void takeTab(this.#session, keysOf(PUBLISHABLE_KEY).tab).then((tab) => {
      this.tab = tab;
      this.#bell?.comeBack(tab);
    });
  }

  #start(watcher: PageWatcher): void {
    const queues = keysOf(PUBLISHABLE_KEY).queues;
    const device = storageOf(this.device.storage, (key, value) => {
      if (key.startsWith(queues)) watcher.kept(this, value);
    });
    const run = async () => {
      this.tab = await takeTab(this.#session, keysOf(PUBLISHABLE_KEY).tab);
      const options = {
        host: this.screen as unknown as HTMLElement,
        site: PUBLISHABLE_KEY,
        hub: 'https://hub.example',
        needsConsent: false,
      };
      this.#bell = new BellPage(options, device, this.tab);
      this.#bell.connect(() => false);
      this.#beatLater();
    };
    this.#stage.at(this.#stage.now, this, () => void run());
  }

  #beatLater(): void {
    this.#stage.idly(BEAT_EVERY_MS, this, () => {
      if (!this.isAway) this.#bell?.beat();
      this.#beatLater();
    });
  }
}
