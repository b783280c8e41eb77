import type { News } from '../engine/pages.ts';
import type { ShopperKey } from '../store/store.ts';

/** What one node has to say to a shopper's pages on another: what is new, or that each has to connect anew. */
export type Relayed =
  | { readonly key: ShopperKey; readonly news: News }
  | { readonly key: ShopperKey; readonly startsOver: true };

/**
 * Carries news between nodes. At most once, in order between two nodes, and never a promise: what is lost is found by who
 * looks at the store.
 */
export interface Relay {
  /** Nobody listens there: `gone` is called, as that node has ended without saying so. */
  send(node: string, message: Relayed, gone: () => void): void;
  /** Rejects when what is sent to this node does not arrive. */
  check(): Promise<void>;
  /** Listens on a new connection: one that is open may bring nothing any more. */
  renew(): void;
  close(): Promise<void>;
}

/** For a node that is alone. */
export const noRelay: Relay = {
  send: () => undefined,
  check: () => Promise.resolve(),
  renew: () => undefined,
  close: () => Promise.resolve(),
};
