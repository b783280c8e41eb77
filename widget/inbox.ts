import { keepMessages, type Message, readMessages } from './kept-messages.ts';
import type { PageStorage } from './page-storage.ts';

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

  get messages(): readonly Message[] {
    return readMessages(this.#device, this.#key);
  }

  get unread(): number {
    return this.messages.filter(({ isRead }) => !isRead).length;
  }

  markRead(): void {
    this.#change((message) => ({ ...message, isRead: true }));
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
    keepMessages(this.#device, this.#key, messages);
  }
}
