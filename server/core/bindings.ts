import type { Input } from './inputs.ts';
import { type Binding, KEPT, type Proof } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/** A browser may have so many events to tell that the hub has not heard of: as many as its queue holds. */
const MOST_UNHEARD = 100;

/** Where an event comes that a browser may have counted before it was bound. */
export function placeOf({ unheard: { after, moveBy } }: Pick<Binding, 'unheard'>, rev: number): number {
  return rev > after + MOST_UNHEARD ? rev : rev + moveBy;
}

/**
 * Binds a browser to the shopper. A proof is good for one browser: asked again by the same it gives the same answer, so that
 * one whose answer was lost may ask; by another, or once somebody has signed out since it was made, it is refused.
 */
export function bind(turn: Turn, { proof, from, rev }: Extract<Input, { kind: 'identify' }>): void {
  const { shopper, now } = turn;
  const bindings = shopper.bindings ?? [];
  const proofs = (shopper.proofs ?? []).filter(({ until }) => until > now);
  const isOver = proof.until <= now;
  const used = proofs.find(({ digest }) => digest === proof.digest);
  const known = used?.by === proof.by ? bindings.find(({ id }) => id === used.binding) : undefined;
  if (known) {
    turn.answer = { kind: 'identify', outcome: 'bound', binding: known };
    return;
  }
  if (isOver || used || isSignedOutSince(turn, proof) || proofs.length >= KEPT.proofs) {
    turn.answer = { kind: 'identify', outcome: 'refused' };
    return;
  }
  // What this browser has still to tell comes after all that others have told, and before what it tells from now on.
  const counted = Math.max(shopper.rev, rev);
  const binding: Binding = {
    id: proof.binding,
    at: now,
    ...(from === undefined ? {} : { from }),
    unheard: { after: rev, moveBy: counted - rev },
  };
  const next = draft(turn);
  next.rev = counted + MOST_UNHEARD;
  next.proofs = [...proofs, proof];
  next.bindings = [...bindings, binding].slice(-KEPT.bindings);
  turn.answer = { kind: 'identify', outcome: 'bound', binding };
}

/** Signs browsers out: what they hold speaks for nobody any more, and nor do proofs from before that nobody has shown yet. */
export function unbind(turn: Turn, { binding }: Extract<Input, { kind: 'sign_out' }>): void {
  const bindings = turn.shopper.bindings ?? [];
  const left = binding === undefined ? [] : bindings.filter(({ id }) => id !== binding);
  const ended = bindings.length - left.length;
  turn.answer = { kind: 'sign_out', ended };
  // Everywhere: also where a token was taken that nobody has shown yet.
  if (ended === 0 && binding !== undefined) return;
  const next = draft(turn);
  next.signedOutAt = turn.now;
  if (ended === 0) return;
  next.bindings = left;
  turn.startsOver = true;
  // Pages that were not told find out that they have missed something.
  next.seq += 1;
}

function isSignedOutSince({ shopper }: Turn, { madeAt }: Proof): boolean {
  return madeAt <= (shopper.signedOutAt ?? Number.NEGATIVE_INFINITY);
}
