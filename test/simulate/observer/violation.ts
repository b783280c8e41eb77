/** What must hold, by the number that the design gives it where it has one. */
export const INVARIANTS = {
  countedOnce: '1 an acked event counts once',
  paintedOnce: '2 a nudge is painted once',
  reasonOnRecord: '2 a nudge that left has its reason on record',
  nothingAfterPurchase: '3 nothing reminds of a cart that was bought',
  capsExact: '4 caps are exact',
  honestCountdown: '5 a countdown shows the deadline that the hub enforces',
  consentKept: '6 nobody is sold to against their consent',
  nothingMissed: 'whoever comes back is shown what is still good',
  deadlinesKept: 'deadlines are kept',
  queuesDrain: 'what a page has kept is acked in the end',
  nothingUnforeseen: 'nothing unforeseen happens',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

export type Report = (invariant: Invariant, what: string) => void;
