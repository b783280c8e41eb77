import { ownJson } from '../../own-json.ts';
import { Engine, type LinkName } from './engine.ts';

const CONNECT_WITHIN_MS = 8_000;
/** At any moment within it, and later ones within twice as long each: all pages of a hub that dies come back at once. */
const FIRST_RETRY_WITHIN_MS = 5_000;
const LONGEST_RETRY_MS = 30_000;

export interface ClientOptions {
  readonly hub: string;
  /** Read at each connection. */
  auth(): unknown;
  heard(name: string, message: unknown): void;
  /** Once for each connection that had come about. */
  closed(): void;
  /** Null: wait as after any failure; otherwise so long. `'never'`: nothing is tried again. */
  refused(why: unknown): number | 'never' | null;
}

/**
 * A client of Socket.IO, version 5 of its protocol, as far as hubs and pages speak it: one namespace, text, acks. It connects and
 * reconnects by itself, at moments of its own. https://github.com/socketio/socket.io-protocol
 */
export class Client {
  readonly #options: ClientOptions;
  #engine: Engine | null = null;
  /** Where a WebSocket got through once, trying others only doubles what the browser notes while the hub is away. */
  #ways: readonly LinkName[] = ['websocket', 'polling'];
  #isConnected = false;
  #isWanted = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #nextAfterMs: number | null = null;
  #asked = 0;
  readonly #answers = new Map<number, (answer: unknown) => void>();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#connect();
  }

  open(): void {
    this.#isWanted = true;
    this.#connect();
  }

  /** When the connection is over, however that comes about, the next one is made after so long. */
  moveAfter(ms: number): void {
    this.#nextAfterMs = ms;
  }

  close(): void {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    if (this.#isConnected) this.#engine?.say(DISCONNECT);
    this.#engine?.close();
  }

  /** Resolves to the ack; to null where there is no connection, or none has come in time. */
  ask(name: string, message: unknown, withinMs: number): Promise<unknown> {
    if (!this.#isConnected) return Promise.resolve(null);
    const id = this.#asked++;
    return new Promise((resolve) => {
      const answered = (answer: unknown) => {
        clearTimeout(timer);
        this.#answers.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => answered(null), withinMs);
      this.#answers.set(id, answered);
      this.#engine?.say(`${EVENT}${id}${ownJson([name, message])}`);
    });
  }

  #connect(): void {
    if (!this.#isWanted || this.#engine) return;
    clearTimeout(this.#timer);
    const engine = new Engine(this.#options.hub, this.#ways, {
      opened: () => engine.say(CONNECT + ownJson(this.#options.auth())),
      heard: (text) => this.#hear(text),
      closed: () => this.#closed(),
    });
    this.#engine = engine;
    // An attempt that hangs, as one to a hub that dies just then, is given up and made anew.
    const giveUp = () => {
      this.#timer = setTimeout(giveUp, CONNECT_WITHIN_MS);
      engine.giveUp();
    };
    this.#timer = setTimeout(giveUp, CONNECT_WITHIN_MS);
  }

  #hear(text: string): void {
    const [, id = '', json = ''] = /^.(\d*)(.*)$/s.exec(text) ?? [];
    const said: unknown = json === '' ? undefined : JSON.parse(json);
    switch (text[0]) {
      case CONNECT:
        clearTimeout(this.#timer);
        this.#isConnected = true;
        this.#failures = 0;
        if (this.#engine?.way === 'websocket') this.#ways = ['websocket'];
        return;
      case EVENT:
        if (Array.isArray(said)) this.#options.heard(String(said[0]), said[1]);
        return;
      case ACK:
        if (Array.isArray(said)) this.#answers.get(Number(id))?.(said[0]);
        return;
      case CONNECT_ERROR:
        this.#refused(said);
        return;
      case DISCONNECT:
        this.#engine?.close();
        return;
      default:
    }
  }

  #refused(why: unknown): void {
    const after = this.#options.refused(why);
    if (after === 'never') this.#isWanted = false;
    else this.#nextAfterMs = after;
    this.#engine?.close();
  }

  #closed(): void {
    const wasConnected = this.#isConnected;
    this.#engine = null;
    this.#isConnected = false;
    clearTimeout(this.#timer);
    for (const answered of this.#answers.values()) answered(null);
    if (wasConnected) this.#options.closed();
    const withinMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_WITHIN_MS * 2 ** this.#failures++);
    const afterMs = this.#nextAfterMs ?? Math.random() * withinMs;
    this.#nextAfterMs = null;
    if (this.#isWanted && !this.#engine) this.#timer = setTimeout(() => this.#connect(), afterMs);
  }
}

const CONNECT = '0';
const DISCONNECT = '1';
const EVENT = '2';
const ACK = '3';
const CONNECT_ERROR = '4';
