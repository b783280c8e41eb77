import { roundAmount } from '../../shared/money.ts';
import { type CartLedger, type CartLine, emptyLedger, linesIn } from './cart-ledger.ts';

/** A shopper's cart: what is in it, and where it stands between begun and bought. */
export interface Cart {
  readonly ledger: CartLedger;
  readonly lines: readonly CartLine[];
  /** Sum of price times quantity, in the site's currency. */
  readonly value: number;
  readonly quantity: number;
  /** `none`: empty. `idle`: left alone for as long as some rule waits. `abandoned`: past the site's cut-off. */
  readonly phase: 'none' | 'active' | 'idle' | 'abandoned';
  readonly startedAt: number | null;
  /** Whether it was abandoned at some time since it was started. */
  readonly wasAbandoned: boolean;
}

/** What becomes of carts. A cart counts once as started and ends as purchased, recovered or emptied, or stays open. */
export type CartStep =
  | 'cart_started'
  | 'cart_idle'
  | 'cart_abandoned'
  | 'cart_returned'
  | 'cart_purchased'
  | 'cart_recovered'
  | 'cart_emptied'
  /** Two carts of one shopper, begun before it was known that they are one, have become one. */
  | 'cart_merged';

export const emptyCart: Cart = {
  ledger: emptyLedger,
  lines: [],
  value: 0,
  quantity: 0,
  phase: 'none',
  startedAt: null,
  wasAbandoned: false,
};

/** The cart after a report, and the steps it took. `bought`: the report was a purchase. */
export function cartWith(cart: Cart, ledger: CartLedger, bought: boolean, now: number): [Cart, CartStep[]] {
  const content = contentOf(linesIn(ledger));
  if (content.lines.length === 0) {
    if (cart.lines.length === 0) return [{ ...emptyCart, ledger }, []];
    const end = bought ? (cart.wasAbandoned ? 'cart_recovered' : 'cart_purchased') : 'cart_emptied';
    return [{ ...emptyCart, ledger }, [end]];
  }
  const ended: CartStep[] =
    bought && cart.lines.length > 0 ? [cart.wasAbandoned ? 'cart_recovered' : 'cart_purchased'] : [];
  if (cart.lines.length > 0 && ended.length === 0) return [{ ...cart, ledger, ...content }, []];
  const started: Cart = { ...emptyCart, ledger, ...content, phase: 'active', startedAt: now };
  return [started, [...ended, 'cart_started']];
}

/** The shopper is here again: idle time starts anew. */
export function touched(cart: Cart): [Cart, CartStep[]] {
  if (cart.phase === 'none' || cart.phase === 'active') return [cart, []];
  const next: Cart = { ...cart, phase: 'active' };
  return [next, cart.phase === 'abandoned' ? ['cart_returned'] : []];
}

export function contentOf(lines: readonly CartLine[]): Pick<Cart, 'lines' | 'value' | 'quantity'> {
  let value = 0;
  let quantity = 0;
  for (const line of lines) {
    value += line.price * line.quantity;
    quantity += line.quantity;
  }
  return { lines, value: roundAmount(value), quantity };
}
