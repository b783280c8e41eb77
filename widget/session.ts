import type { ClaimAck } from '../shared/hub-messages.ts';
import type { Nudge, WithdrawReason } from '../shared/nudge.ts';

/**
 * `waiting`: may be claimed. `claiming`: the hub was asked. `held`: this tab paints it when it is its turn.
 * `elsewhere`: another tab paints it. `unanswered`: the link broke; asked again later.
 */
type Hold = 'waiting' | 'claiming' | 'held' | 'elsewhere' | 'unanswered';

interface Known {
  readonly nudge: Nudge;
  readonly hold: Hold;
  readonly from: 'push' | 'page';
}

/** What this page knows and paints. Changed by `step` alone. */
export interface Session {
  readonly known: readonly Known[];
  /** Only a page that is looked at claims and paints. */
  readonly visible: boolean;
  readonly welcomed: boolean;
  readonly painted: string | null;
}

export type Signal =
  | { readonly kind: 'welcome'; readonly nudges: readonly Nudge[] }
  | { readonly kind: 'nudge'; readonly nudge: Nudge }
  | {
      readonly kind: 'withdraw';
      readonly id: string;
      readonly reason: WithdrawReason;
      readonly isKeeper: boolean;
    }
  | { readonly kind: 'claimed'; readonly id: string; readonly ack: ClaimAck | null }
  | { readonly kind: 'left'; readonly id: string }
  /** The page was left and is back, as from the browser's back/forward cache. */
  | { readonly kind: 'returned' }
  | { readonly kind: 'visibility'; readonly visible: boolean }
  | { readonly kind: 'time'; readonly now: number };

export type Command =
  | { readonly kind: 'claim'; readonly id: string; readonly from: 'push' | 'page' }
  /** What is on screen changes to `painted`. */
  | { readonly kind: 'paint' };

export const newSession = (visible: boolean): Session => ({
  known: [],
  visible,
  welcomed: false,
  painted: null,
});

/** One step of the page's life: what it knows next, and what is to be done. Pure. */
export function step(session: Session, signal: Signal): [Session, Command[]] {
  return settle(note(session, signal));
}

function note(session: Session, signal: Signal): Session {
  switch (signal.kind) {
    case 'welcome':
      return { ...session, welcomed: true, known: welcomed(session, signal.nudges) };
    case 'nudge': {
      if (session.known.some(({ nudge }) => nudge.id === signal.nudge.id)) return session;
      return {
        ...session,
        known: [...session.known, { nudge: signal.nudge, hold: 'waiting', from: 'push' }],
      };
    }
    case 'withdraw':
      if (signal.reason === 'moved') return signal.isKeeper ? session : held(session, signal.id, 'elsewhere');
      return without(session, signal.id);
    case 'left':
      return without(session, signal.id);
    case 'claimed':
      return claimed(session, signal.id, signal.ack);
    case 'returned':
      // What waited its turn may be over by now: only the next welcome can tell. What is on screen stays until then.
      return { ...session, known: session.known.filter(({ nudge }) => nudge.id === session.painted) };
    case 'visibility':
      return {
        ...session,
        visible: signal.visible,
        known: signal.visible ? session.known.map(reopened) : session.known,
      };
    case 'time':
      return {
        ...session,
        known: session.known.filter(({ nudge }) => nudge.expiresAt > signal.now).map(askedAgain),
      };
  }
}

/** The first welcome says what is live; so does a later one, but what this page holds or lost to another stays so. */
function welcomed(session: Session, nudges: readonly Nudge[]): Known[] {
  return nudges.map((nudge) => {
    const before = session.known.find((known) => known.nudge.id === nudge.id);
    if (!before) return { nudge, hold: 'waiting', from: session.welcomed ? 'push' : 'page' };
    // A countdown may have moved to another tab while this one was away: it asks, and goes on painting meanwhile.
    if (before.hold === 'held' && nudge.kind === 'countdown')
      return { ...before, hold: 'waiting', from: 'push' };
    return askedAgain(before);
  });
}

function askedAgain(known: Known): Known {
  return known.hold === 'unanswered' ? { ...known, hold: 'waiting' } : known;
}

/** The shopper came back to this page: a countdown follows them here. */
function reopened(known: Known): Known {
  return known.hold === 'elsewhere' ? { ...known, hold: 'waiting', from: 'page' } : known;
}

function claimed(session: Session, id: string, ack: ClaimAck | null): Session {
  if (ack === null || (!ack.ok && 'error' in ack)) return held(session, id, 'unanswered');
  if (ack.ok) return held(session, id, 'held');
  return ack.reason === 'taken' ? held(session, id, 'elsewhere') : without(session, id);
}

function held(session: Session, id: string, hold: Hold): Session {
  return {
    ...session,
    known: session.known.map((known) => (known.nudge.id === id ? { ...known, hold } : known)),
  };
}

function without(session: Session, id: string): Session {
  return { ...session, known: session.known.filter(({ nudge }) => nudge.id !== id) };
}

/** One nudge at a time: the most important, the newest of equals. What it displaces comes back after it. */
function settle(session: Session): [Session, Command[]] {
  const commands: Command[] = [];
  const open = session.known.filter(({ hold }) => hold !== 'elsewhere').sort(byImportance);
  const [top] = open;
  let { known } = session;
  if (top?.hold === 'waiting' && session.visible) {
    commands.push({ kind: 'claim', id: top.nudge.id, from: top.from });
    known = known.map((other) => (other === top ? { ...top, hold: 'claiming' } : other));
  }
  const next = open.find(({ hold, nudge }) => hold === 'held' || nudge.id === session.painted)?.nudge ?? null;
  if ((next?.id ?? null) !== session.painted) commands.push({ kind: 'paint' });
  return [{ ...session, known, painted: next?.id ?? null }, commands];
}

function byImportance(a: Known, b: Known): number {
  return b.nudge.priority - a.nudge.priority || b.nudge.seq - a.nudge.seq;
}
