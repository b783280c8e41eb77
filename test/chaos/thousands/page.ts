import type { ShopperEvent } from '../../../shared/event.ts';
import type { TrackAck, Welcome } from '../../../shared/hub-messages.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol.ts';
import { EventQueue } from '../../../widget/event-queue.ts';
import { Sender } from '../../../widget/sender.ts';
import { socketTransport } from '../../../widget/transports/socket-transport.ts';
import type { HubMessage, Transport } from '../../../widget/transports/transport.ts';
import type { History } from '../../support/rig/history.ts';
import { PUBLISHABLE_KEY } from '../../support/sample-site.ts';
import { memoryStorage } from '../../unit/support/memory-storage.ts';
import { balanced } from './balancer.ts';
import type { Back } from './orders.ts';

const items = [{ item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 1 }];
const where = { locale: 'en', timeZone: 'Europe/Berlin', device: 'desktop', path: '/products/mug' };

/** One shopper's page: the widget’s own link, queue and sender, and nothing that paints. */
export class Page {
  /** Nudges that a push or a welcome has brought. */
  readonly heard = new Set<string>();
  readonly faults: string[] = [];
  /** As the hub has named them; empty before the first welcome. */
  shopper = '';
  readonly tab: string;
  /** Events, each counted once however often it is sent. */
  reported = 0;
  readonly #history: History;
  readonly #queue: EventQueue;
  readonly #transport: Transport;
  readonly #sender: Sender;
  #token: string | null = null;
  #seq = 0;
  #hasCart = false;
  #cutAt = 0;
  #welcomeAt: number | null = null;
  #syncedAt: number | null = null;

  constructor(number: number, history: History) {
    this.tab = `one-of-thousands-${number}`;
    this.#history = history;
    this.#queue = new EventQueue(memoryStorage(), PUBLISHABLE_KEY, this.tab);
    this.#transport = socketTransport({
      hub: balanced(number),
      tab: () => this.tab,
      auth: () => this.#auth(),
      receive: (message) => this.#receive(message),
      refused: (reason) => this.faults.push(`${this.tab} was turned away for good: ${reason}`),
    });
    const track = (events: readonly ShopperEvent[]) => this.#track(events);
    this.#sender = new Sender(this.#queue, { ...this.#transport, track });
  }

  get isWelcome(): boolean {
    return this.#welcomeAt !== null;
  }

  get isAcked(): boolean {
    return this.#queue.size === 0;
  }

  wasCutSince(since: number): boolean {
    return this.#cutAt >= since;
  }

  /** Null: it was not cut off since then, or is not back. */
  backSince(since: number): Back | null {
    if (!this.wasCutSince(since) || this.#welcomeAt === null || this.#syncedAt === null) return null;
    return { welcomeMs: this.#welcomeAt - since, syncedMs: this.#syncedAt - since };
  }

  /** First something goes into the cart, then the shopper looks around. */
  browse(): void {
    const name = this.#hasCart ? 'view_item' : 'add_to_cart';
    this.#hasCart = true;
    this.reported++;
    this.#queue.add({ name, params: { items } }, Date.now());
    this.#sender.soon();
  }

  #auth(): Record<string, unknown> {
    const token = this.#token === null ? {} : { token: this.#token };
    return { site: PUBLISHABLE_KEY, version: PROTOCOL_VERSION, tab: this.tab, page: where, ...token };
  }

  #receive(heard: HubMessage): void {
    switch (heard.name) {
      case 'closed':
        this.#cutAt = Date.now();
        this.#welcomeAt = null;
        this.#syncedAt = null;
        return;
      case 'welcome':
        this.#enter(heard.message);
        return;
      case 'nudge':
        this.#hear(heard.message.id, heard.message.seq);
        return;
      case 'withdraw':
        this.#seq = Math.max(this.#seq, heard.message.seq);
        return;
      case 'decision':
        return;
    }
  }

  #enter({ shopper, token, rev, seq, nudges }: Welcome): void {
    if (this.#token !== null && shopper !== this.shopper)
      this.faults.push(`${this.shopper} came back as ${shopper}`);
    if (seq < this.#seq) this.faults.push(`${shopper} knew of ${this.#seq} and was told of ${seq}`);
    this.shopper = shopper;
    this.#token = token;
    this.#queue.raiseRev(rev);
    for (const nudge of nudges) this.#hear(nudge.id, nudge.seq);
    this.#seq = Math.max(this.#seq, seq);
    this.#welcomeAt = Date.now();
    this.#noteSynced();
    this.#sender.soon();
  }

  #hear(nudge: string, seq: number): void {
    this.heard.add(nudge);
    this.#seq = Math.max(this.#seq, seq);
  }

  #noteSynced(): void {
    if (this.isWelcome && this.isAcked) this.#syncedAt ??= Date.now();
  }

  async #track(events: readonly ShopperEvent[]): Promise<TrackAck | null> {
    const asked = { shopper: this.shopper, tab: this.tab };
    const begun = events.map(({ id, name }) => this.#history.begin('event', { ...asked, id, name }));
    const ack = await this.#transport.track(events);
    const result = ack === null ? 'unknown' : ack.ok ? 'acked' : 'refused';
    for (const done of begun) done(result);
    // First the sender takes out of the queue what was acked.
    setImmediate(() => this.#noteSynced());
    return ack;
  }
}
