import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { AddressMarks } from '../limits/address-marks.ts';
import type { Addresses } from '../limits/addresses.ts';
import type { SiteBudgets } from '../limits/site-budgets.ts';
import { admit } from './admission.ts';
import type { Canary } from './canary.ts';
import { serveConnection } from './connection.ts';
import { type Connection, Door } from './door.ts';
import type { Bearers } from './bearers.ts';
import { bearerOf, greet, visitorOf } from './handshake.ts';
import type { HubSocket } from './hub-socket.ts';
import type { Intake } from './intake.ts';
import { leave, type OpenPages } from './open-pages.ts';
import { refuseOptedOut } from './opt-out.ts';
import { originOf } from './origin.ts';
import { Passes } from './passes.ts';
import type { Presence } from './presence.ts';
import { UpgradeGate } from './upgrade-gate.ts';

const LARGEST_MESSAGE_BYTES = 64_000;
const CONNECT_WITHIN_MS = 5_000;
/** Who is told that it is over and does not answer is let go of; by itself a WebSocket waits for half a minute. */
const CLOSED_WITHIN_MS = 2_000;
/** When there may be room again for one more page of a site. */
const FULL_FOR_MS = 30_000;
/** A page that is asked to move connects elsewhere at once, or nearly so. */
const MOVE_WITHIN_MS = 500;

export interface HubParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly bearers: Bearers;
  readonly pages: OpenPages;
  readonly presence: Presence;
  readonly intake: Intake;
  readonly canary: Canary;
  readonly addresses: Addresses;
  readonly budgets: SiteBudgets;
  readonly isLimited: boolean;
  readonly marks: AddressMarks;
  /** Proxies before the hub whose word on addresses is taken. */
  readonly trustProxy: number;
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
  const { sites, pages, canary, logger } = parts;
  const door = new Door(parts);
  const io = new Server<never, never, never, HubSocket['data']>(http, {
    serveClient: false,
    // Compressed sockets cost 16 times the memory, and these messages are small.
    perMessageDeflate: false,
    maxHttpBufferSize: LARGEST_MESSAGE_BYTES,
    connectTimeout: CONNECT_WITHIN_MS,
    wsEngine: HubWebSockets,
    cors: { origin: (origin, allow) => allow(null, origin !== undefined && sites.isKnownOrigin(origin)) },
    allowRequest: (request, allow) => allow(null, gate.hasLet(request) || door.admission(request) === 'in'),
  });
  const gate = new UpgradeGate(io.engine, door, logger);
  const passes = new Passes(sites, () => io.sockets.sockets.values());
  http.once('listening', () => passes.start());
  io.engine.on('connection', (connection: Connection) => door.watch(connection));
  io.engine.on('connection_error', (error: { message: string }) =>
    logger.debug({ reason: error.message }, 'connection refused'),
  );
  io.use((socket, next) => {
    letIn(socket as unknown as HubSocket, parts, { door, passes }).then(
      () => next(),
      (error: unknown) => next(connectError(error)),
    );
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
      await passes.stop();
      for (const socket of io.sockets.sockets.values())
        (socket as unknown as HubSocket).emit('moving', { after: 500 + Math.random() * 2_000 });
      gate.close();
      await io.close();
    },
  };
}

/** Says whom a socket speaks for. Rejects for those who may not connect. */
async function letIn(
  socket: HubSocket,
  parts: HubParts,
  { door, passes }: { door: Door; passes: Passes },
): Promise<void> {
  const { sites, bearers, budgets, marks } = parts;
  const { headers, auth } = socket.handshake;
  refuseOptedOut(headers);
  const origin = originOf(headers, sites);
  const greeting = greet(auth, origin, sites);
  const site = greeting.site.id;
  // It may have ended before it came to this: then nobody would be told of its end, and its place never come back.
  if (socket.conn.readyState !== 'open') throw new HubError('invalid', 'This connection is over.');
  // A place is taken before anything is waited for: of pages that come in at once each would find room.
  if (!budgets.opens(site))
    throw new HubError('busy', 'This site has too many pages open.', { retryAfterMs: FULL_FOR_MS });
  if (!door.enters(socket.conn)) {
    budgets.closed(site);
    throw new HubError('invalid', 'This connection has a page already.');
  }
  socket.conn.once('close', () => budgets.closed(site));
  const limits = door.limitsOf(socket.conn);
  if (limits) socket.data.limits = limits;
  const from = limits ? marks.of(site, limits.address) : null;
  socket.data.visitor = { ...visitorOf(greeting, await bearerOf(greeting, bearers)), from };
  // What it comes in by is the handshake's, which was parsed to get here. It may have ended meanwhile; from here on it is watched.
  const key = String(auth['site']);
  admit(sites, key, origin);
  socket.data.pass = passes.of(key, origin);
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
