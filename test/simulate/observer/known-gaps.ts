/**
 * What the product does not keep yet. While one is true the observer lets it pass; set to false, the seeds show it.
 */
export const KNOWN_GAPS = {
  /** A page that connects anew asks for a nudge before it hands in what it has to report about it, and shows it twice. */
  showsAgainBeforeItsOwnReport: true,
  /** A tab that reported an end is not told of it, though it may have been granted the nudge again meanwhile. */
  reporterIsNotToldOfTheEnd: true,
  /** What shares a commit with an order passes for a part of it, so the rest after a purchase does not hold it. */
  promotesInTheCommitOfAnOrder: true,
  /** Where a commit's answer was lost, its effects are never carried out: connected pages learn at their next welcome. */
  untoldCommitsAreNotCarriedOut: true,
  /** A dead tab's queue is taken over by the device's clock alone: set back, it waits until the clock has caught up. */
  queuesWaitForAClockSetBack: true,
  /** Consent is what arrived last: a word that was said before it, and comes late, overrules it. */
  lateConsentOverrulesTheLast: true,
} as const;
