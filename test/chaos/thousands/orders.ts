import type { Operation } from '../../support/rig/history.ts';

/** What the pages of a run may be told to do. Each order is answered once. */
export type Order =
  /** The ports of the hubs behind the balancer. Answered with `Seen`, as are all but the last. */
  | { readonly do: 'balance'; readonly ports: readonly number[] }
  /** So many pages are opened, one after the other within this time. */
  | { readonly do: 'open'; readonly pages: number; readonly withinMs: number }
  /** Pages report an event each, in turns; zero a second: none does any more. */
  | { readonly do: 'browse'; readonly perSecond: number }
  /** Who was cut off since then, in milliseconds since 1970, and is back. */
  | { readonly do: 'look'; readonly since: number }
  /** Answered with `Told`. */
  | { readonly do: 'tell' };

export interface Seen {
  /** Pages that a hub has welcomed, and that were not cut off since. */
  readonly welcome: number;
  /** Pages that have nothing which was not acked. */
  readonly acked: number;
  /** Pages that were cut off since the time that was asked for, */
  readonly cut: number;
  /** and those of them that are back. */
  readonly back: readonly Back[];
}

/** Milliseconds since the time that was asked for. */
export interface Back {
  /** When a hub had welcomed it, */
  readonly welcomeMs: number;
  /** and had acked all that it had to say by then. */
  readonly syncedMs: number;
}

export interface Told {
  /** Events that pages have reported, each counted once. */
  readonly reported: number;
  readonly operations: readonly Operation[];
  /** The nudges that each shopper has heard of, by a push or a welcome. */
  readonly heard: readonly (readonly [shopper: string, nudges: readonly string[]])[];
  /** What no welcome may be, and whom a hub has turned away for good. */
  readonly faults: readonly string[];
}
