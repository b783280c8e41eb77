import type { ShopperEvent } from '../../shared/event.ts';
import { roundAmount } from '../../shared/money.ts';
import { KEPT } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

export function isKnownOrder(
  turn: Turn,
  { params }: Extract<ShopperEvent, { name: 'purchase' | 'refund' }>,
): boolean {
  return turn.shopper.orders.recent.includes(params.transaction_id);
}

/** Counts an order once, whether page, server or both report it. Returns whether it was new. */
export function noteOrder(
  turn: Turn,
  event: Extract<ShopperEvent, { name: 'purchase' | 'refund' }>,
): boolean {
  const { orders } = turn.shopper;
  const { transaction_id, value, items } = event.params;
  if (isKnownOrder(turn, event)) return false;
  const total = value ?? items.reduce((sum, item) => sum + (item.price ?? 0) * (item.quantity ?? 1), 0);
  const recent = [...orders.recent, transaction_id].slice(-KEPT.recentOrders);
  const spent = roundAmount(orders.spent + total);
  draft(turn).orders = { count: orders.count + 1, spent, recent, lastAt: turn.now };
  return true;
}
