import { endNudge } from './nudge-life.ts';
import { canonicalCode } from './random.ts';
import type { Coupon } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/** Spends a code for one order, once. The same order asking again is told the same; nobody spends it past its deadline. */
export function redeemCoupon(turn: Turn, typed: string, order: string): void {
  const code = canonicalCode(typed);
  const coupon = turn.shopper.coupons.find((other) => other.code === code);
  turn.answer = coupon ? spend(turn, coupon, order) : { kind: 'redeem', outcome: 'unknown' };
}

function spend(turn: Turn, coupon: Coupon, order: string): Turn['answer'] {
  const { percentOff, expiresAt } = coupon;
  const redeemed = { kind: 'redeem', outcome: 'redeemed', percentOff, expiresAt } as const;
  if (coupon.order !== null) return coupon.order === order ? redeemed : { kind: 'redeem', outcome: 'spent' };
  if (expiresAt <= turn.now) return { kind: 'redeem', outcome: 'expired' };
  const coupons = turn.shopper.coupons.map((other) => (other === coupon ? { ...coupon, order } : other));
  draft(turn).coupons = coupons;
  const live = turn.shopper.nudges.find(({ nudge }) => nudge.id === coupon.nudge);
  if (live) endNudge(turn, live, 'spent');
  return redeemed;
}
