import type { Window } from '../bench/load-orders.ts';

/** Where a shopper's page is, and the second one of those who have two. */
export interface Place {
  readonly at: string;
  readonly alsoAt?: string;
}

/** What the crowds may be told to do. Each crowd has a name. */
export type CrowdOrder =
  /** Opens pages until the crowd has so many, in turns over the places. Answered with `Gathered`. */
  | {
      readonly do: 'gather';
      readonly crowd: string;
      readonly shoppers: number;
      readonly places: readonly Place[];
      readonly serverPids: readonly number[];
    }
  /** Answered with `Measured`, as are those below. */
  | ({
      readonly do: 'pace';
      readonly crowd: string;
      readonly perSecond: number;
      readonly clickEvery: number;
    } & Window)
  | ({
      readonly do: 'saturate';
      readonly crowd: string;
      readonly underWay: number;
      readonly clickEvery: number;
    } & Window)
  /** Answered with `Counted`. */
  | { readonly do: 'count'; readonly crowd: string }
  | { readonly do: 'leave'; readonly crowd: string };

export interface Gathered {
  readonly opened: number;
  /** Never welcomed, whatever was tried. */
  readonly given: number;
  readonly seconds: number;
  /** Times that a server would not have a page, and it came back later. */
  readonly refusals: number;
  readonly cpu: readonly number[];
}

export interface Counted {
  /** Pages whose sockets are open. */
  readonly open: number;
}
