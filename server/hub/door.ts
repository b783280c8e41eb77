import type { IncomingMessage } from 'node:http';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Addresses } from '../limits/addresses.ts';
import { clientAddress } from '../limits/client-address.ts';
import { SocketLimits } from '../limits/socket-limits.ts';
import type { Canary } from './canary.ts';
import type { Intake } from './intake.ts';
import { originOf } from './origin.ts';
import { cutOff } from './slow-page.ts';

export interface DoorParts {
  readonly sites: SiteRegistry;
  readonly intake: Intake;
  readonly canary: Canary;
  readonly addresses: Addresses;
  /** Whether those who send too much are asked to wait, and cut off. */
  readonly isLimited: boolean;
  /** Proxies before the hub whose word on addresses is taken. */
  readonly trustProxy: number;
}

/** What Engine.IO has of a connection, of either transport. */
export interface Connection {
  readonly request: IncomingMessage;
  readonly transport: { readonly socket?: { terminate(): void } };
  on(event: 'packet', hear: (packet: { data?: unknown }) => void): void;
  on(event: 'close', hear: () => void): void;
  close(discard: boolean): void;
}

/** `elsewhere`: from a page of no site of ours. `too_often`: from an address that has had its part. `not_now`: the hub has too much to do. */
export type Admission = 'in' | 'elsewhere' | 'too_often' | 'not_now';

/** Who may connect, and how much of each connection is listened to, before it is known for whom it speaks. */
export class Door {
  readonly #parts: DoorParts;
  readonly #limits = new WeakMap<object, SocketLimits>();
  readonly #entered = new WeakSet<object>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Asked as a connection begins, by either transport, and when it goes over to a WebSocket: CORS does not guard those. */
  admission(request: IncomingMessage): Admission {
    const { sites, intake, canary, addresses } = this.#parts;
    const { headers } = request;
    if (canary.isOwn(headers)) return 'in';
    if (originOf(headers, sites) === undefined) return 'elsewhere';
    if (!addresses.admits(this.#addressOf(request))) return 'too_often';
    return intake.admits() ? 'in' : 'not_now';
  }

  watch(connection: Connection): void {
    const { addresses, canary, isLimited } = this.#parts;
    if (!isLimited || canary.isOwn(connection.request.headers)) return;
    const address = this.#addressOf(connection.request);
    const limits = new SocketLimits(address, addresses, () => cutOff(connection));
    this.#limits.set(connection, limits);
    addresses.opened(address);
    connection.on('close', () => addresses.closed(address));
    connection.on('packet', ({ data }) => limits.notePacket(sizeOf(data)));
  }

  /**
   * A page comes in once by a connection: false from the second time on. Packets that ask for it again and again would be let in
   * all at once, as long as none of them has been answered, and past the count of new connections.
   */
  enters(connection: object): boolean {
    if (this.#entered.has(connection)) return false;
    this.#entered.add(connection);
    return true;
  }

  limitsOf(connection: object): SocketLimits | undefined {
    return this.#limits.get(connection);
  }

  #addressOf({ headers, socket }: IncomingMessage): string {
    return clientAddress(headers, socket.remoteAddress, this.#parts.trustProxy);
  }
}

function sizeOf(data: unknown): number {
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
}
