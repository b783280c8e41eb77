import type { ShopperEvent } from '../shared/event.ts';
import type { Nudge } from '../shared/nudge.ts';
import { staysOn } from '../shared/nudge-kinds.ts';
import { ulid } from './ids.ts';
import { ownJson } from './own-json.ts';
import type { PageStorage } from './page-storage.ts';
import { keysOf } from './storage-keys.ts';

/** An event as it was seen, before it has an id and a place in the shopper's order. */
export type SeenEvent = Pick<ShopperEvent, 'cart'> & { name: string; params: object };

interface Kept {
  /** When its tab last wrote it. */
  beat: number;
  events: ShopperEvent[];
}

const MOST_EVENTS = 100;
const MOST_BYTES = 64_000;
/** What the hub takes in one message, less room for what is put around the events. */
const MOST_MESSAGE_BYTES = 48_000;
/** A queue whose tab has not written for so long is taken over by another tab. */
const DEAD_AFTER_MS = 10_000;

/**
 * What the hub has not acked yet, kept on the device before it is sent: a reload, a crash or a day without a network
 * loses nothing. At its bound the oldest event goes, purchases last.
 */
export class EventQueue {
  readonly #storage: PageStorage;
  readonly #keys: ReturnType<typeof keysOf>;
  #key: string;
  #events: ShopperEvent[];
  #rev = 0;
  dropped = 0;

  constructor(storage: PageStorage, site: string, tab: string) {
    this.#storage = storage;
    this.#keys = keysOf(site);
    this.#key = this.#keys.queues + tab;
    this.#events = this.#read(this.#key)?.events ?? [];
  }

  get size(): number {
    return this.#events.length;
  }

  /** Whether this tab or another one has something to tell. */
  get isWaiting(): boolean {
    return this.#storage.keys(this.#keys.queues).length > 0;
  }

  add(seen: SeenEvent, now: number, isFirst = false): ShopperEvent {
    // The sensors give each event the params of its name; the hub checks them.
    const event = { ...seen, id: ulid(now), at: now, rev: this.#nextRev() } as ShopperEvent;
    // One that no queue would hold must not empty this one.
    if (bytesOf(event) > MOST_MESSAGE_BYTES) {
      this.dropped++;
      return event;
    }
    if (isFirst) this.#events.unshift(event);
    else this.#events.push(event);
    this.#shrink();
    this.#write(now);
    return event;
  }

  /** The first events, as many as fit into one message: the hub cuts the line to a page that sends more bytes. */
  next(most: number): ShopperEvent[] {
    let bytes = 0;
    const end = this.#events.findIndex((event, place) => {
      bytes += bytesOf(event);
      return place >= most || bytes > MOST_MESSAGE_BYTES;
    });
    return end < 0 ? this.#events.slice() : this.#events.slice(0, end);
  }

  /** For a page that comes back after others of its tab, which may have used its queue: what either knows is kept. */
  reopen(tab: string, now: number): void {
    const keys = [this.#key, this.#keys.queues + tab];
    const stored = keys.flatMap((key) => this.#read(key)?.events ?? []);
    const known = new Map([...stored, ...this.#events].map((event) => [event.id, event]));
    this.#storage.remove(this.#key);
    this.#key = this.#keys.queues + tab;
    this.#events = [...known.values()];
    this.#shrink();
    this.#write(now);
  }

  /** The hub has them, or will never take them. */
  settle(ids: ReadonlySet<string>, now: number): void {
    this.#events = this.#events.filter(({ id }) => !ids.has(id));
    this.#write(now);
  }

  /** Goes on counting above what the hub has seen from this shopper's other devices. */
  raiseRev(rev: number): void {
    if (rev > this.#readRev()) this.#storage.set(this.#keys.rev, String(rev));
  }

  /** Takes over what tabs left behind that are no more. */
  adopt(now: number): void {
    const own = this.#events;
    for (const key of this.#storage.keys(this.#keys.queues)) {
      const left = key === this.#key ? null : this.#read(key);
      // The device's clock may have been set back since: a beat that lies ahead is none.
      if (!left || Math.abs(now - left.beat) < DEAD_AFTER_MS) continue;
      this.#storage.remove(key);
      this.#events = [...left.events, ...this.#events];
    }
    if (this.#events === own) return;
    this.#shrink();
    this.#write(now);
  }

  /** Whether an event that waits here says that this nudge needs no more painting. */
  isOver({ id, kind }: Pick<Nudge, 'id' | 'kind'>): boolean {
    return this.#events.some(({ name, params }) => {
      if (!('nudge' in params) || params.nudge !== id) return false;
      // A countdown runs on after it was displayed and clicked; anything else is painted once.
      return name === 'nudge_dismissed' || (!staysOn(kind) && name !== 'nudge_rated');
    });
  }

  /** Shows other tabs that this one is alive. */
  beat(now: number): void {
    if (this.#events.length > 0) this.#write(now);
  }

  #readRev(): number {
    const stored = Number(this.#storage.get(this.#keys.rev));
    return Math.max(this.#rev, Number.isSafeInteger(stored) ? stored : 0);
  }

  #nextRev(): number {
    this.#rev = this.#readRev() + 1;
    this.#storage.set(this.#keys.rev, String(this.#rev));
    return this.#rev;
  }

  #shrink(): void {
    this.#events = this.#events.filter((event) => bytesOf(event) <= MOST_MESSAGE_BYTES);
    let bytes = this.#events.reduce((sum, event) => sum + bytesOf(event), 0);
    while (this.#events.length > MOST_EVENTS || bytes > MOST_BYTES) bytes -= this.#dropOne();
  }

  /** Returns the bytes that are saved. */
  #dropOne(): number {
    const place = this.#events.findIndex(({ name }) => name !== 'purchase');
    const [event] = this.#events.splice(Math.max(place, 0), 1);
    this.dropped++;
    return event ? bytesOf(event) : 0;
  }

  #read(key: string): Kept | null {
    try {
      const kept = JSON.parse(this.#storage.get(key) ?? 'null') as Kept | null;
      return kept && Array.isArray(kept.events) ? { ...kept, events: kept.events.filter(isEvent) } : null;
    } catch {
      return null;
    }
  }

  #write(now: number): void {
    if (this.#events.length === 0) this.#storage.remove(this.#key);
    else this.#storage.set(this.#key, `{"beat":${now},"events":[${this.#events.map(textOf).join()}]}`);
  }
}

function isEvent(kept: unknown): kept is ShopperEvent {
  return typeof kept === 'object' && kept !== null && 'id' in kept && typeof kept.id === 'string';
}

const written = new WeakMap<ShopperEvent, { readonly text: string; readonly bytes: number }>();

/** An event never changes, and the whole queue is written again with each beat: each is put into words once. */
function writtenOf(event: ShopperEvent): { readonly text: string; readonly bytes: number } {
  const known = written.get(event);
  if (known) return known;
  const text = ownJson(event);
  // Bytes as they travel, with the comma; a Korean letter has three.
  const now = { text, bytes: new TextEncoder().encode(text).length + 1 };
  written.set(event, now);
  return now;
}

const textOf = (event: ShopperEvent): string => writtenOf(event).text;
const bytesOf = (event: ShopperEvent): number => writtenOf(event).bytes;
