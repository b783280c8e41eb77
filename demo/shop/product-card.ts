import { addButton } from './add-button.ts';
import { type ItemList, trackList, trackSelection } from './analytics.ts';
import type { Product } from './catalogue.ts';
import { h } from './dom.ts';
import { illustration } from './illustration.ts';
import { inLanguage } from './language.ts';
import { productLink } from './links.ts';
import { formatPrice } from './money.ts';
import { isLow, isSoldOut } from './stock.ts';
import { words } from './words.ts';

/** A grid of products which reports itself as a list that was seen. */
export function productGrid(list: ItemList, shown: readonly Product[]): HTMLElement {
  trackList(list, shown);
  return h('ul', { class: 'grid' }, ...shown.map((product) => productCard(list, product)));
}

export function productCard(list: ItemList, product: Product): HTMLElement {
  const select = (): void => trackSelection(list, product);
  return h(
    'li',
    { class: 'card' },
    h(
      'a',
      { class: 'card-link', href: productLink(product.item_id), click: select },
      h('span', { class: 'card-picture' }, illustration(product.item_id), flag(product)),
      h('span', { class: 'card-name' }, inLanguage(product.name)),
    ),
    h(
      'div',
      { class: 'card-end' },
      h('span', { class: 'price' }, formatPrice(product.price)),
      addButton(product, () => 1),
    ),
  );
}

function flag(product: Product): HTMLElement | null {
  if (isSoldOut(product)) return h('span', { class: 'flag flag-sold' }, words.soldOut);
  if (isLow(product)) return h('span', { class: 'flag' }, words.lowStock(product.stock));
  return null;
}
