import { readFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { onTestFinished } from 'vitest';
import type { Nudge } from '../../shared/nudge.ts';
import { PUBLISHABLE_KEY } from './sample-site.ts';

export type Ack = (answer: unknown) => void;

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A shop's page, and under which headers it comes. */
interface Shop {
  readonly page: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><script>window.dataLayer = [];</script>
<script async src="/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script></head><body><main><h1>A shop</h1></main></body></html>`;

export const welcomeWith = (...nudges: Pick<Nudge, 'id' | 'title'>[]) => ({
  shopper: 'shopper',
  token: 'token',
  now: Date.now(),
  epoch: 'epoch',
  seq: 0,
  rev: 0,
  nudges: nudges.map(({ id, title }) => ({
    id,
    title,
    rule: 'rule',
    kind: 'toast',
    expiresAt: Date.now() + 3_600_000,
    priority: 5,
    seq: 1,
  })),
  preferences: { doNotDisturb: false, snoozedUntil: null, quietHours: null },
  orderedAt: null,
  settings: { inspect: false },
});

/** A hub that misbehaves as a test wants it to, which a real one can't be made to; it serves the real widget and inspector, and a shop. */
export async function startStandIn(
  behave: (io: Server, http: HttpServer) => void,
  { page, headers }: Shop = { page: PAGE, headers: {} },
): Promise<string> {
  const http = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://shop.test');
    if (pathname.startsWith('/socket.io')) return;
    readFile(`${DIST}${pathname === '/inspector.js' ? 'shop' : 'widget'}${pathname}`).then(
      (script) => response.setHeader('Content-Type', 'text/javascript').end(script),
      () => response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }).end(page),
    );
  });
  const connections = new Set<Socket>();
  http.on('connection', (connection) => connections.add(connection));
  const io = new Server(http);
  behave(io, http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    void io.close();
    for (const connection of connections) connection.destroy();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** Welcomes whoever connects, and answers each message by its name. */
export function answering(
  io: Server,
  answer: (name: string, message: { events?: { name: string }[] }, ack: Ack) => void,
): { connections: number } {
  const seen = { connections: 0 };
  io.on('connection', (socket) => {
    seen.connections++;
    socket.emit('welcome', welcomeWith());
    socket.onAny((name: string, message: { events?: { name: string }[] }, ack: Ack) =>
      answer(name, message, ack),
    );
  });
  return seen;
}
