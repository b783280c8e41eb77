import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Effect } from '../core/effects.ts';
import type { Reason } from '../core/reasons.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import type { Pages } from '../engine/pages.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { ShopperKey } from '../store/store.ts';
import { serveConnection } from './connection.ts';
import { greet } from './handshake.ts';
import { originOf } from './origin.ts';
import type { HubSocket, Visitor } from './hub-socket.ts';
import type { Tokens } from './token.ts';

const LARGEST_MESSAGE_BYTES = 64_000;
const CONNECT_WITHIN_MS = 5_000;
/** Tabs of one shopper that are served at once. */
const MOST_SOCKETS_PER_SHOPPER = 20;
const COME_BACK_AFTER_MS = 30_000;
const COME_BACK_SOON_MS = 1_000;

/** The open pages on this node, by shopper. */
export class OpenPages implements Pages {
  readonly #sockets = new Map<string, Set<HubSocket>>();

  /** False when this shopper has too many already; it was told to come back later. */
  add(socket: HubSocket): boolean {
    const name = nameOf(socket.data.visitor);
    const sockets = this.#sockets.get(name) ?? new Set();
    if (sockets.size >= MOST_SOCKETS_PER_SHOPPER) {
      socket.emit('moving', { after: COME_BACK_AFTER_MS });
      socket.disconnect(true);
      return false;
    }
    sockets.add(socket);
    this.#sockets.set(name, sockets);
    socket.on('disconnect', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(name) === sockets) this.#sockets.delete(name);
    });
    return true;
  }

  connected(site: SiteId): ShopperKey[] {
    return [...this.#sockets.values()].flatMap((sockets) => {
      const [socket] = sockets;
      if (socket?.data.visitor.site !== site) return [];
      return [{ site, shopper: socket.data.visitor.shopper }];
    });
  }

  carryOut(key: ShopperKey, effect: Effect): void {
    for (const socket of this.#of(key)) {
      if (effect.kind === 'push') socket.emit('nudge', effect.nudge);
      else if (!isReporter(socket, effect)) socket.emit('withdraw', withdrawal(effect));
    }
  }

  startOver(key: ShopperKey): void {
    for (const socket of this.#of(key)) {
      socket.emit('moving', { after: COME_BACK_SOON_MS * (0.5 + Math.random()) });
      // What failed is answered first.
      setTimeout(() => socket.disconnect(true), 0);
    }
  }

  showDecision(key: ShopperKey, input: string, reasons: readonly Reason[]): void {
    for (const socket of this.#of(key)) {
      if (socket.data.visitor.inspect)
        socket.emit('decision', { input, at: Date.now(), reasons: reasons.map(forPages) });
    }
  }

  #of(key: ShopperKey): Iterable<HubSocket> {
    return this.#sockets.get(nameOf(key)) ?? [];
  }
}

export interface Hub {
  /** Tells pages to come back and closes their sockets. */
  close(): Promise<void>;
}

export function startHub(
  http: HttpServer,
  {
    engine,
    sites,
    tokens,
    pages,
    epoch,
    logger,
  }: {
    engine: Engine;
    sites: SiteRegistry;
    tokens: Tokens;
    pages: OpenPages;
    epoch: string;
    logger: Logger;
  },
): Hub {
  const io = new Server<never, never, never, HubSocket['data']>(http, {
    serveClient: false,
    // Compressed sockets cost 16 times the memory, and these messages are small.
    perMessageDeflate: false,
    maxHttpBufferSize: LARGEST_MESSAGE_BYTES,
    connectTimeout: CONNECT_WITHIN_MS,
    cors: { origin: (origin, allow) => allow(null, origin !== undefined && sites.isKnownOrigin(origin)) },
    // CORS does not guard WebSockets, so the origin is looked at here for every transport.
    allowRequest: ({ headers }, allow) => allow(null, originOf(headers, sites) !== undefined),
  });
  io.engine.on('connection_error', (error: { message: string }) =>
    logger.debug({ reason: error.message }, 'connection refused'),
  );
  io.use((socket, next) => {
    try {
      const origin = originOf(socket.handshake.headers, sites);
      socket.data.visitor = greet(socket.handshake.auth, origin, sites, tokens);
      next();
    } catch (error) {
      next(connectError(error));
    }
  });
  io.on('connection', (raw) => {
    const socket = raw as unknown as HubSocket;
    if (pages.add(socket)) serveConnection(socket, engine, sites, epoch, logger);
  });
  return {
    async close() {
      for (const socket of io.sockets.sockets.values())
        (socket as unknown as HubSocket).emit('moving', { after: 500 + Math.random() * 2_000 });
      await io.close();
    },
  };
}

/** Socket.IO hands `data` to the page's `connect_error`. */
function connectError(error: unknown): Error {
  const { message, body, retryAfterMs } = HubError.from(error);
  return Object.assign(new Error(message), {
    data: { ...body, ...(retryAfterMs === null ? {} : { retryAfter: retryAfterMs }) },
  });
}

/** What a margin is tells what things cost the shop. */
function forPages(reason: Reason): Reason | { rule: string; result: string; by: string } {
  if (reason.result === 'fired' || reason.by !== 'margin_floor') return reason;
  return { rule: reason.rule, result: reason.result, by: reason.by };
}

function withdrawal({ id, reason, seq, keeper }: Extract<Effect, { kind: 'withdraw' }>) {
  return { id, reason, seq, ...(keeper === undefined ? {} : { keeper }) };
}

function isReporter(socket: HubSocket, { reporter }: Extract<Effect, { kind: 'withdraw' }>): boolean {
  return reporter !== undefined && socket.data.visitor.tab === reporter;
}

function nameOf({ site, shopper }: ShopperKey | Visitor): string {
  return `${site}/${shopper}`;
}
