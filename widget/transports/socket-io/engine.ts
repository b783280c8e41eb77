import type { Link, LinkHearer } from './link.ts';
import { webSocket } from './web-socket.ts';

/** The second is loaded where the first does not get through. */
export type LinkName = 'websocket' | 'polling';

interface Hearer {
  opened(): void;
  heard(text: string): void;
  /** It never came about, or is over. */
  closed(): void;
}

/**
 * One connection by the protocol of Engine.IO, version 4: text alone, and no upgrade from one way to another.
 * https://github.com/socketio/engine.io-protocol
 */
export class Engine {
  /** By which way it goes, or went. */
  way: LinkName;
  readonly #address: string;
  readonly #others: LinkName[];
  readonly #hearer: Hearer;
  #link: Link | null = null;
  #isOpen = false;
  #isOver = false;
  #aliveForMs = 0;
  #aliveUntil = Number.POSITIVE_INFINITY;
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** `ways`: tried one after the other. */
  constructor(hub: string, [way = 'websocket', ...others]: readonly LinkName[], hearer: Hearer) {
    this.#address = `${hub}/socket.io/?EIO=4&transport=`;
    this.#hearer = hearer;
    this.#others = others;
    this.way = way;
    this.#connect();
  }

  say(text: string): void {
    // A page that slept has a timer that did, too: what is said now would go nowhere.
    if (Date.now() > this.#aliveUntil) this.close();
    else this.#link?.send(MESSAGE + text);
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#silence);
    this.#link?.close();
    this.#hearer.closed();
  }

  /** This way leads nowhere: the next is tried, if it is not by this way that the hub was found. */
  giveUp(): void {
    this.#link?.close();
    this.#gone();
  }

  #connect(): void {
    this.#link = null;
    if (this.way === 'websocket') return this.#take(webSocket);
    import('./polling.ts').then(
      ({ polling }) => this.#isOver || this.#take(polling),
      () => this.close(),
    );
  }

  #take(open: (address: string, hearer: LinkHearer) => Link): void {
    const link: Link = open(this.#address + this.way, {
      heard: (packet) => link === this.#link && !this.#isOver && this.#heard(packet),
      gone: () => link === this.#link && this.#gone(),
    });
    this.#link = link;
  }

  /** What is no message of a hub ends the connection, as it would with any client, and nothing is thrown into the page. */
  #heard(packet: string): void {
    try {
      this.#hear(packet);
    } catch (error) {
      console.debug('Cartbell:', error);
      this.close();
    }
  }

  #hear(packet: string): void {
    const text = packet.slice(1);
    switch (packet[0]) {
      case OPEN: {
        const told = JSON.parse(text) as { pingInterval: number; pingTimeout: number };
        this.#aliveForMs = told.pingInterval + told.pingTimeout;
        this.#isOpen = true;
        this.#hearer.opened();
        break;
      }
      case PING:
        this.#link?.send(PONG);
        break;
      case MESSAGE:
        this.#hearer.heard(text);
        break;
      case CLOSE:
        this.close();
        return;
      default:
    }
    this.#stayAlive();
  }

  #stayAlive(): void {
    clearTimeout(this.#silence);
    if (this.#isOver) return;
    this.#aliveUntil = Date.now() + this.#aliveForMs;
    this.#silence = setTimeout(() => this.close(), this.#aliveForMs);
  }

  #gone(): void {
    const next = this.#isOpen || this.#isOver ? undefined : this.#others.shift();
    if (next === undefined) return this.close();
    this.way = next;
    this.#connect();
  }
}

const OPEN = '0';
const CLOSE = '1';
const PING = '2';
const PONG = '3';
const MESSAGE = '4';
