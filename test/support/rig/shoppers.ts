import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { mug } from '../page.ts';
import { type ReadyEvent, type Report, type Shopper, ShopperTab, type TabSettings } from './shopper-tab.ts';

type Waits = 'ackWithinMs' | 'backWithinMs';

interface CrowdSettings extends Pick<TabSettings, 'urls' | 'history'>, Partial<Pick<TabSettings, Waits>> {
  readonly shoppers: number;
  /** Tabs of each shopper. */
  readonly tabs?: number;
  /** What each tab reports before it only stays. */
  readonly events: number;
  /** The share of events that are sent twice: at the same time, or later and by any tab of the shopper. */
  readonly duplicates?: number;
  /** Up to so long a tab does nothing before each event, by chance. */
  readonly pauseMs?: number;
  /** What a tab reports as its n-th event. */
  report?(index: number): Report;
  /** After so long all is over, whatever has become of it. */
  readonly patienceMs?: number;
}

/** Many shoppers with many tabs, each of which gets its events through whatever happens. Ends by itself, or on `stop`. */
export class Crowd {
  /** Resolves when every tab has had each of its events acked, or all is over. */
  readonly sent: Promise<void>;
  readonly tabs: ShopperTab[] = [];
  readonly #settings: CrowdSettings;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;

  private constructor(settings: CrowdSettings) {
    this.#settings = settings;
    setMaxListeners(0, this.#end.signal);
    this.#timer = setTimeout(() => this.#end.abort(), settings.patienceMs ?? 60_000);
    this.sent = Promise.all(Array.from({ length: settings.shoppers }, () => this.#shop())).then(
      () => undefined,
    );
  }

  static start(settings: CrowdSettings): Crowd {
    const crowd = new Crowd(settings);
    onTestFinished(() => crowd.stop());
    return crowd;
  }

  /** Tabs that are connected and were welcomed. */
  get welcome(): number {
    return this.tabs.filter(({ isWelcome }) => isWelcome).length;
  }

  /** Closes every tab; what is under way is on record as never answered. Resolves when nothing goes on any more. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#end.abort();
    await this.sent;
    await this.settled();
  }

  /** Resolves when every nudge that has come was claimed, and shown where it was granted. */
  async settled(): Promise<void> {
    await Promise.all(this.tabs.map((tab) => tab.settled()));
  }

  async #shop(): Promise<void> {
    const { urls, history, ackWithinMs = 1_000, backWithinMs = 500, tabs: count = 1 } = this.#settings;
    const shopper: Shopper = { id: '', token: null, rev: 0 };
    const open = () =>
      new ShopperTab(shopper, { urls, history, ackWithinMs, backWithinMs }, this.#end.signal);
    const first = open();
    this.tabs.push(first);
    // The others are the same shopper's once the hub has named them.
    await first.welcomed();
    if (this.#end.signal.aborted) return;
    const tabs = [first, ...Array.from({ length: count - 1 }, open)];
    this.tabs.push(...tabs.slice(1));
    await Promise.all(tabs.map((tab) => this.#browse(tab, tabs)));
  }

  async #browse(tab: ShopperTab, all: readonly ShopperTab[]): Promise<void> {
    const { events, duplicates = 0, pauseMs = 0, report = anyReport } = this.#settings;
    const later: ReadyEvent[] = [];
    for (let index = 0; index < events && !this.#end.signal.aborted; index++) {
      if (pauseMs > 0) await this.#pause(Math.random() * pauseMs);
      const event = tab.make(report(index));
      const isTwice = Math.random() < duplicates;
      const isAtOnce = Math.random() < 0.5;
      const again = later.splice(0).map((earlier) => oneOf(all).send(earlier));
      await Promise.all([tab.send(event), ...again, ...(isTwice && isAtOnce ? [tab.send(event)] : [])]);
      if (isTwice && !isAtOnce) later.push(event);
    }
    await Promise.all(later.map((earlier) => oneOf(all).send(earlier)));
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#end.signal }).catch(() => undefined);
  }
}

function oneOf<T>(all: readonly T[]): T {
  const one = all[Math.floor(Math.random() * all.length)];
  if (one === undefined) throw new Error('There is none.');
  return one;
}

const SHARES: readonly (readonly [share: number, name: string])[] = [
  [0.6, 'add_to_cart'],
  [0.15, 'view_item'],
  [0.15, 'remove_from_cart'],
  [0.07, 'view_cart'],
  [0.03, 'purchase'],
];

/** Mostly a cart that fills, and now and then one that is bought. */
function anyReport(): Report {
  let left = Math.random();
  const name = SHARES.find(([share]) => (left -= share) < 0)?.[1] ?? 'view_item';
  const items = [{ ...mug, quantity: 1 }];
  return { name, params: name === 'purchase' ? { items, transaction_id: randomUUID() } : { items } };
}
