import { addressForm } from './address-form.ts';
import { trackItems } from './analytics.ts';
import { type CartLine, clearCart, onCartChange, readCart, subtotalOf } from './cart.ts';
import { type Choice, choice } from './choice.ts';
import { codeField } from './code-field.ts';
import { fill, h } from './dom.ts';
import { emptyView } from './empty-view.ts';
import { setTitle, showPage } from './layout.ts';
import { toCents } from './money.ts';
import { expectedTotals, orderLines, priceOrFree } from './order-summary.ts';
import { type Order, type OrderAnswer, placeOrder } from './orders.ts';
import { forgetCode } from './remembered-code.ts';
import { type ShippingMethod, shippingPrice } from './shipping.ts';
import { thankYouView } from './thank-you.ts';
import { words } from './words.ts';

type Payment = 'card' | 'invoice';

const view = h('div', {});
const address = addressForm();
const code = codeField();
const summaryLines = h('div', {});
const summaryTotals = h('div', {});
const problem = h('p', { class: 'error form-error', role: 'alert' });
const submit = h('button', { type: 'submit', class: 'button button-wide' }, words.placeOrder);

let progress: 'open' | 'placing' | 'placed' = 'open';
let toldShipping: ShippingMethod | null = null;
let toldPayment: Payment | null = null;

const shipping: Choice<ShippingMethod> = choice<ShippingMethod>({
  name: 'shipping',
  legend: words.shippingMethod,
  options: [
    { value: 'standard', label: words.standard, text: words.standardTime, end: endOf('standard') },
    { value: 'express', label: words.express, text: words.expressTime, end: endOf('express') },
  ],
  onChoose: () => {
    drawSummary();
    tellShipping();
  },
});

const payment: Choice<Payment> = choice<Payment>({
  name: 'payment',
  legend: words.payment,
  options: [
    { value: 'card', label: words.card, text: words.cardText },
    { value: 'invoice', label: words.invoice, text: words.invoiceText },
  ],
  onChoose: tellPayment,
});

function endOf(method: ShippingMethod): string {
  return priceOrFree(shippingPrice(method, subtotalOf(readCart())));
}

// The choices start with an answer, so a shopper may place the order without touching them.
function tellShipping(): void {
  if (toldShipping === shipping.value()) return;
  toldShipping = shipping.value();
  const lines = readCart();
  trackItems('add_shipping_info', subtotalOf(lines), lines, { shipping_tier: toldShipping });
}

function tellPayment(): void {
  tellShipping();
  if (toldPayment === payment.value()) return;
  toldPayment = payment.value();
  const lines = readCart();
  trackItems('add_payment_info', subtotalOf(lines), lines, { payment_type: toldPayment });
}

function drawSummary(): void {
  const lines = readCart();
  fill(summaryLines, orderLines(lines));
  fill(summaryTotals, expectedTotals(lines, shipping.value()));
}

function demoNote(): HTMLElement {
  return h(
    'div',
    { class: 'demo-note' },
    h('p', {}, words.demoNote),
    h(
      'button',
      { type: 'button', class: 'text-button', click: () => address.fillExample() },
      words.fillExample,
    ),
  );
}

function checkoutView(): HTMLElement {
  return h(
    'div',
    { class: 'section' },
    h('h1', {}, words.checkoutTitle),
    h(
      'form',
      { class: 'columns', novalidate: true, submit: onSubmit },
      h('div', {}, demoNote(), address.element, shipping.element, payment.element),
      h(
        'section',
        { class: 'summary', 'aria-labelledby': 'summary-title' },
        h('h2', { id: 'summary-title' }, words.summary),
        summaryLines,
        code.element,
        summaryTotals,
        h('p', { class: 'small' }, words.vat),
        problem,
        submit,
      ),
    ),
  );
}

function onSubmit(event: Event): void {
  event.preventDefault();
  problem.textContent = '';
  if (progress !== 'open' || !address.check()) return;
  tellPayment();
  void order(readCart());
}

async function order(lines: readonly CartLine[]): Promise<void> {
  progress = 'placing';
  submit.setAttribute('aria-disabled', 'true');
  submit.textContent = words.placing;
  const usedCode = code.code();
  const answer = await placeOrder({ lines, shipping: shipping.value(), code: usedCode });
  if (answer.kind === 'placed') finish(answer.order, lines, usedCode);
  else refuse(answer);
}

function refuse(answer: Exclude<OrderAnswer, { kind: 'placed' }>): void {
  progress = 'open';
  submit.setAttribute('aria-disabled', 'false');
  submit.textContent = words.placeOrder;
  drawCheckout();
  if (answer.kind === 'code') code.refuse(answer.error);
  else problem.textContent = answer.kind === 'invalid' ? words.orderInvalid : words.orderFailed;
}

function finish(placed: Order, lines: readonly CartLine[], usedCode: string): void {
  progress = 'placed';
  clearCart();
  forgetCode();
  setTitle(words.thanksTitle);
  const thanks = thankYouView(placed, lines, address.email());
  fill(view, thanks);
  scrollTo({ top: 0, behavior: 'instant' });
  thanks.querySelector('h1')?.focus();
  trackItems('purchase', toCents(placed.subtotal - placed.discount), lines, {
    transaction_id: placed.id,
    shipping: placed.shipping,
    ...(usedCode === '' ? {} : { coupon: usedCode }),
  });
}

function drawCheckout(): void {
  // Once an order is on its way the cart empties for a good reason.
  if (progress !== 'open') return;
  if (readCart().length === 0) {
    fill(view, emptyView(words.cartEmpty, words.checkoutEmptyText, 'basket'));
    return;
  }
  drawSummary();
  if (!view.querySelector('form')) fill(view, checkoutView());
}

showPage(words.checkoutTitle, () => {
  const lines = readCart();
  if (lines.length > 0) trackItems('begin_checkout', subtotalOf(lines), lines);
  drawCheckout();
  return [view];
});
onCartChange(drawCheckout);
