import type { ClaimAck, TrackAck } from '../../shared/hub-messages.ts';
import { isAck, readHubMessage } from './hub-guards.ts';
import { Client } from './socket-io/client.ts';
import type { HubMessage, Transport } from './transport.ts';

const ACK_WITHIN_MS = 10_000;
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;

export interface SocketOptions {
  readonly hub: string;
  tab(): string;
  /** Read at each connection: the token may be newer by then. */
  auth(): Record<string, unknown>;
  receive(message: HubMessage): void;
  /** The hub will not have this page, and says why. Nothing is tried again. */
  refused(reason: string): void;
}

/** Socket.IO, WebSocket first. Reconnects with random waits, so that a hub that comes back is not stormed. */
export function socketTransport(options: SocketOptions): Transport {
  const client = new Client({
    hub: options.hub,
    auth: () => options.auth(),
    heard(name, message) {
      // The hub is about to end: this page comes back at a moment of its own.
      if (name === 'moving') return client.moveAfter(waitOf(message, 'after'));
      const known = readHubMessage(name, message);
      if (known) options.receive(known);
    },
    closed: () => options.receive({ name: 'closed' }),
    refused(why) {
      const { message, data } = why as { message?: unknown; data?: { retryAfter?: unknown } };
      // With data it was the hub that said no; without, something on the way did.
      if (!data) return null;
      if (data.retryAfter !== undefined) return waitOf(data, 'retryAfter');
      options.refused(String(message));
      return 'never';
    },
  });
  const ask = async <T>(name: string, message: unknown): Promise<T | null> => {
    const ack = await client.ask(name, message, ACK_WITHIN_MS);
    // The hub answers with the ack of this message; a page trusts it as far as painting goes.
    return isAck(ack) ? (ack as T) : null;
  };
  return {
    track: (events) => ask<TrackAck>('track', { events, sentAt: Date.now() }),
    claim: (nudge, from) => ask<ClaimAck>('claim', { nudge, tab: options.tab(), from }),
    close: () => client.close(),
    open: () => client.open(),
  };
}

function waitOf(said: unknown, field: string): number {
  const ms = typeof said === 'object' && said !== null ? Number((said as Record<string, unknown>)[field]) : 0;
  return Math.min(Math.max(ms || 0, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
