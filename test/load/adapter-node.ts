import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { NUDGE } from '../bench/bench-site.ts';

/**
 * A node of bare Socket.IO with its own Redis adapter: a shopper is a room, and each addition is answered with an ack and
 * pushed to the room, on whichever nodes its pages are. Nothing is parsed, decided or kept.
 */
interface Auth {
  readonly token?: string;
}

interface Tracked {
  readonly events: readonly { readonly name: string }[];
}

const redisUrl = process.env['REDIS_URL'] ?? '';
const publisher = new Redis(redisUrl);
const subscriber = new Redis(redisUrl);
for (const client of [publisher, subscriber]) client.on('error', () => process.exit(1));

let pushed = 0;
const http = createServer();
const io = new Server(http, {
  serveClient: false,
  perMessageDeflate: false,
  maxHttpBufferSize: 64_000,
  transports: ['websocket'],
  adapter:
    process.env['ADAPTER'] === 'classic'
      ? createAdapter(publisher, subscriber)
      : createShardedAdapter(publisher, subscriber, { subscriptionMode: 'dynamic' }),
});

io.on('connection', (socket) => {
  // As long as Cartbell's names; one of 20 characters would be taken for a socket's own room.
  const { token: room = randomBytes(16).toString('base64url') } = socket.handshake.auth as Auth;
  let isUp = false;
  let seq = 0;
  void socket.join(room);
  socket.emit('welcome', { shopper: room, token: room, seq, nudges: [] });
  socket.on('track', ({ events }: Tracked, ack: (answer: object) => void) => {
    ack({ ok: true, accepted: events.length, duplicates: 0 });
    for (const { name } of events) {
      if (name === 'nudge_clicked') isUp = false;
      if (name !== 'add_to_cart' || isUp) continue;
      isUp = true;
      const id = `n_${String(++pushed).padStart(16, '0')}`;
      io.to(room).emit('nudge', { id, seq: ++seq, ...NUDGE, expiresAt: Date.now() + 600_000 });
    }
  });
});

http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});

process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
