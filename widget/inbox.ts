import type { Nudge } from '../shared/nudge.ts';
import type { PageStorage } from './page-storage.ts';

/** A nudge as the inbox keeps it after it has left the page. */
export interface Message extends Pick<
  Nudge,
  'id' | 'title' | 'body' | 'cta' | 'why' | 'about' | 'expiresAt'
> {
  readonly code?: string;
  /** Milliseconds since 1970 by the hub's clock. */
  readonly at: number;
  readonly isRead: boolean;
  /** What it offered has ended before its time. */
  readonly isOver?: true;
}

/** The oldest go first. */
const MOST_MESSAGES = 30;

/**
 * What a shopper was shown on this device, newest first, one list for all tabs. It is kept where the device keeps things
 * for this shop, so it lasts no longer than the shopper allows.
 */
export class Inbox {
  readonly #device: PageStorage;
  readonly #key: string;

  constructor(device: PageStorage, key: string) {
    this.#device = device;
    this.#key = key;
  }

  /** Read anew each time: another tab may have changed it. */
  get messages(): readonly Message[] {
    try {
      const kept: unknown = JSON.parse(this.#device.get(this.#key) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isMessage) : [];
    } catch {
      return [];
    }
  }

  get unread(): number {
    return this.messages.filter(({ isRead }) => !isRead).length;
  }

  add({ id, title, body, cta, why, about, expiresAt, offer }: Nudge, at: number): void {
    const others = this.messages.filter((message) => message.id !== id);
    const message: Message = {
      id,
      title,
      ...(body === undefined ? {} : { body }),
      ...(cta ? { cta } : {}),
      ...(why === undefined ? {} : { why }),
      ...(about ? { about } : {}),
      ...(offer ? { code: offer.code } : {}),
      expiresAt: offer?.expiresAt ?? expiresAt,
      at,
      isRead: false,
    };
    this.#keep([message, ...others].slice(0, MOST_MESSAGES));
  }

  markRead(id?: string): void {
    this.#change((message) =>
      id === undefined || message.id === id ? { ...message, isRead: true } : message,
    );
  }

  end(id: string): void {
    this.#change((message) => (message.id === id ? { ...message, isOver: true } : message));
  }

  /** The shopper has ordered: nothing reminds them of that cart any more. */
  forgetCart(orderedAt: number): void {
    this.#keep(this.messages.filter(({ about, at }) => about !== 'cart' || at > orderedAt));
  }

  #change(change: (message: Message) => Message): void {
    this.#keep(this.messages.map(change));
  }

  #keep(messages: readonly Message[]): void {
    const text = JSON.stringify(messages);
    if (text !== this.#device.get(this.#key)) this.#device.set(this.#key, text);
  }
}

/** Whoever can write here could paint what they like anyway; this is against what an older widget left behind. */
function isMessage(value: unknown): value is Message {
  const { id, title, at, expiresAt } = (value ?? {}) as Partial<Message>;
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    typeof at === 'number' &&
    typeof expiresAt === 'number'
  );
}
