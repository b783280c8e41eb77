import { trackItems } from './analytics.ts';
import { changeQuantity } from './cart-changes.ts';
import { type CartLine, onCartChange, readCart, subtotalOf } from './cart.ts';
import { type Child, fill, h } from './dom.ts';
import { emptyView } from './empty-view.ts';
import { illustration } from './illustration.ts';
import { inLanguage } from './language.ts';
import { showPage } from './layout.ts';
import { productLink, shopLink } from './links.ts';
import { formatPrice, toCents } from './money.ts';
import { quantityStepper } from './quantity-stepper.ts';
import { rememberedCode } from './remembered-code.ts';
import { FREE_SHIPPING_FROM, shippingPrice } from './shipping.ts';
import { isLow } from './stock.ts';
import { summaryRow } from './summary-row.ts';
import { words } from './words.ts';

function lineView({ product, quantity }: CartLine): HTMLElement {
  const name = inLanguage(product.name);
  const stepper = quantityStepper({
    label: words.quantityOf(name),
    value: quantity,
    max: product.stock,
    focusKey: product.item_id,
    onChange: (wanted) => changeQuantity(product, wanted),
  });
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'text-button',
      'aria-label': words.removeOf(name),
      click: () => changeQuantity(product, 0),
    },
    words.remove,
  );
  const href = productLink(product.item_id);
  return h(
    'li',
    { class: 'line' },
    h(
      'a',
      { class: 'line-picture', href, tabindex: '-1', 'aria-hidden': 'true' },
      illustration(product.item_id, { eager: true }),
    ),
    h(
      'div',
      { class: 'line-text' },
      h('h2', {}, h('a', { href }, name)),
      h('p', {}, words.each(formatPrice(product.price))),
      isLow(product) && h('p', { class: 'stock-low' }, words.lowStock(product.stock)),
    ),
    h('div', { class: 'line-quantity' }, stepper.element, remove),
    h('p', { class: 'line-total price' }, formatPrice(toCents(product.price * quantity))),
  );
}

function freeShippingNote(subtotal: number): HTMLElement {
  const rest = toCents(FREE_SHIPPING_FROM - subtotal);
  return h(
    'div',
    { class: 'free-shipping' },
    h('p', {}, rest > 0 ? words.untilFree(formatPrice(rest)) : words.freeReached),
    h('progress', {
      'aria-label': words.freeProgress,
      max: FREE_SHIPPING_FROM,
      value: Math.min(subtotal, FREE_SHIPPING_FROM),
    }),
  );
}

/** Kept over every drawing of the page: Cartbell may have filled it. */
const cartPromise = h('div', { class: 'promise', 'data-cartbell-slot': 'cart-promise' });

function summary(lines: readonly CartLine[]): HTMLElement {
  const subtotal = subtotalOf(lines);
  const shipping = shippingPrice('standard', subtotal);
  const code = rememberedCode();
  return h(
    'section',
    { class: 'summary', 'aria-labelledby': 'summary-title' },
    h('h2', { id: 'summary-title' }, words.summary),
    freeShippingNote(subtotal),
    h(
      'dl',
      {},
      summaryRow(words.subtotal, formatPrice(subtotal)),
      summaryRow(words.standardShipping, shipping === 0 ? words.free : formatPrice(shipping)),
      summaryRow(words.total, formatPrice(toCents(subtotal + shipping)), 'total'),
    ),
    h('p', { class: 'small' }, words.vat),
    cartPromise,
    code !== '' && h('p', { class: 'code-note' }, words.codeWaiting(code)),
    h('a', { class: 'button button-wide', href: shopLink('/checkout') }, words.toCheckout),
    h('a', { class: 'text-link', href: shopLink('/') }, words.keepShopping),
  );
}

function cartView(lines: readonly CartLine[]): Child {
  if (lines.length === 0) return emptyView(words.cartEmpty, words.cartEmptyText, 'basket');
  return h(
    'div',
    { class: 'section' },
    h('h1', { tabindex: '-1', 'data-focus': 'title' }, words.cartTitle),
    h('div', { class: 'columns' }, h('ul', { class: 'lines' }, ...lines.map(lineView)), summary(lines)),
  );
}

const view = h('div', {});

function redraw(): void {
  const focused = document.activeElement;
  const hadFocus = focused !== null && view.contains(focused);
  const key = focused?.getAttribute('data-focus') ?? 'title';
  fill(view, cartView(readCart()));
  if (!hadFocus) return;
  const again = [...view.querySelectorAll<HTMLElement>('[data-focus]')];
  (again.find((element) => element.dataset['focus'] === key) ?? again[0])?.focus();
}

showPage(words.cartTitle, () => {
  const lines = readCart();
  trackItems('view_cart', subtotalOf(lines), lines);
  redraw();
  return [view];
});
onCartChange(redraw);
