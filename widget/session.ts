import type { ClaimAck } from '../shared/hub-messages.ts';
import type { Nudge, WithdrawReason } from '../shared/nudge.ts';
import { type Area, areaOf, staysOn } from '../shared/nudge-kinds.ts';

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
  /** The places that the shop has marked on this page. */
  readonly slots: readonly string[];
  /** What is on screen, one in each area. */
  readonly painted: Painted;
}

export type Painted = Readonly<Partial<Record<Area, string>>>;

export type Signal =
  /** `seq`: the last of the hub's messages that it knows of; infinite where its count is of another life than before. */
  | { readonly kind: 'welcome'; readonly nudges: readonly Nudge[]; readonly seq: number }
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
  | { readonly kind: 'slots'; readonly slots: readonly string[] }
  | { readonly kind: 'time'; readonly now: number };

export type Command =
  | { readonly kind: 'claim'; readonly id: string; readonly from: 'push' | 'page' }
  /** What is on screen changes to `painted`. */
  | { readonly kind: 'paint' };

export const newSession = (visible: boolean): Session => ({
  known: [],
  visible,
  welcomed: false,
  slots: [],
  painted: {},
});

/** One step of the page's life: what it knows next, and what is to be done. Pure. */
export function step(session: Session, signal: Signal): [Session, Command[]] {
  return settle(note(session, signal), session);
}

function note(session: Session, signal: Signal): Session {
  switch (signal.kind) {
    case 'welcome':
      return { ...session, welcomed: true, known: welcomed(session, signal) };
    case 'nudge': {
      if (session.known.some(({ nudge }) => nudge.id === signal.nudge.id))
        return revised(session, signal.nudge);
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
      return { ...session, known: session.known.filter(({ nudge }) => isPainted(session, nudge)) };
    case 'visibility':
      return {
        ...session,
        visible: signal.visible,
        known: signal.visible ? session.known.map(reopened) : session.known,
      };
    case 'slots':
      return { ...session, slots: signal.slots };
    case 'time':
      return {
        ...session,
        known: session.known.filter(({ nudge }) => nudge.expiresAt > signal.now).map(askedAgain),
      };
  }
}

/** The first welcome says what is live; so does a later one, but what this page holds or lost to another stays so. */
function welcomed(session: Session, { nudges, seq }: Extract<Signal, { kind: 'welcome' }>): Known[] {
  const since = session.known.filter(
    ({ nudge }) => nudge.seq > seq && !nudges.some(({ id }) => id === nudge.id),
  );
  const live = nudges.map((nudge): Known => {
    const before = session.known.find((known) => known.nudge.id === nudge.id);
    // Whose page it has become was not there before: it is as if they had just opened it.
    const from = session.welcomed && seq < Infinity ? 'push' : 'page';
    if (!before) return { nudge, hold: 'waiting', from };
    const known = newest(before, nudge);
    // A countdown may have moved to another tab while this one was away: it asks, and goes on painting meanwhile.
    if (before.hold === 'held' && staysOn(nudge.kind)) return { ...known, hold: 'waiting', from: 'push' };
    return askedAgain(known);
  });
  // A push may overtake a welcome that was written before it.
  return [...live, ...since];
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

/** The hub tells it anew, such as how far the cart has come. An older word may arrive after a newer one. */
function revised(session: Session, nudge: Nudge): Session {
  const known = session.known.map((before) =>
    before.nudge.id === nudge.id ? newest(before, nudge) : before,
  );
  return { ...session, known };
}

function newest(known: Known, nudge: Nudge): Known {
  return nudge.seq > known.nudge.seq ? { ...known, nudge } : known;
}

function isPainted({ painted }: Session, nudge: Nudge): boolean {
  return painted[areaOf(nudge)] === nudge.id;
}

/** One nudge at a time in each area: the most important, the newest of equals. What it displaces comes back after it. */
function settle(session: Session, before: Session): [Session, Command[]] {
  const commands: Command[] = [];
  const painted: Partial<Record<Area, string>> = {};
  let { known } = session;
  const open = known
    .filter((one) => one.hold !== 'elsewhere' && hasArea(session, one.nudge))
    .sort(byImportance);
  for (const area of new Set(open.map(({ nudge }) => areaOf(nudge)))) {
    const here = open.filter(({ nudge }) => areaOf(nudge) === area);
    const [top] = here;
    if (top?.hold === 'waiting' && session.visible) {
      commands.push({ kind: 'claim', id: top.nudge.id, from: top.from });
      known = known.map((other) => (other === top ? { ...top, hold: 'claiming' } : other));
    }
    const next = here.find(({ hold, nudge }) => hold === 'held' || isPainted(session, nudge));
    if (next) painted[area] = next.nudge.id;
  }
  const after = { ...session, known, painted };
  if (isSeenApart(before, after)) commands.push({ kind: 'paint' });
  return [after, commands];
}

function hasArea({ slots }: Session, { kind, slot }: Nudge): boolean {
  return kind !== 'inline' || (slot !== undefined && slots.includes(slot));
}

/** Whether what is on screen is another, or says something else. */
function isSeenApart(before: Session, after: Session): boolean {
  const areas = new Set([...Object.keys(before.painted), ...Object.keys(after.painted)] as Area[]);
  return [...areas].some((area) => nudgeAt(before, area) !== nudgeAt(after, area));
}

export function nudgeAt({ known, painted }: Session, area: Area): Nudge | null {
  return known.find(({ nudge }) => nudge.id === painted[area])?.nudge ?? null;
}

export function inlineIn(session: Session): Nudge[] {
  return session.slots.map((name) => nudgeAt(session, `slot ${name}`)).filter((nudge) => nudge !== null);
}

export function idsPainted({ painted }: Session): string[] {
  return Object.values(painted).filter((id) => id !== undefined);
}

function byImportance(a: Known, b: Known): number {
  return b.nudge.priority - a.nudge.priority || b.nudge.seq - a.nudge.seq;
}
