import type { CartLine } from './cart.ts';
import { h } from './dom.ts';
import { language } from './language.ts';
import { shopLink } from './links.ts';
import { formatPrice } from './money.ts';
import { orderLines, priceOrFree } from './order-summary.ts';
import type { Order } from './orders.ts';
import { summaryRow } from './summary-row.ts';
import { words } from './words.ts';

function discountLabel({ percentOff }: Order): string {
  if (percentOff === null) return words.discount;
  const percent = new Intl.NumberFormat(language, { style: 'percent' }).format(percentOff / 100);
  return words.discountPercent(percent);
}

export function thankYouView(order: Order, lines: readonly CartLine[], email: string): HTMLElement {
  return h(
    'section',
    { class: 'thanks' },
    h('h1', { tabindex: '-1' }, words.thanksTitle),
    h('p', {}, words.thanksText(email)),
    h(
      'p',
      { class: 'order-number' },
      h('span', {}, words.orderNumber),
      h('strong', { 'data-order-id': order.id }, order.id),
    ),
    h(
      'div',
      { class: 'summary' },
      orderLines(lines),
      h(
        'dl',
        {},
        summaryRow(words.subtotal, formatPrice(order.subtotal)),
        order.discount > 0 && summaryRow(discountLabel(order), formatPrice(-order.discount), 'discount'),
        summaryRow(words.shipping, priceOrFree(order.shipping)),
        summaryRow(words.total, formatPrice(order.total), 'total'),
      ),
    ),
    h('a', { class: 'button', href: shopLink('/') }, words.backToShop),
  );
}
