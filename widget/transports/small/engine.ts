import { Emitter } from '@socket.io/component-emitter';
import { type Link, type LinkName, LINKS } from './links.ts';

/**
 * Stands in for `engine.io-client` under `socket.io-client` in the built widget: the same protocol, in a sixth of the size.
 * Text alone, WebSocket first, long polling where no WebSocket gets through, and no upgrade from one to the other.
 * https://github.com/socketio/engine.io-protocol
 */
export class Socket extends Emitter<Events, Events> {
  /** Socket.IO asks for the name, and drops volatile messages where it can't be written. */
  readonly transport: { name: LinkName; readonly writable: true };
  readonly #address: string;
  readonly #others: LinkName[];
  #link: Link | null = null;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #aliveForMs = 0;
  #aliveUntil = Number.POSITIVE_INFINITY;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(uri: string, { path, transports: [name = 'websocket', ...others] }: Options) {
    super();
    this.#address = `${uri.replace(/\/$/, '')}${path}/?EIO=4&transport=`;
    this.#others = others;
    this.transport = { name, writable: true };
    this.#connect();
  }

  write(text: string): void {
    this.#link?.send(MESSAGE + text);
  }

  close(): void {
    this.#end('forced close');
  }

  /** A page that slept has a timer that did, too. */
  _hasPingExpired(): boolean {
    return Date.now() > this.#aliveUntil;
  }

  #connect(): void {
    const { name } = this.transport;
    const link: Link = LINKS[name](this.#address + name, {
      heard: (packet) => link === this.#link && this.#hear(packet),
      gone: () => link === this.#link && this.#gone(),
    });
    this.#link = link;
  }

  #hear(packet: string): void {
    const text = packet.slice(1);
    this.#stayAlive();
    switch (packet[0]) {
      case OPEN: {
        const { pingInterval, pingTimeout } = JSON.parse(text) as {
          pingInterval: number;
          pingTimeout: number;
        };
        this.#aliveForMs = pingInterval + pingTimeout;
        this.#state = 'open';
        this.#stayAlive();
        this.emit('open');
        return;
      }
      case PING:
        this.#link?.send(PONG);
        this.emit('ping');
        return;
      case MESSAGE:
        this.emit('data', text);
        return;
      case CLOSE:
        this.#end('transport close');
        return;
      default:
        return;
    }
  }

  #stayAlive(): void {
    clearTimeout(this.#silence);
    if (this.#aliveForMs === 0) return;
    this.#aliveUntil = Date.now() + this.#aliveForMs;
    this.#silence = setTimeout(() => this.#end('ping timeout'), this.#aliveForMs);
  }

  #gone(): void {
    const next = this.#state === 'opening' ? this.#others.shift() : undefined;
    if (next === undefined) return this.#end('transport close');
    this.transport.name = next;
    this.#connect();
  }

  #end(why: string): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    clearTimeout(this.#silence);
    this.#link?.close();
    this.#link = null;
    if (wasOpen) this.emit('close', why);
    else this.emit('error', new Error(why));
  }
}

const OPEN = '0';
const CLOSE = '1';
const PING = '2';
const PONG = '3';
const MESSAGE = '4';

interface Events {
  open(): void;
  ping(): void;
  data(text: string): void;
  close(why: string): void;
  error(error: Error): void;
}

interface Options {
  readonly path: string;
  readonly transports: readonly LinkName[];
}

export function installTimerFunctions(on: Record<string, unknown>): void {
  on['setTimeoutFn'] = setTimeout.bind(globalThis);
  on['clearTimeoutFn'] = clearTimeout.bind(globalThis);
}

export const nextTick = queueMicrotask;

/** As much of an address as Socket.IO asks for. */
export function parse(uri: string) {
  const { protocol, hostname, port, pathname } = new URL(uri);
  return { source: uri, protocol: protocol.slice(0, -1), host: hostname, port, path: pathname };
}

/** What else `socket.io-client` hands on from there; nobody here asks for it. */
export {
  nothing as Fetch,
  nothing as NodeWebSocket,
  nothing as NodeXHR,
  nothing as WebSocket,
  nothing as WebTransport,
  nothing as XHR,
};
const nothing = undefined;
