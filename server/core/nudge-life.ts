import type { WithdrawReason } from '../../shared/nudge.ts';
import { staysOn } from '../../shared/nudge-kinds.ts';
import { KEPT, type LiveNudge, type PastNudge } from './shopper.ts';
import { endJourneyOf } from './journeys.ts';
import { type Draft, draft, type EndedNudge, type Turn } from './turn.ts';

/** Puts a composed nudge on its way. A shopper has at most a few at once: the oldest makes room. */
export function offerNudge(
  turn: Turn,
  live: LiveNudge,
  marks: Pick<PastNudge, 'isTransactional' | 'isQuiet'>,
): void {
  const [oldest] = turn.shopper.nudges;
  if (oldest && turn.shopper.nudges.length >= KEPT.nudges) endNudge(turn, oldest, 'replaced');
  // Making room is told first, and so has the number before.
  const nudge = { ...live.nudge, seq: turn.shopper.seq + 1 };
  const past: PastNudge = {
    nudge: nudge.id,
    rule: nudge.rule,
    at: turn.now,
    ...marks,
    displayedAt: null,
    clickedAt: null,
    dismissedAt: null,
  };
  const shopper = draft(turn);
  shopper.seq = nudge.seq;
  shopper.nudges = [...shopper.nudges, { ...live, nudge }];
  shopper.past = [...shopper.past, past];
  turn.effects.push({ kind: 'push', nudge });
}

/**
 * Takes a nudge off every page. One that was never displayed no longer counts under any cap; where a page had the right
 * to paint it, word of its display may still come, and counts it again.
 */
export function endNudge(turn: Turn, live: LiveNudge, why: EndedNudge['why'], reporter?: string): void {
  const { nudge } = live;
  const displayed = live.state === 'displayed';
  const seq = turn.shopper.seq + 1;
  const shopper = draft(turn);
  shopper.seq = seq;
  shopper.nudges = shopper.nudges.filter((other) => other !== live);
  if (!displayed) release(shopper, live);
  turn.ended.push({ nudge: nudge.id, rule: nudge.rule, why, displayed });
  const told = reporter === undefined ? {} : { reporter };
  turn.effects.push({ kind: 'withdraw', id: nudge.id, reason: why, seq, ...told });
}

function release(shopper: Draft, { nudge, state }: LiveNudge): void {
  const entry = shopper.past.find((past) => past.nudge === nudge.id);
  shopper.past = shopper.past.filter((past) => past.nudge !== nudge.id);
  if (state === 'claimed' && entry)
    shopper.unconfirmed = [...shopper.unconfirmed, entry].slice(-KEPT.unconfirmed);
}

/** Word of a display that came after the nudge had ended: it was seen, and counts from when it was decided. */
function confirm(turn: Turn, id: string, what: Partial<PastNudge>): void {
  const entry = turn.shopper.unconfirmed.find((past) => past.nudge === id);
  if (!entry) return;
  const shopper = draft(turn);
  shopper.unconfirmed = shopper.unconfirmed.filter((past) => past !== entry);
  shopper.past = [...shopper.past, { ...entry, displayedAt: turn.now, ...what }];
}

export function endExpired(turn: Turn): void {
  for (const live of turn.shopper.nudges)
    if (live.nudge.expiresAt <= turn.now) endNudge(turn, live, 'expired');
}

/** The site is paused: what is on its way or on the screen goes. Codes that were handed out stay good. */
export function endAll(turn: Turn): void {
  for (const live of turn.shopper.nudges) endNudge(turn, live, 'paused');
}

/** The shopper wants none of it: what sells and is on its way or on the screen goes. */
export function endSelling(turn: Turn): void {
  endDeclined(turn, () => true);
}

/** What the shopper waits for stays, whatever they do without. */
export function endDeclined(turn: Turn, isUnwanted: (nudge: LiveNudge['nudge']) => boolean): void {
  const { past } = turn.shopper;
  for (const live of turn.shopper.nudges) {
    const isWaitedFor = past.some(({ nudge, isTransactional }) => nudge === live.nudge.id && isTransactional);
    if (!isWaitedFor && isUnwanted(live.nudge)) endNudge(turn, live, 'declined');
  }
}

export function endAboutCart(turn: Turn): void {
  for (const live of turn.shopper.nudges) if (live.aboutCart) endNudge(turn, live, 'purchased');
}

/**
 * Decides who paints. The first tab to ask gets a nudge that just arrived. What stays on while the shopper moves through
 * the shop, such as a countdown, follows them to the page they opened last; anything else is painted once and never moves.
 */
export function claimNudge(turn: Turn, id: string, tab: string, from: 'push' | 'page'): void {
  const live = turn.shopper.nudges.find(({ nudge }) => nudge.id === id);
  if (!live) {
    turn.answer = { kind: 'claim', granted: false, reason: 'gone' };
    return;
  }
  const isHolder = live.tab === tab;
  const follows = staysOn(live.nudge.kind);
  const mayTake =
    live.state === 'offered' ||
    (follows ? isHolder || from === 'page' : isHolder && live.state === 'claimed');
  if (!mayTake) {
    turn.answer = {
      kind: 'claim',
      granted: false,
      reason: live.state === 'displayed' && isHolder ? 'gone' : 'taken',
    };
    return;
  }
  const state = live.state === 'displayed' ? 'displayed' : 'claimed';
  if (live.tab !== null && !isHolder) moveTo(turn, id, tab);
  replaceNudge(turn, live, { ...live, state, tab });
  turn.answer = { kind: 'claim', granted: true };
}

/** What the shopper did with a nudge. Reports about one that is gone change nothing. */
export function noteNudgeEvent(
  turn: Turn,
  name: 'nudge_displayed' | 'nudge_clicked' | 'nudge_dismissed' | 'nudge_rated',
  id: string,
  tab?: string,
): void {
  const live = turn.shopper.nudges.find(({ nudge }) => nudge.id === id);
  if (name === 'nudge_rated') return;
  const marks = marksOf(name, turn.now);
  if (!live) {
    confirm(turn, id, marks);
    markPast(turn, id, marks);
    return;
  }
  const seen: LiveNudge = live.state === 'displayed' ? live : { ...live, state: 'displayed' };
  replaceNudge(turn, live, seen);
  if (live !== seen) markPast(turn, id, { displayedAt: turn.now });
  markPast(turn, id, marks);
  if (name === 'nudge_dismissed') dismiss(turn, seen, tab);
  // A countdown's code is still needed at the checkout, for one: a click does not take it away.
  if (name === 'nudge_clicked' && !staysOn(live.nudge.kind)) endNudge(turn, seen, 'clicked', tab);
}

function dismiss(turn: Turn, live: LiveNudge, tab?: string): void {
  endJourneyOf(turn, live.nudge.rule);
  endNudge(turn, live, 'dismissed', tab);
}

function marksOf(name: string, now: number): Partial<PastNudge> {
  if (name === 'nudge_clicked') return { clickedAt: now };
  return name === 'nudge_dismissed' ? { dismissedAt: now } : {};
}

/** Notes what the shopper did with a nudge. */
function markPast(turn: Turn, nudge: string, what: Partial<PastNudge>): void {
  if (Object.keys(what).length === 0 || !turn.shopper.past.some((entry) => entry.nudge === nudge)) return;
  const past = turn.shopper.past.map((entry) => (entry.nudge === nudge ? { ...entry, ...what } : entry));
  draft(turn).past = past;
}

function moveTo(turn: Turn, id: string, keeper: string): void {
  const seq = turn.shopper.seq + 1;
  const reason: WithdrawReason = 'moved';
  draft(turn).seq = seq;
  turn.effects.push({ kind: 'withdraw', id, reason, seq, keeper });
}

function replaceNudge(turn: Turn, before: LiveNudge, after: LiveNudge): void {
  if (before === after) return;
  draft(turn).nudges = turn.shopper.nudges.map((live) => (live === before ? after : live));
}
