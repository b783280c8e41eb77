import { type CartLine, subtotalOf } from './cart.ts';
import { h } from './dom.ts';
import { illustration } from './illustration.ts';
import { inLanguage } from './language.ts';
import { formatPrice, toCents } from './money.ts';
import { type ShippingMethod, shippingPrice } from './shipping.ts';
import { summaryRow } from './summary-row.ts';
import { words } from './words.ts';

export function orderLines(lines: readonly CartLine[]): HTMLElement {
  const items = lines.map(({ product, quantity }) =>
    h(
      'li',
      {},
      illustration(product.item_id, { eager: true }),
      h('span', { class: 'order-name' }, inLanguage(product.name), h('small', {}, `× ${quantity}`)),
      h('span', { class: 'price' }, formatPrice(toCents(product.price * quantity))),
    ),
  );
  return h('ul', { class: 'order-lines' }, ...items);
}

export function priceOrFree(price: number): string {
  return price === 0 ? words.free : formatPrice(price);
}

export function expectedTotals(lines: readonly CartLine[], method: ShippingMethod): HTMLElement {
  const subtotal = subtotalOf(lines);
  const shipping = shippingPrice(method, subtotal);
  return h(
    'dl',
    {},
    summaryRow(words.subtotal, formatPrice(subtotal)),
    summaryRow(words.shipping, priceOrFree(shipping)),
    summaryRow(words.total, formatPrice(toCents(subtotal + shipping)), 'total'),
  );
}
