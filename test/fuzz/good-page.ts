import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { TrackAck, Welcome } from '../../shared/hub-messages.ts';
import { mug } from '../support/page.ts';
import { ORIGIN, PUBLISHABLE_KEY } from '../support/sample-site.ts';

const NEXT_AFTER_MS = 20;
/** Whoever is not answered in this time is not served. */
const ANSWERED_WITHIN_MS = 15_000;

/** A page that keeps to the rules all the time, and counts how it is served. */
export class GoodPage {
  readonly #socket: Socket;
  readonly #running: Promise<void>;
  #isOver = false;
  served = 0;
  /** Why it was not. */
  readonly complaints: string[] = [];

  constructor(url: string) {
    this.#socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      auth: { site: PUBLISHABLE_KEY },
      extraHeaders: { origin: ORIGIN },
    });
    this.#running = this.#run();
  }

  /** Tokens of as many shoppers, who have come and gone. */
  static async tokens(url: string, count: number): Promise<string[]> {
    const tokens: string[] = [];
    for (let shopper = 0; shopper < count; shopper++) {
      const socket = io(url, {
        transports: ['websocket'],
        forceNew: true,
        auth: { site: PUBLISHABLE_KEY },
        extraHeaders: { origin: ORIGIN },
      });
      tokens.push(
        await new Promise<string>((resolve) => socket.on('welcome', (w: Welcome) => resolve(w.token))),
      );
      socket.disconnect();
    }
    return tokens;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    this.#socket.disconnect();
  }

  async #run(): Promise<void> {
    for (let rev = 1; !this.#isOver; rev++) {
      const event = { id: randomUUID(), name: 'view_item', at: Date.now(), rev, params: { items: [mug] } };
      try {
        const asked = this.#socket.timeout(ANSWERED_WITHIN_MS).emitWithAck('track', { events: [event] });
        const ack = (await asked) as TrackAck;
        if (ack.ok) this.served++;
        else if (ack.error.code !== 'busy') this.complaints.push(JSON.stringify(ack));
      } catch (error) {
        this.complaints.push(error instanceof Error ? error.message : String(error));
      }
      await pause(NEXT_AFTER_MS);
    }
  }
}
