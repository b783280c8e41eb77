import type { CartLine } from './cart.ts';
import type { ShippingMethod } from './shipping.ts';

export type Order = {
  readonly id: string;
  readonly subtotal: number;
  readonly discount: number;
  readonly percentOff: number | null;
  readonly shipping: number;
  readonly total: number;
};

export type CodeError = 'coupon_unknown' | 'coupon_spent' | 'coupon_expired';

export type OrderAnswer =
  | { readonly kind: 'placed'; readonly order: Order }
  | { readonly kind: 'code'; readonly error: CodeError }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'failed' };

export async function placeOrder(request: {
  readonly lines: readonly CartLine[];
  readonly shipping: ShippingMethod;
  readonly code: string;
}): Promise<OrderAnswer> {
  const items = request.lines.map(({ product, quantity }) => ({
    item_id: product.item_id,
    quantity,
  }));
  const code = request.code === '' ? {} : { code: request.code };
  try {
    const response = await fetch('/shop/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items, shipping: request.shipping, ...code }),
    });
    return answerOf(response.status, await response.json());
  } catch {
    return { kind: 'failed' };
  }
}

function answerOf(status: number, body: unknown): OrderAnswer {
  const order = orderOf(fieldOf(body, 'order'));
  if (status === 200 && order) return { kind: 'placed', order };
  const error = fieldOf(body, 'error');
  if (isCodeError(error)) return { kind: 'code', error };
  return error === 'invalid' ? { kind: 'invalid' } : { kind: 'failed' };
}

function orderOf(value: unknown): Order | null {
  const id = fieldOf(value, 'id');
  const subtotal = fieldOf(value, 'subtotal');
  const discount = fieldOf(value, 'discount');
  const percentOff = fieldOf(value, 'percentOff');
  const shipping = fieldOf(value, 'shipping');
  const total = fieldOf(value, 'total');
  if (
    typeof id !== 'string' ||
    typeof subtotal !== 'number' ||
    typeof discount !== 'number' ||
    typeof shipping !== 'number' ||
    typeof total !== 'number'
  ) {
    return null;
  }
  const percent = typeof percentOff === 'number' ? percentOff : null;
  return { id, subtotal, discount, percentOff: percent, shipping, total };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isCodeError(value: unknown): value is CodeError {
  return value === 'coupon_unknown' || value === 'coupon_spent' || value === 'coupon_expired';
}
