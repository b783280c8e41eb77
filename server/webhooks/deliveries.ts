import type { LogPlace, Store } from '../store/store.ts';
import type { RegisterEntry } from '../store/registers.ts';
import type { ShopperId } from '../../shared/ids.ts';
import type { Message } from './messages.ts';

/** A message on its way to one endpoint. */
export interface Delivery {
  readonly message: Message;
  /** Whom it is about: forgotten together with them. */
  readonly shopper: ShopperId;
  /** How often it was sent, or begun to be. */
  readonly attempts: number;
  /** Somebody sends it until then. */
  readonly leasedUntil?: number;
  /** The page of the log that it was read from. While the feed has not gone on from there, it may come to be written again. */
  readonly page?: LogPlace;
}

export interface PendingDelivery {
  readonly entry: RegisterEntry;
  readonly delivery: Delivery;
}

export interface DueDeliveries {
  readonly due: readonly PendingDelivery[];
  /** When to look again; null: nothing is there. */
  readonly nextAt: number | null;
}

/** Longer than a request may take. */
export const LEASE_MS = 30_000;
/** All attempts, and what a receiver asks to wait, are over by then. */
const KEPT_MS = 7 * 86_400_000;
const DUE_DIGITS = 15;
const LOOKED_AT = 50;
const READ_AT_ONCE = 500;
const WRITTEN_AT_ONCE = 50;
const MOST_PASSES = 20;
/** A page that the feed has not gone on from is looked at again so soon. */
const HELD_MS = 500;

/**
 * What is yet to be sent: a register for each endpoint, in the order in which it is due. A first attempt is due at the time of
 * what happened, so the id of a delivery is known from the log alone, and reading the log again adds nothing.
 */
export class Deliveries {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns how many there were not before. */
  async add(endpoint: string, deliveries: readonly Delivery[]): Promise<number> {
    const expiresAt = (await this.#store.time()) + KEPT_MS;
    let added = 0;
    for (let from = 0; from < deliveries.length; from += WRITTEN_AT_ONCE) {
      const some = deliveries.slice(from, from + WRITTEN_AT_ONCE);
      const written = await Promise.all(
        some.map((delivery) => {
          const id = idOf(delivery.message.at, delivery);
          return this.#write(endpoint, { id, version: 1, text: JSON.stringify(delivery), expiresAt });
        }),
      );
      added += written.filter(Boolean).length;
    }
    return added;
  }

  /** What may be sent now. `place`: where the feed stands. */
  async due(endpoint: string, now: number, place: LogPlace): Promise<DueDeliveries> {
    const entries = await this.#store.registers.list(registerOf(endpoint), '', LOOKED_AT);
    const due: PendingDelivery[] = [];
    let nextAt = Number.POSITIVE_INFINITY;
    for (const pending of entries.map(pendingOf)) {
      const { leasedUntil = 0, page } = pending.delivery;
      const dueAt = Math.max(dueAtOf(pending.entry.id), leasedUntil);
      if (dueAt > now) nextAt = Math.min(nextAt, dueAt);
      else if (page === place) nextAt = Math.min(nextAt, now + HELD_MS);
      else due.push(pending);
    }
    return { due, nextAt: Number.isFinite(nextAt) ? nextAt : null };
  }

  /** Takes the right to send it; null: another hub was first, or it is gone. An attempt counts also where its hub dies with it. */
  async claim(
    endpoint: string,
    { entry, delivery }: PendingDelivery,
    now: number,
  ): Promise<PendingDelivery | null> {
    const { page: _, ...rest } = delivery;
    const claimed = { ...rest, attempts: delivery.attempts + 1, leasedUntil: now + LEASE_MS };
    const next = { ...entry, version: entry.version + 1, text: JSON.stringify(claimed) };
    return (await this.#write(endpoint, next)) ? { entry: next, delivery: claimed } : null;
  }

  /** It is over with. False: it was already, or another hub has it. */
  remove(endpoint: string, { entry }: PendingDelivery): Promise<boolean> {
    return this.#write(endpoint, { ...entry, version: entry.version + 1, text: null });
  }

  /** It is sent again at that time. */
  async putOff(endpoint: string, pending: PendingDelivery, dueAt: number): Promise<void> {
    const { leasedUntil: _, ...delivery } = pending.delivery;
    const { expiresAt } = pending.entry;
    const next = { id: idOf(dueAt, delivery), version: 1, text: JSON.stringify(delivery), expiresAt };
    // This one first: a hub that dies in between leaves one too many.
    await this.#write(endpoint, next);
    // Whoever forgot its shopper meanwhile has found the old one alone.
    if (!(await this.remove(endpoint, pending)))
      await this.#write(endpoint, { ...next, version: 2, text: null });
  }

  /** The attempt that was begun did not take place: any hub may make it at once. */
  async giveBack(endpoint: string, { entry, delivery }: PendingDelivery): Promise<void> {
    const { leasedUntil: _, ...rest } = delivery;
    const text = JSON.stringify({ ...rest, attempts: delivery.attempts - 1 });
    await this.#write(endpoint, { ...entry, version: entry.version + 1, text });
  }

  /** Removes those that are meant. */
  async clear(endpoint: string, isMeant: (delivery: Delivery) => boolean = () => true): Promise<void> {
    // One that was put off meanwhile is found the next time; what comes without end is for whoever sends it.
    for (let pass = 0, found = -1; found !== 0 && pass < MOST_PASSES; pass++) {
      found = 0;
      await this.#pages(endpoint, async (page) => {
        for (const pending of page.filter(({ delivery }) => isMeant(delivery))) {
          found++;
          await this.#removeFor(endpoint, pending);
        }
      });
    }
  }

  async count(endpoint: string): Promise<number> {
    let count = 0;
    await this.#pages(endpoint, (page) => {
      count += page.length;
      return Promise.resolve();
    });
    return count;
  }

  /** Whatever somebody makes of it meanwhile. */
  async #removeFor(endpoint: string, found: PendingDelivery): Promise<void> {
    for (let pending: PendingDelivery | null = found; pending && !(await this.remove(endpoint, pending));) {
      const entry = await this.#store.registers.read(registerOf(endpoint), pending.entry.id);
      pending = entry ? pendingOf(entry) : null;
    }
  }

  async #pages(endpoint: string, take: (page: readonly PendingDelivery[]) => Promise<void>): Promise<void> {
    for (let after = ''; ;) {
      const page = await this.#store.registers.list(registerOf(endpoint), after, READ_AT_ONCE);
      await take(page.map(pendingOf));
      const last = page.at(-1);
      if (last === undefined || page.length < READ_AT_ONCE) return;
      after = last.id;
    }
  }

  #write(
    endpoint: string,
    change: Omit<RegisterEntry, 'text'> & { readonly text: string | null },
  ): Promise<boolean> {
    return this.#store.registers.write(registerOf(endpoint), change);
  }
}

function registerOf(endpoint: string): string {
  return `webhook-deliveries:${endpoint}`;
}

function pendingOf(entry: RegisterEntry): PendingDelivery {
  return { entry, delivery: JSON.parse(entry.text) as Delivery };
}

function idOf(dueAt: number, { message }: Delivery): string {
  return `${String(dueAt).padStart(DUE_DIGITS, '0')}.${message.id}`;
}

function dueAtOf(id: string): number {
  return Number(id.slice(0, DUE_DIGITS));
}
