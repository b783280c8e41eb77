import { io, type Socket } from 'socket.io-client';
import type { ClaimAck, TrackAck } from '../../shared/hub-messages.ts';
import { isAck, readHubMessage } from '../../widget/transports/hub-guards.ts';
import type { SocketOptions } from '../../widget/transports/socket-transport.ts';
import type { Transport } from '../../widget/transports/transport.ts';

const ACK_WITHIN_MS = 10_000;
/** An attempt that hangs, as one to a hub that dies just then, is given up and made anew. */
const CONNECT_WITHIN_MS = 8_000;
const FIRST_RETRY_MS = 1_000;
/** At any moment within it, and later ones within twice as long each: all pages of a hub that dies come back at once. */
const FIRST_RETRY_WITHIN_MS = 5_000;
const LONGEST_RETRY_MS = 30_000;

/** The widget's link over the client that Socket.IO's makers publish: what the widget's own is held against. */
export function socketTransport(options: SocketOptions): Transport {
  const socket: Socket = io(options.hub, {
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: (give) => give(options.auth()),
    timeout: CONNECT_WITHIN_MS,
    // Socket.IO's own jitter leaves every other part of the time empty.
    randomizationFactor: 0,
  });
  const spread = () => {
    const afterMs = Math.random() * FIRST_RETRY_WITHIN_MS;
    socket.io.reconnectionDelay(afterMs).reconnectionDelayMax(LONGEST_RETRY_MS - afterMs);
  };
  spread();
  socket.io.on('reconnect_attempt', spread);
  socket.onAny((name: string, message: unknown) => {
    if (name === 'moving') return reconnectAfter(socket, message);
    const known = readHubMessage(name, message);
    if (known) options.receive(known);
  });
  socket.on('connect', () => {
    // Where a WebSocket got through once, trying others only doubles what the browser notes while the hub is away.
    if (socket.io.engine.transport.name === 'websocket') socket.io.opts.transports = ['websocket'];
  });
  socket.on('disconnect', (reason) => {
    options.receive({ name: 'closed' });
    // Socket.IO does not come back by itself when the hub closed the connection.
    if (reason === 'io server disconnect')
      reconnectAfter(socket, { after: Math.random() * FIRST_RETRY_WITHIN_MS });
  });
  socket.on('connect_error', (error: Error & { data?: { code?: string; retryAfter?: number } }) => {
    // With data it was the hub that said no; without, the network did, and Socket.IO goes on trying.
    if (!error.data) return;
    if (error.data.retryAfter === undefined) options.refused(error.message);
    else reconnectAfter(socket, { after: error.data.retryAfter });
  });
  const ask = async <T>(name: string, message: unknown): Promise<T | null> => {
    if (!socket.connected) return null;
    try {
      const ack: unknown = await socket.timeout(ACK_WITHIN_MS).emitWithAck(name, message);
      // The hub answers with the ack of this message; a page trusts it as far as painting goes.
      return isAck(ack) ? (ack as T) : null;
    } catch {
      return null;
    }
  };
  return {
    track: (events) => ask<TrackAck>('track', { events, sentAt: Date.now() }),
    claim: (nudge, from) => ask<ClaimAck>('claim', { nudge, tab: options.tab(), from }),
    close: () => void socket.disconnect(),
    open: () => void socket.connect(),
  };
}

function reconnectAfter(socket: Socket, message: unknown): void {
  const after =
    typeof message === 'object' && message !== null && 'after' in message
      ? Number(message.after)
      : FIRST_RETRY_MS;
  setTimeout(
    () => {
      if (!socket.connected) socket.connect();
    },
    Math.min(Math.max(after || 0, 100), LONGEST_RETRY_MS),
  );
}
