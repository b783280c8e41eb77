import { readHubMessage } from './hub-guards.ts';
import { Client } from './socket-io/client.ts';
import { ACK_WITHIN_MS, type Ask, speaker } from './speaker.ts';
import type { HubMessage, Transport } from './transport.ts';

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

/** For those who speak through this one, too. */
export interface SocketTransport extends Transport {
  readonly ask: Ask;
}

/** Socket.IO, WebSocket first. Reconnects with random waits, so that a hub that comes back is not stormed. */
export function socketTransport(options: SocketOptions): SocketTransport {
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
  const ask: Ask = (name, message) => client.ask(name, message, ACK_WITHIN_MS);
  return {
    ...speaker(ask, options.tab, () => undefined),
    ask,
    close: () => client.close(),
    open: () => client.open(),
  };
}

function waitOf(said: unknown, field: string): number {
  const ms = typeof said === 'object' && said !== null ? Number((said as Record<string, unknown>)[field]) : 0;
  return Math.min(Math.max(ms || 0, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
