/** How somebody tries to take the hub from the others. */
export const ABUSES = ['one socket', 'one address', 'one site'] as const;
export type Abuse = (typeof ABUSES)[number];

/** What the abuser may be told; it answers `stop` with an `Abused`. */
export type AbuseOrder =
  | { readonly do: 'start'; readonly abuse: Abuse; readonly url: string; readonly key: string }
  | { readonly do: 'stop' };

export interface Abused {
  /** Sockets that were asked for, and messages that were sent. */
  readonly asked: number;
  readonly sent: number;
  /** Sockets that the hub would not have, or cut off. */
  readonly ended: number;
}
