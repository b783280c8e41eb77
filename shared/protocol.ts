/**
 * The version of all that travels between page and hub. A change to any schema in this folder changes the
 * fingerprint that `test/shared/protocol.test.ts` pins; then raise the version and add a line.
 */
export const PROTOCOL_VERSION = 7;

/** The oldest version that this hub still serves. */
export const OLDEST_SERVED_VERSION = 1;

/** One line a version, newest first. */
export const PROTOCOL_HISTORY = [
  '7 shoppers who are known by name: a token of the shop’s in the handshake, signing out; consent by purpose, with its proof',
  '6 errors for those who ask too much, or for what is not theirs; what a site may use of a hub; who typed a code',
  '5 tabs of one browser may share a socket: `open`, and the tab in `track` and `withdraw`; an event that the widget could not pass on; an error for shoppers who asked to be left alone',
  '4 more that a shopper may wish; a welcome tells their wishes and when they last ordered; a nudge says whether it is about the cart; a page says whether a program looks at it, how far it was read and for how long',
  '3 nudges that show progress, stand in marked places of the page or along its edge; one is told anew under its own id',
  '2 more events, a shop’s own among them; a page says where it stands; more triggers and limits, segments and traits in a site file',
  '1 track, claim; welcome, nudge, withdraw, moving, decision; beacon, server events, products, redeem',
] as const;
