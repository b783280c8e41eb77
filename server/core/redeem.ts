import type { Input } from './inputs.ts';
import { endNudge } from './nudge-life.ts';
import type { Coupon } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

type Redemption = Extract<Input, { kind: 'redeem' }>;
type Release = Extract<Input, { kind: 'release' }>;

/** Spends a code for one order, once. The same order asking again is told the same; nobody spends it past its deadline. */
export function redeemCoupon(turn: Turn, { digest, order, value }: Redemption): void {
  const coupon = couponOf(turn, digest);
  turn.answer = coupon ? spend(turn, coupon, order, value) : { kind: 'redeem', outcome: 'unknown' };
}

/** Gives a code back that an order has spent which is off. Nothing else changes: its deadline does not, nor what its budget has left. */
export function releaseCoupon(turn: Turn, { digest, order }: Release): void {
  const coupon = couponOf(turn, digest);
  turn.answer = { kind: 'release', outcome: outcomeOf(coupon, order) };
  if (coupon?.order === order) replace(turn, coupon, { ...coupon, order: null });
}

/** One that nobody has spent is as it is after a release: who asks again is told the same. */
function outcomeOf(coupon: Coupon | undefined, order: string): 'released' | 'spent' | 'unknown' {
  if (!coupon) return 'unknown';
  return coupon.order === null || coupon.order === order ? 'released' : 'spent';
}

function spend(turn: Turn, coupon: Coupon, order: string, value: number | undefined): Turn['answer'] {
  const { minimum = 0, expiresAt } = coupon;
  if (coupon.order !== null)
    return coupon.order === order ? redeemed(coupon) : { kind: 'redeem', outcome: 'spent' };
  if (expiresAt <= turn.now) return { kind: 'redeem', outcome: 'expired' };
  if (value !== undefined && value < minimum) return { kind: 'redeem', outcome: 'below_minimum', minimum };
  const spent = { ...coupon, order };
  turn.redeemed.push(coupon.nudge);
  replace(turn, coupon, spent);
  const live = turn.shopper.nudges.find(({ nudge }) => nudge.id === coupon.nudge);
  if (live) endNudge(turn, live, 'spent');
  return redeemed(spent);
}

function couponOf({ shopper }: Turn, digest: string): Coupon | undefined {
  return shopper.coupons.find((coupon) => coupon.digest === digest);
}

function replace(turn: Turn, before: Coupon, after: Coupon): void {
  draft(turn).coupons = turn.shopper.coupons.map((other) => (other === before ? after : other));
}

function redeemed(coupon: Coupon): Turn['answer'] {
  return { kind: 'redeem', outcome: 'redeemed', coupon };
}
