import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { NUDGE } from './bench-site.ts';

/**
 * Socket.IO and nothing else, with the hub's options: what the same messages cost when nothing is parsed, decided or
 * kept. Like the hub it pushes a nudge unless the last one is still up; who asks for no ack gets a push for an answer.
 */
interface Tracked {
  readonly events: readonly { readonly name: string }[];
}

let pushed = 0;
const http = createServer();
const io = new Server(http, {
  serveClient: false,
  perMessageDeflate: false,
  maxHttpBufferSize: 64_000,
  transports: ['websocket'],
});

io.on('connection', (socket) => {
  let isUp = false;
  let seq = 0;
  const push = () => {
    const id = `n_${String(++pushed).padStart(16, '0')}`;
    socket.emit('nudge', { id, seq: ++seq, ...NUDGE, expiresAt: Date.now() + 600_000 });
  };
  socket.emit('welcome', { seq, nudges: [] });
  socket.on('track', ({ events }: Tracked, ack?: (answer: object) => void) => {
    ack?.({ ok: true, accepted: events.length, duplicates: 0 });
    for (const { name } of events) {
      if (name === 'nudge_clicked') isUp = false;
      if (ack && (name !== 'add_to_cart' || isUp)) continue;
      isUp = true;
      push();
    }
  });
});

http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});

process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
