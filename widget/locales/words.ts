/** The widget's own words. What a nudge says comes from the hub, in the shopper's language already. */
export interface Words {
  readonly region: string;
  /** The line along the edge of the window, beside a card. */
  readonly bar: string;
  readonly dismiss: string;
  /** What else can be done with a nudge. */
  readonly more: string;
  readonly useful: string;
  readonly notUseful: string;
  readonly less: string;
  readonly lessSaid: string;
  readonly inbox: string;
  readonly unread: (count: number) => string;
  readonly preferences: string;
  readonly copyCode: string;
  readonly copied: string;
  readonly code: string;
  readonly endsIn: string;
  readonly endsSoon: string;
  /** Before the lowest price of the 30 days before a reduction. */
  readonly was: string;
  /** The notice beside an offer that an algorithm chose. */
  readonly personalised: string;
  /** What a progress bar measures, and what is still to go; `reached` where the shop says nothing of its own. */
  readonly progress: string;
  readonly missing: (amount: string) => string;
  readonly reached: string;
  readonly minutesLeft: (minutes: number) => string;
}
