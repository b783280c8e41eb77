import type { Visitor } from '../../../server/hub/hub-socket.ts';
import type { PageLink } from './page-link.ts';
import type { ShopPage } from './shop-page.ts';
import type { Wire } from './wire.ts';

/** What is told to whoever watches the hub from outside. */
export interface HubWatcher {
  /** The hub says that these events are safe. */
  acks(shopper: string, events: readonly string[]): void;
  grants(shopper: string, nudge: string, tab: string): void;
  tells(page: ShopPage, name: string, message: unknown): void;
  /** Something that nobody foresaw. */
  fails(what: string): void;
}

type Listener = (name: string, ...parts: unknown[]) => void;

/** The hub's end of a connection: as much of a Socket.IO socket as the hub uses. */
export class HubSide {
  readonly data: { readonly visitor: Visitor };
  /** A wire that takes whatever is sent. */
  readonly conn = { writeBuffer: [], transport: {} };
  readonly #page: ShopPage;
  readonly #link: PageLink;
  readonly #wire: Wire;
  readonly #watcher: HubWatcher;
  readonly #onLeave: (() => void)[] = [];
  #hear: Listener = () => undefined;

  constructor(page: ShopPage, link: PageLink, wire: Wire, visitor: Visitor, watcher: HubWatcher) {
    this.data = { visitor };
    this.#page = page;
    this.#link = link;
    this.#wire = wire;
    this.#watcher = watcher;
  }

  on(event: string, listen: () => void): void {
    if (event === 'disconnect') this.#onLeave.push(listen);
  }

  onAny(listen: Listener): void {
    this.#hear = listen;
  }

  emit(name: string, message: unknown): void {
    this.#watcher.tells(this.#page, name, message);
    this.#wire.down(() => this.#link.hears(name, message));
  }

  disconnect(): void {
    this.#wire.cut();
  }

  leave(): void {
    for (const tell of this.#onLeave) tell();
  }

  hears(name: string, message: unknown, ack: (answer: unknown) => void): void {
    this.#hear(name, message, (answer: { ok: boolean }) => {
      if (answer.ok) this.#noteAck(name, message);
      this.#wire.down(() => ack(answer));
    });
  }

  #noteAck(name: string, message: unknown): void {
    const { shopper } = this.data.visitor;
    if (name === 'track') {
      const { events } = message as { events: { id: string }[] };
      this.#watcher.acks(
        shopper,
        events.map(({ id }) => id),
      );
    } else if (name === 'claim') {
      const { nudge, tab } = message as { nudge: string; tab: string };
      this.#watcher.grants(shopper, nudge, tab);
    }
  }
}
