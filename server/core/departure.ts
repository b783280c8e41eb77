import type { Input } from './inputs.ts';
import { newShopper } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/** The hub that has begun it may die; then another one goes on after so long. */
const DONE_WITHIN_MS = 5_000;

/** From here on nothing happens to this anonymous shopper; their pages come back as who they are. */
export function depart(turn: Turn, { to }: Extract<Input, { kind: 'depart' }>): void {
  const next = draft(turn);
  next.departed = { to, at: turn.now, isDone: false };
  next.wakeAt = turn.now + DONE_WITHIN_MS;
  turn.startsOver = true;
  // Pages that were not told find out that they have missed something.
  next.seq += 1;
}

/** All that was known is with whom they are: here nothing stays of it. */
export function noteDeparted(turn: Turn): void {
  const { shopper } = turn;
  if (!shopper.departed || shopper.departed.isDone) return;
  const { id, createdAt, seq, coupons, departed } = shopper;
  // Where codes are looked up they may lead here as well as there: whoever erases has to know of them.
  const left = { ...newShopper(id, createdAt), seq, coupons, departed: { ...departed, isDone: true } };
  turn.left.push(...shopper.segments);
  Object.assign(draft(turn), left);
}

/** They are about to be erased, under each of their names: from here on nothing comes to them, nobody who departs either. */
export function beginEnd(turn: Turn): void {
  if (turn.shopper.isEnding) return;
  const next = draft(turn);
  next.isEnding = true;
  next.wakeAt = turn.now + DONE_WITHIN_MS;
}
