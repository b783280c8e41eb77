import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { noteUntoldProxy } from '../../../server/limits/untold-proxy.ts';

const THROUGH = { 'x-forwarded-for': '203.0.113.9' };

/** A server that was told of so many proxies, and what it says in its log. */
async function listen(trustProxy: number) {
  const warned: string[] = [];
  const http = createServer((_, response) => response.end());
  http.on('upgrade', (_, socket) => socket.destroy());
  noteUntoldProxy(http, trustProxy, { warn: (line: string) => warned.push(line) } as unknown as Logger);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { warned, host: `127.0.0.1:${(http.address() as AddressInfo).port}` };
}

function openSocket(host: string): Promise<void> {
  const socket = new WebSocket(`ws://${host}/`, { headers: THROUGH });
  return new Promise((resolve) => socket.on('error', () => resolve()));
}

describe('a proxy before the hub', () => {
  it('that it was not told of is noticed by the first request that comes through, once', async () => {
    const { warned, host } = await listen(0);
    await fetch(`http://${host}/`);
    expect(warned).toEqual([]);
    for (let count = 0; count < 3; count++) await fetch(`http://${host}/`, { headers: THROUGH });
    await openSocket(host);
    expect(warned).toEqual([expect.stringContaining('TRUST_PROXY')]);
  });

  it('is noticed where all that comes through is sockets', async () => {
    const { warned, host } = await listen(0);
    await openSocket(host);
    expect(warned).toHaveLength(1);
  });

  it('that it was told of is nothing to speak of', async () => {
    const { warned, host } = await listen(1);
    await fetch(`http://${host}/`, { headers: THROUGH });
    expect(warned).toEqual([]);
  });
});
