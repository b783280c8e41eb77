import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { ORIGIN, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const EACH = 500;
const SENT_EVERY_MS = 1_000;
const FREED_WITHIN_MS = 16_000;

/** What is sent at once, and what follows byte by byte, for ever. */
const WAYS: Readonly<Record<string, { at: string; more: string }>> = {
  'a head': { at: 'GET /healthz HTTP/1.1\r\nHost: hub\r\nX-Pad: ', more: 'x' },
  'a body': {
    at: 'POST /v1/track HTTP/1.1\r\nHost: hub\r\nContent-Type: text/plain\r\nContent-Length: 60000\r\n\r\n{',
    more: ' ',
  },
  nothing: { at: '', more: '' },
  'a WebSocket, and no word of Socket.IO': {
    at: `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hub\r\nOrigin: ${ORIGIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    more: '',
  },
};

/** Resolves once the hub has ended the connection. */
function send(
  port: number,
  { at, more }: { at: string; more: string },
): { socket: Socket; freed: Promise<void> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(at));
  socket.on('error', () => undefined);
  const timer = setInterval(() => more && socket.write(more), SENT_EVERY_MS);
  const freed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  void freed.then(() => clearInterval(timer));
  socket.resume();
  return { socket, freed };
}

it(
  '2,000 connections that send a byte a second, or nothing, are freed, and the hub serves others meanwhile',
  { timeout: 60_000 },
  async () => {
    const dir = await tempDir();
    const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
    const port = Number(new URL(hub.url).port);
    const slow = Object.entries(WAYS).flatMap(([name, way]) =>
      Array.from({ length: EACH }, () => ({ name, ...send(port, way) })),
    );
    onTestFinished(() => {
      for (const { socket } of slow) socket.destroy();
    });
    const startedAt = performance.now();
    const held = new Map(slow.map((one) => [one, one.name]));
    for (const one of slow) void one.freed.then(() => held.delete(one));
    const page = await openPage(hub.url);
    let served = 0;
    while (held.size > 0 && performance.now() - startedAt < FREED_WITHIN_MS) {
      expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
      // A page that says more than twenty things a second is asked to wait.
      if (performance.now() - startedAt < 100 * served) continue;
      expect(await page.track('view_item', { items: [] })).toMatchObject({ ok: true });
      served++;
    }
    expect([...held.values()]).toEqual([]);
    expect(served).toBeGreaterThan(50);
  },
);
