import type { Nudge } from '../../shared/nudge.ts';
import type { LiveNudge } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/** The cart has changed: what nudges on its way show of it is told anew, under the id that they have. */
export function tellProgress(turn: Turn): void {
  const { value } = turn.shopper.cart;
  if (value === turn.given.cart.value) return;
  for (const live of turn.shopper.nudges) {
    const { progress } = live.nudge;
    if (progress && progress.value !== value) revise(turn, live, { ...progress, value });
  }
}

function revise(turn: Turn, live: LiveNudge, progress: NonNullable<Nudge['progress']>): void {
  const seq = turn.shopper.seq + 1;
  const nudge = { ...live.nudge, seq, progress };
  const revised = { ...live, nudge };
  const shopper = draft(turn);
  shopper.seq = seq;
  shopper.nudges = shopper.nudges.map((other) => (other === live ? revised : other));
  turn.effects.push({ kind: 'push', nudge });
}
