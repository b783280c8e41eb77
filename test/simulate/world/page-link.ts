import { isAck, readHubMessage } from '../../../widget/transports/hub-guards.ts';
import type { SocketOptions } from '../../../widget/transports/socket-transport.ts';
import type { Transport } from '../../../widget/transports/transport.ts';
import type { ClaimAck, TrackAck } from '../../../shared/hub-messages.ts';
import type { ShopPage } from './shop-page.ts';
import { onStage } from './stage.ts';
import type { Wire } from './wire.ts';

const ACK_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 8_000;
const SLOWEST_RETRY_MS = 5_000;

/** What a page's link needs of the other side. */
export interface HubDoor {
  /** Null while no hub listens. */
  connect(page: ShopPage, link: PageLink, auth: () => Record<string, unknown>): Line | null;
  retryAfterMs(): number;
}

export interface Line {
  readonly wire: Wire;
  /** Gives the hub a message. */
  say(name: string, message: unknown, ack: (answer: unknown) => void): void;
}

/** Stands in for the Socket.IO transport: the same promises to the page, over a simulated wire. */
export class PageLink implements Transport {
  readonly #page: ShopPage;
  readonly #options: SocketOptions;
  readonly #unanswered = new Set<(answer: unknown) => void>();
  #line: Line | null = null;
  #isConnected = false;
  /** How long everybody had been awake when the hub greeted this page. */
  welcomedAt = Number.POSITIVE_INFINITY;
  #isWanted = false;

  constructor(page: ShopPage, options: SocketOptions) {
    this.#page = page;
    this.#options = options;
    page.link = this;
    this.open();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  open(): void {
    this.#isWanted = true;
    this.#connect();
  }

  close(): void {
    this.#isWanted = false;
    this.#line?.wire.cut();
    this.#lose();
  }

  /** The network fails. */
  breakDown(hubLearnsAfterMs: number): void {
    this.#line?.wire.cut(hubLearnsAfterMs);
  }

  track(events: readonly object[]): Promise<TrackAck | null> {
    return this.#ask<TrackAck>('track', { events, sentAt: this.#page.wallClock() });
  }

  claim(nudge: string, from: 'push' | 'page'): Promise<ClaimAck | null> {
    return this.#ask<ClaimAck>('claim', { nudge, tab: this.#options.tab(), from });
  }

  accepted(): void {
    this.#isConnected = true;
  }

  hears(name: string, message: unknown): void {
    const known = readHubMessage(name, message);
    if (!known) return;
    if (known.name === 'welcome') {
      this.welcomedAt = onStage().stage.awakeMs;
      this.#page.welcomed(known.message.now);
    }
    this.#options.receive(known);
  }

  #connect(): void {
    if (this.#line || !this.#isWanted || this.#page.isGone) return;
    const line = this.#page.device.isOnline
      ? this.#page.door.connect(this.#page, this, () => this.#options.auth())
      : null;
    if (!line) {
      this.#later(this.#page.door.retryAfterMs());
      return;
    }
    this.#line = line;
    line.wire.whenCut('page', () => {
      if (this.#line === line) this.#lose();
    });
    const { stage } = onStage();
    stage.after(CONNECT_WITHIN_MS, this.#page, () => {
      if (this.#line === line && !this.#isConnected) line.wire.cut();
    });
  }

  #lose(): void {
    if (!this.#line) return;
    this.#line = null;
    this.#isConnected = false;
    this.welcomedAt = Number.POSITIVE_INFINITY;
    this.#options.receive({ name: 'closed' });
    for (const answer of this.#unanswered) answer(null);
    this.#unanswered.clear();
    if (this.#isWanted) this.#later(Math.min(this.#page.door.retryAfterMs(), SLOWEST_RETRY_MS));
  }

  #later(ms: number): void {
    onStage().stage.after(ms, this.#page, () => this.#connect());
  }

  #ask<T>(name: string, message: unknown): Promise<T | null> {
    const line = this.#line;
    if (!line || !this.#isConnected) return Promise.resolve(null);
    return new Promise((resolve) => {
      const answer = (ack: unknown) => {
        this.#unanswered.delete(answer);
        resolve(isAck(ack) ? (ack as T) : null);
      };
      this.#unanswered.add(answer);
      onStage().stage.after(ACK_WITHIN_MS, this.#page, () => answer(null));
      line.say(name, message, answer);
    });
  }
}
