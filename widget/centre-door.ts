import type { Welcome } from '../shared/hub-messages.ts';
import type { Nudge, WithdrawReason } from '../shared/nudge.ts';
import { rememberMessage } from './kept-messages.ts';
import type { MessageCentre, Page } from './message-centre.ts';
import type { PageStorage } from './page-storage.ts';
import { keysOf } from './storage-keys.ts';

type Said = Pick<Welcome, 'preferences' | 'orderedAt'>;

/** Where the shop wants the bell, `<span data-cartbell-bell></span>`. */
export const BELL_PLACE = '[data-cartbell-bell]';

/**
 * The way to inbox and preferences. What was seen is noted here; the rest is loaded where the shop shows the bell and there
 * is something to read, or when somebody asks for it.
 */
export class CentreDoor {
  readonly #device: PageStorage;
  readonly #inbox: string;
  readonly #site: string;
  readonly #page: Page;
  /** What the last welcome said of the shopper. */
  #said: Said | null = null;
  /** Once it is loaded or on its way. */
  centre: Promise<MessageCentre> | null = null;

  constructor(device: PageStorage, site: string, page: Page) {
    this.#device = device;
    this.#inbox = keysOf(site).inbox;
    this.#site = site;
    this.#page = page;
  }

  welcomed(said: Said): void {
    this.#said = said;
    if (this.centre) this.open((centre) => centre.welcomed(said.preferences, said.orderedAt));
    else this.look();
  }

  forget(): void {
    const { inbox, wishes } = keysOf(this.#site);
    for (const key of [inbox, wishes]) this.#device.remove(key);
  }

  /** A nudge was seen, or something was done with it. */
  note(nudge: Nudge, isRead: boolean): void {
    rememberMessage(this.#device, this.#inbox, nudge, { at: this.#page.now(), isRead });
    if (this.centre) this.open((centre) => centre.show());
    else this.look();
  }

  withdrawn(id: string, reason: WithdrawReason): void {
    if (this.hasMessages) this.open((centre) => centre.withdrawn(id, reason));
  }

  ordered(): void {
    if (this.hasMessages) this.open((centre) => centre.ordered());
  }

  /** The shop draws its pages anew now and then, and with them the place for the bell. */
  look(): void {
    const isEmpty = (place: Element) => !place.hasChildNodes();
    if (this.hasMessages && [...document.querySelectorAll(BELL_PLACE)].some(isEmpty))
      this.open((centre) => centre.show());
  }

  open(tell: (centre: MessageCentre) => void): void {
    this.centre ??= this.#load();
    this.centre.then(tell).catch((error: unknown) => {
      // The next one tries again.
      this.centre = null;
      console.debug('Cartbell:', error);
    });
  }

  get hasMessages(): boolean {
    return this.#device.get(this.#inbox) !== null;
  }

  async #load(): Promise<MessageCentre> {
    const { MessageCentre: Centre } = await import('./message-centre.ts');
    const centre = new Centre(this.#device, keysOf(this.#site), this.#page);
    if (this.#said) centre.welcomed(this.#said.preferences, this.#said.orderedAt);
    return centre;
  }
}
