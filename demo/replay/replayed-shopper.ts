import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { TrackAck } from '../../shared/hub-messages.ts';
import type { LoggedEvent } from './shop-log.ts';

const ACK_WITHIN_MS = 5_000;
const AGAIN_AFTER_MS = 200;

/** A shopper of the log, with a socket of its own: sends each event until it is acked, in order. */
export class ReplayedShopper {
  readonly #socket: Socket;
  #rev = 0;
  #last: Promise<unknown> = Promise.resolve();
  nudges = 0;

  constructor(hub: string, site: string) {
    this.#socket = io(hub, {
      transports: ['websocket'],
      forceNew: true,
      auth: { site, page: { locale: 'en' } },
      extraHeaders: { origin: hub },
    });
    this.#socket.on('nudge', () => this.nudges++);
  }

  /** Resolves when the hub has acked it. `twice`: sends it once more after that, as a page does that missed the ack. */
  play(logged: LoggedEvent, twice: boolean): Promise<number> {
    const event = this.#eventOf(logged);
    const sent = this.#last.then(async () => {
      const first = await this.#untilAcked(event);
      return twice ? first + (await this.#untilAcked(event)) : first;
    });
    this.#last = sent;
    return sent;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#socket.disconnect();
  }

  /** How many of the event the hub had counted before. */
  async #untilAcked(event: object): Promise<number> {
    for (;;) {
      const ack = await this.#track(event);
      if (ack?.ok) return ack.duplicates;
      if (ack && ack.retryAfter === undefined)
        throw new Error(`The hub refused an event: ${ack.error.message}`);
      await new Promise((resolve) => setTimeout(resolve, ack?.retryAfter ?? AGAIN_AFTER_MS));
    }
  }

  async #track(event: object): Promise<TrackAck | null> {
    try {
      return (await this.#socket
        .timeout(ACK_WITHIN_MS)
        .emitWithAck('track', { events: [event] })) as TrackAck;
    } catch {
      return null;
    }
  }

  #eventOf({ at, name, item }: LoggedEvent): object {
    const id = randomUUID();
    const items = [{ ...item, quantity: 1 }];
    const order = name === 'purchase' ? { transaction_id: id } : {};
    return {
      id,
      name,
      at,
      rev: ++this.#rev,
      params: { currency: 'USD', value: item.price ?? 0, items, ...order },
    };
  }
}
