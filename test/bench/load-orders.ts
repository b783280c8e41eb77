/** What the load generator may be told to do; it answers each order with a `Measured` (or with nothing to say). */
export type LoadOrder =
  | { readonly do: 'connect'; readonly url: string; readonly pages: number }
  /** So many events a second, whatever comes back. */
  | ({ readonly do: 'pace'; readonly perSecond: number; readonly clickEvery: number } & Window)
  /** The next event as soon as one is done: `underWay` of them at any time. */
  | ({ readonly do: 'saturate'; readonly underWay: number; readonly clickEvery: number } & Window)
  /** The same for shoppers who look around: each event has one message for an answer, an ack or a push. */
  | ({ readonly do: 'browse'; readonly underWay: number; readonly answer: 'ack' | 'push' } & Window)
  | { readonly do: 'leave' };

export interface Window {
  readonly forMs: number;
  /** The server's processes, whose CPU time is read as the window opens and as it closes. */
  readonly serverPids: readonly number[];
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface Measured {
  /** How long the window was open, and how many events were done in it. */
  readonly seconds: number;
  readonly events: number;
  readonly perSecond: number;
  readonly ack: Latency;
  readonly nudge: Latency;
  /** Until a page of the same shopper on another node had the nudge; null where nobody has one. */
  readonly elsewhere: Latency | null;
  readonly nudges: number;
  readonly nudgeBytes: number;
  /** CPU seconds of each of the server's processes. */
  readonly cpu: readonly number[];
  /** CPU seconds of the server, and of the generator, per second of the window. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  readonly perServerCpuSecond: number;
  /** Events that were refused, or to which something was still missing seconds after the window. */
  readonly failed: number;
  /** Events for which no page was free when they were due. */
  readonly late: number;
}
