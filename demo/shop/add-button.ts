import { announce } from './announce.ts';
import { addToCart } from './cart-changes.ts';
import { onCartChange, quantityInCart } from './cart.ts';
import type { Product } from './catalogue.ts';
import { h } from './dom.ts';
import { inLanguage } from './language.ts';
import { isSoldOut } from './stock.ts';
import { words } from './words.ts';

const CONFIRMATION_MS = 1500;

export function addButton(product: Product, quantity: () => number): HTMLButtonElement {
  const name = inLanguage(product.name);
  const label = h('span', {});
  const button = h(
    'button',
    { type: 'button', class: 'add-button', disabled: isSoldOut(product), click: add },
    label,
    h('span', { class: 'hidden' }, ` ${name}`),
  );
  let confirmation: ReturnType<typeof setTimeout> | undefined;

  function show(): void {
    const full = quantityInCart(product.item_id) >= product.stock;
    const confirming = confirmation !== undefined;
    button.toggleAttribute('data-added', confirming);
    // Not the disabled attribute: it would take the focus away from somebody who has just added.
    button.setAttribute('aria-disabled', String(full));
    if (isSoldOut(product)) label.textContent = words.soldOut;
    else if (confirming) label.textContent = words.added;
    else label.textContent = full ? words.allInCart : words.add;
  }

  function add(): void {
    if (addToCart(product, quantity()) === 0) return;
    clearTimeout(confirmation);
    confirmation = setTimeout(() => {
      confirmation = undefined;
      show();
    }, CONFIRMATION_MS);
    show();
    announce(words.addedStatus(name));
  }

  show();
  onCartChange(show);
  return button;
}
