import type { ServerOptions } from 'node:http';

/**
 * How long the hub waits for those who send slowly: Node's own minutes let a few thousand of them hold all its
 * connections. A page's connection that was upgraded to a WebSocket, and one that waits for an answer, are not among them.
 * The largest body, a catalogue of 16 MB, has to come at 11 Mbit/s.
 */
export const PATIENCE: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 12_000,
  /** Node looks this often who is late. */
  connectionsCheckingInterval: 2_000,
};
