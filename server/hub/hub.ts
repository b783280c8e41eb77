import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Canary } from './canary.ts';
import { serveConnection } from './connection.ts';
import { greet } from './handshake.ts';
import type { HubSocket } from './hub-socket.ts';
import type { Intake } from './intake.ts';
import { leave, type OpenPages } from './open-pages.ts';
import { refuseOptedOut } from './opt-out.ts';
import { originOf } from './origin.ts';
import type { Presence } from './presence.ts';
import type { Tokens } from './token.ts';

const LARGEST_MESSAGE_BYTES = 64_000;
const CONNECT_WITHIN_MS = 5_000;
/** Who is told that it is over and does not answer is let go of; by itself a WebSocket waits for half a minute. */
const CLOSED_WITHIN_MS = 2_000;
/** A page that is asked to move connects elsewhere at once, or nearly so. */
const MOVE_WITHIN_MS = 500;

export interface HubParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly tokens: Tokens;
  readonly pages: OpenPages;
  readonly presence: Presence;
  readonly intake: Intake;
  readonly canary: Canary;
  /** Of the store, as of now. */
  epoch(): string;
  readonly logger: Logger;
}

export interface Hub {
  /** Asks all pages to come back, elsewhere if there is an elsewhere, and lets go of them one by one over this time. */
  move(overMs: number): Promise<void>;
  /** Lets go of those that are left. */
  close(): Promise<void>;
}

export function startHub(http: HttpServer, parts: HubParts): Hub {
  const { sites, tokens, pages, intake, canary, logger } = parts;
  const io = new Server<never, never, never, HubSocket['data']>(http, {
    serveClient: false,
    // Compressed sockets cost 16 times the memory, and these messages are small.
    perMessageDeflate: false,
    maxHttpBufferSize: LARGEST_MESSAGE_BYTES,
    connectTimeout: CONNECT_WITHIN_MS,
    wsEngine: HubWebSockets,
    cors: { origin: (origin, allow) => allow(null, origin !== undefined && sites.isKnownOrigin(origin)) },
    // CORS does not guard WebSockets, so the origin is looked at here for every transport.
    allowRequest: ({ headers, url = '' }, allow) => {
      // An open session goes on by the same address: only new ones are counted.
      const isNew = !url.includes('sid=');
      const isFromPage = originOf(headers, sites) !== undefined && (!isNew || intake.admits());
      allow(null, isFromPage || canary.isOwn(headers));
    },
  });
  io.engine.on('connection_error', (error: { message: string }) =>
    logger.debug({ reason: error.message }, 'connection refused'),
  );
  io.use((socket, next) => {
    try {
      refuseOptedOut(socket.handshake.headers);
      const origin = originOf(socket.handshake.headers, sites);
      socket.data.visitor = greet(socket.handshake.auth, origin, sites, tokens);
      next();
    } catch (error) {
      next(connectError(error));
    }
  });
  canary.serve(io);
  io.on('connection', (raw) => {
    const socket = raw as unknown as HubSocket;
    // Of what came with the first request nothing is needed any more: it weighs more than all the rest of a socket.
    (raw.conn as { request: unknown }).request = null;
    if (pages.add(socket)) serveConnection(socket, parts);
  });
  return {
    async move(overMs) {
      const sockets = [...io.sockets.sockets.values()] as unknown as HubSocket[];
      const moves = sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            setTimeout(() => {
              leave(socket, Math.random() * MOVE_WITHIN_MS);
              resolve();
            }, Math.random() * overMs);
          }),
      );
      await Promise.all(moves);
    },
    async close() {
      for (const socket of io.sockets.sockets.values())
        (socket as unknown as HubSocket).emit('moving', { after: 500 + Math.random() * 2_000 });
      await io.close();
    },
  };
}

class HubWebSockets extends WebSocketServer {
  constructor(options: ServerOptions) {
    // Documented, and not in its types yet.
    const patience = { closeTimeout: CLOSED_WITHIN_MS };
    super(Object.assign(patience, options));
  }
}

/** Socket.IO hands `data` to the page's `connect_error`. */
function connectError(error: unknown): Error {
  const { message, body, retryAfterMs } = HubError.from(error);
  return Object.assign(new Error(message), {
    data: { ...body, ...(retryAfterMs === null ? {} : { retryAfter: retryAfterMs }) },
  });
}
