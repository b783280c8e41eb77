import type { Welcome } from '../shared/hub-messages.ts';
import type { MessageCentre, Page } from './message-centre.ts';
import type { PageStorage } from './page-storage.ts';
import { keysOf } from './storage-keys.ts';

type Said = Pick<Welcome, 'preferences' | 'orderedAt'>;

/** The way to inbox and preferences, which are loaded once this device has had a nudge, or somebody asks for them. */
export class CentreDoor {
  readonly #device: PageStorage;
  readonly #site: string;
  readonly #page: Page;
  /** What the last welcome said of the shopper. */
  #said: Said | null = null;
  /** Once it is loaded or on its way. */
  centre: Promise<MessageCentre> | null = null;

  constructor(device: PageStorage, site: string, page: Page) {
    this.#device = device;
    this.#site = site;
    this.#page = page;
  }

  welcomed(said: Said): void {
    this.#said = said;
    this.tell((centre) => centre.welcomed(said.preferences, said.orderedAt));
  }

  /** Tells it once it is there; where nobody needs it nothing is loaded for that. */
  tell(what: (centre: MessageCentre) => void): void {
    if (this.centre || this.#device.get(keysOf(this.#site).inbox) !== null) this.open(what);
  }

  open(tell: (centre: MessageCentre) => void): void {
    this.centre ??= this.#load();
    this.centre.then(tell).catch((error: unknown) => {
      // The next one tries again.
      this.centre = null;
      console.debug('Cartbell could not open its messages.', error);
    });
  }

  async #load(): Promise<MessageCentre> {
    const { MessageCentre: Centre } = await import('./message-centre.ts');
    const centre = new Centre(this.#device, keysOf(this.#site), this.#page);
    if (this.#said) centre.welcomed(this.#said.preferences, this.#said.orderedAt);
    return centre;
  }
}
