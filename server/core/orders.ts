import type { ShopperEvent } from '../../shared/event.ts';
import { roundAmount } from '../../shared/money.ts';
import { KEPT } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

export function isKnownOrder(
  turn: Turn,
  { params }: Extract<ShopperEvent, { name: 'purchase' | 'refund' }>,
): boolean {
  return turn.shopper.orders.recent.some(({ id }) => id === params.transaction_id);
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
  const order = { id: transaction_id, value: total };
  const recent = [...orders.recent, order].slice(-KEPT.recentOrders);
  const spent = roundAmount(orders.spent + total);
  draft(turn).orders = { count: orders.count + 1, spent, recent, lastAt: turn.now };
  return true;
}

/**
 * A page's word that there was an order, where the shop's server has the last: reminders end and nothing is sold for a while, as
 * that is a courtesy; nothing is counted, or whoever makes orders up would be a good customer. Always news: it is kept nowhere.
 */
export function noteClaimedOrder(turn: Turn): true {
  draft(turn).orders = { ...turn.shopper.orders, claimedAt: turn.now };
  return true;
}
