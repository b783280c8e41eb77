import type { Input } from './inputs.ts';
import { endNudge } from './nudge-life.ts';
import { canonicalCode } from './random.ts';
import type { Coupon } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

type Redemption = Extract<Input, { kind: 'redeem' }>;

/** Spends a code for one order, once. The same order asking again is told the same; nobody spends it past its deadline. */
export function redeemCoupon(turn: Turn, { code: typed, order, value }: Redemption): void {
  const code = canonicalCode(typed);
  const coupon = turn.shopper.coupons.find((other) => other.code === code);
  turn.answer = coupon ? spend(turn, coupon, order, value) : { kind: 'redeem', outcome: 'unknown' };
}

function spend(turn: Turn, coupon: Coupon, order: string, value: number | undefined): Turn['answer'] {
  const { minimum = 0, expiresAt } = coupon;
  if (coupon.order !== null)
    return coupon.order === order ? redeemed(coupon) : { kind: 'redeem', outcome: 'spent' };
  if (expiresAt <= turn.now) return { kind: 'redeem', outcome: 'expired' };
  if (value !== undefined && value < minimum) return { kind: 'redeem', outcome: 'below_minimum', minimum };
  const spent = { ...coupon, order };
  turn.redeemed.push(coupon.nudge);
  draft(turn).coupons = turn.shopper.coupons.map((other) => (other === coupon ? spent : other));
  const live = turn.shopper.nudges.find(({ nudge }) => nudge.id === coupon.nudge);
  if (live) endNudge(turn, live, 'spent');
  return redeemed(spent);
}

function redeemed(coupon: Coupon): Turn['answer'] {
  return { kind: 'redeem', outcome: 'redeemed', coupon };
}
