import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { expect, it, onTestFinished } from 'vitest';
import { OpenPages } from '../../server/hub/open-pages.ts';
import type { ShopperKey } from '../../server/store/store.ts';
import { until } from '../support/rig/until.ts';
import { LONG_MS, runs, score } from './score.ts';

const key = (index: number) => ({ site: 'shop', shopper: `shopper-${index}` }) as unknown as ShopperKey;
const nudge = { id: 'nudge', seq: 1, kind: 'toast', title: 'x'.repeat(8_000) };
const news = { effects: [{ kind: 'push', nudge }], decisions: [], since: 0 } as unknown as Parameters<
  OpenPages['tell']
>[1];

it(
  'a page that reads nothing any more is let go before it costs a megabyte, and others get all that is theirs',
  async () => {
    const slow = runs(4, 50);
    const pages = new OpenPages();
    const http = createServer();
    const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
    server.on('connection', (socket) => {
      const index = Number(socket.handshake.auth['index']);
      Object.assign(socket.data, { visitor: { ...key(index), tab: null, inspect: false } });
      pages.add(socket);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => server.close());
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const sockets = Array.from({ length: slow + 1 }, (_, index) =>
      io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { index } }),
    );
    // Not in the orderly way: who reads nothing does not hear that the other side agrees, and waits half a minute for it.
    onTestFinished(() => sockets.forEach((socket) => wireOf(socket).terminate()));
    await until('all are there', () => pages.size === slow + 1);
    let heard = 0;
    sockets[slow]?.on('nudge', () => heard++);
    for (const socket of sockets.slice(0, slow)) stopReading(socket);
    const before = process.memoryUsage().rss;
    let sent = 0;
    for (; pages.size > 1 && sent < 100_000; sent++) {
      for (let index = 0; index <= slow; index++) pages.tell(key(index), news);
      await turn();
    }
    const grown = (process.memoryUsage().rss - before) / 1_000_000;
    await until('the other one has heard it all', () => heard === sent);
    score({
      row: 'R16',
      measure: `${slow} pages that read nothing`,
      goal: 'let go, <= 1 MB each',
      result: `let go after ${sent} nudges of 8 kB, ${Math.round(grown)} MB in all, client and kernel included`,
      runs: slow,
      isMet: pages.clogged === slow,
    });
    expect(pages.clogged).toBe(slow);
    expect(pages.size).toBe(1);
  },
  LONG_MS,
);

/** What arrives stays in the system’s buffers, as with a computer that has gone to sleep. */
function stopReading(socket: Socket): void {
  wireOf(socket).pause();
}

function wireOf({ io: { engine } }: Socket): { pause(): void; terminate(): void } {
  return (engine.transport as unknown as { ws: { pause(): void; terminate(): void } }).ws;
}
