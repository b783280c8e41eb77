import type { ShopperEvent } from '../../shared/event.ts';
import type { Item } from '../../shared/item.ts';
import { isKnownOrder } from './orders.ts';
import { KEPT, type View } from './shopper.ts';
import { draft, type Together, type Turn } from './turn.ts';

const MOST_PARTNERS = 20;

/** Notes which items were viewed, carted or bought together, each pair once per visit, cart or order. */
export function noteTogether(turn: Turn, event: ShopperEvent): void {
  switch (event.name) {
    case 'view_item':
      for (const item of event.params.items) noteView(turn, item);
      return;
    case 'add_to_cart':
      noteAdditions(turn, event.params.items);
      return;
    case 'purchase':
      if (!isKnownOrder(turn, event)) noteBasket(turn, event.params.items);
      return;
    default:
      return;
  }
}

function noteView(turn: Turn, { item_id: item, item_category }: Item): void {
  const { viewed, views } = turn.shopper;
  const { now: at } = turn;
  const view: View =
    item_category === undefined ? { item_id: item, at } : { item_id: item, item_category, at };
  if (!viewed.includes(item)) notePair(turn, 'viewed', item, viewed.slice(0, MOST_PARTNERS));
  const shopper = draft(turn);
  shopper.viewed = [item, ...viewed.filter((other) => other !== item)].slice(0, KEPT.viewed);
  shopper.views = [...views, view].slice(-KEPT.views);
}

function noteAdditions(turn: Turn, items: readonly { item_id: string }[]): void {
  const inCart = turn.shopper.cart.lines.map((line) => line.item_id);
  for (const { item_id: item } of items) {
    if (inCart.includes(item)) continue;
    notePair(turn, 'carted', item, inCart.slice(-MOST_PARTNERS));
    inCart.push(item);
  }
}

function noteBasket(turn: Turn, items: readonly { item_id: string }[]): void {
  const basket = [...new Set(items.map((item) => item.item_id))].slice(0, MOST_PARTNERS + 1);
  for (const [place, item] of basket.entries()) notePair(turn, 'bought', item, basket.slice(place + 1));
}

/**
 * Items of the catalogue alone: others can't be recommended, and what a page makes up is neither summed up for ever nor found
 * in sums after its shopper was erased.
 */
function notePair(turn: Turn, how: Together['how'], item: string, others: readonly string[]): void {
  const { products } = turn.live.site;
  if (!products.has(item)) return;
  turn.together.push({ how, item, with: others.filter((other) => products.has(other)) });
}
