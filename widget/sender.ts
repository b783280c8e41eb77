import type { TrackAck } from '../shared/hub-messages.ts';
import type { EventQueue } from './event-queue.ts';
import type { Transport } from './transports/transport.ts';

const MOST_AT_ONCE = 25;
const TOGETHER_MS = 4;
const TRY_AGAIN_MS = 3_000;

/** Empties the queue into the hub, a few events at a time, each until it is acked. */
export class Sender {
  readonly #queue: EventQueue;
  readonly #transport: Transport;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  /** Until then the hub asked to be left alone. */
  #notBefore = 0;

  constructor(queue: EventQueue, transport: Transport) {
    this.#queue = queue;
    this.#transport = transport;
  }

  /** Sends soon what there is, if anything: events that a page pushes in one go travel together. */
  soon(afterMs = TOGETHER_MS): void {
    clearTimeout(this.#timer);
    const waitMs = Math.max(afterMs, this.#notBefore - performance.now());
    this.#timer = setTimeout(() => void this.#send(), waitMs);
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#queue.size === 0) return;
    this.#sending = true;
    const events = this.#queue.next(MOST_AT_ONCE);
    const ack = await this.#transport.track(events);
    this.#sending = false;
    // Without an answer the link is down or slow; the next welcome starts over, or the time.
    if (ack === null) {
      this.soon(TRY_AGAIN_MS);
      return;
    }
    const settled = settledIds(events, ack);
    if (settled.size === 0) return this.#retry(ack);
    this.#queue.settle(settled, Date.now());
    void this.#send();
  }

  #retry(ack: TrackAck): void {
    const waitMs = !ack.ok && ack.retryAfter !== undefined ? ack.retryAfter : TRY_AGAIN_MS;
    this.#notBefore = performance.now() + waitMs;
    this.soon(waitMs);
  }
}

/** What need not be sent again: all of it, or the one event that the hub will never take. */
function settledIds(events: readonly { id: string }[], ack: TrackAck): Set<string> {
  if (ack.ok) return new Set(events.map(({ id }) => id));
  if (ack.retryAfter !== undefined) return new Set();
  const faulty = new Set(
    (ack.error.errors ?? []).map(({ path }) => Number(/^events\.(\d+)/.exec(path)?.[1] ?? Number.NaN)),
  );
  const refused = events.filter((_, index) => faulty.has(index));
  console.debug('Cartbell:', ack.error.message);
  return new Set((refused.length > 0 ? refused : events).map(({ id }) => id));
}
