import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { ORIGIN, PUBLISHABLE_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const MOST_GROWN_MB = 90;

/** A page that keeps to the protocol until it is welcome, and then says whatever the test wants. */
async function openRaw(hub: string): Promise<WebSocket> {
  const socket = new WebSocket(`${hub.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    origin: ORIGIN,
  });
  onTestFinished(() => socket.terminate());
  // What the hub does to it is seen by others.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      if (text.startsWith('0')) socket.send(`40${JSON.stringify({ site: PUBLISHABLE_KEY })}`);
      if (text.startsWith('42["welcome"')) resolve();
    });
  });
  return socket;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000;
}

const PAGES = 10;
const FLOOD = 2_000;
const ENDLESS = 1_000;
const MOST_BYTES = 64_000;
const ATTACKS: readonly [what: string, attack: (socket: WebSocket) => void][] = [
  [
    'an event called error, which nobody listens to',
    (socket) => socket.send('42["error",{"message":"Boo."}]'),
  ],
  [
    'events with names that are reserved',
    (socket) =>
      ['connect', 'disconnect', 'newListener', 'connect_error'].forEach((name) =>
        socket.send(`42["${name}"]`),
      ),
  ],
  [
    'an event that promises more attachments than anyone sends',
    (socket) => socket.send('4599999999-["track",{"_placeholder":true,"num":0}]'),
  ],
  [
    'an event that promised attachments without end, and sends them',
    (socket) => {
      socket.send('45999999999-["track",{"_placeholder":true,"num":0}]');
      for (let count = 0; count < ENDLESS; count++) socket.send(Buffer.alloc(10_000));
    },
  ],
  [
    'an event that promised no attachments, and attachments without end',
    (socket) => {
      socket.send('450-["track",{}]');
      for (let count = 0; count < ENDLESS; count++) socket.send(Buffer.alloc(10_000));
    },
  ],
  ['attachments that belong to nothing', (socket) => socket.send(Buffer.alloc(1_000))],
  [
    'an attachment in a place that is none',
    (socket) => {
      socket.send('451-["track",{"_placeholder":true,"num":"splice"}]');
      socket.send(Buffer.alloc(8));
    },
  ],
  [
    'one message after the other that waits for its attachments',
    (socket) => {
      for (let count = 0; count < FLOOD; count++) socket.send('459-["track",{"_placeholder":true,"num":0}]');
    },
  ],
  [
    'a message in ever more fragments of nothing',
    (socket) => {
      for (let count = 0; count < FLOOD; count++) socket.send('', { fin: false });
    },
  ],
  [
    'a message in fragments of one byte',
    (socket) => {
      for (let count = 0; count < MOST_BYTES; count++) socket.send('4', { fin: false });
    },
  ],
  [
    'a message that ends never, in fragments',
    (socket) => {
      const part = '4'.repeat(10_000);
      for (let count = 0; count < ENDLESS; count++) socket.send(part, { fin: false });
    },
  ],
  ['lists within lists', (socket) => socket.send(`42["track",${'['.repeat(20_000)}${']'.repeat(20_000)}]`)],
  [
    'a prototype',
    (socket) => socket.send('420["track",{"__proto__":{"events":[]},"constructor":{"prototype":{"ok":1}}}]'),
  ],
];

it.each(ATTACKS)('%s: others are served on, and the hub keeps its size', async (_, attack) => {
  const dir = await tempDir();
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
  const other = await openPage(hub.url);
  const ask = () => other.track('add_to_cart', { currency: 'EUR', items: [mug] });
  const sockets = await Promise.all(Array.from({ length: PAGES }, () => openRaw(hub.url)));
  await ask();
  const before = await residentMb(hub.pid);
  sockets.forEach(attack);
  // Its packets are with the hub once those of others that were sent later are answered.
  for (let count = 0; count < 20; count++) expect(await ask()).toMatchObject({ ok: true });
  expect((await residentMb(hub.pid)) - before).toBeLessThan(MOST_GROWN_MB);
  expect(hub.log.filter((line) => line.includes('"level":60'))).toEqual([]);
});
