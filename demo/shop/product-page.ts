import { addButton } from './add-button.ts';
import { trackItems } from './analytics.ts';
import { breadcrumbs } from './breadcrumbs.ts';
import { type Category, type Product, categories, products } from './catalogue.ts';
import { h } from './dom.ts';
import { illustration } from './illustration.ts';
import { inLanguage } from './language.ts';
import { shortPrice, showPage } from './layout.ts';
import { slugOfPage } from './links.ts';
import { formatPrice } from './money.ts';
import { showNotFound } from './not-found.ts';
import { productGrid } from './product-card.ts';
import { quantityStepper } from './quantity-stepper.ts';
import { FREE_SHIPPING_FROM, shippingPrice } from './shipping.ts';
import { isLow, isSoldOut } from './stock.ts';
import { words } from './words.ts';

const RELATED = 4;

function stockNote(product: Product): HTMLElement {
  if (isSoldOut(product)) return h('p', { class: 'stock stock-out' }, words.soldOutNote);
  if (isLow(product)) return h('p', { class: 'stock stock-low' }, words.lowStock(product.stock));
  return h('p', { class: 'stock' }, words.inStock);
}

function buyRow(product: Product): HTMLElement {
  if (isSoldOut(product))
    return h(
      'div',
      { class: 'buy' },
      addButton(product, () => 1),
    );
  const quantity = quantityStepper({
    label: words.quantity,
    value: 1,
    max: product.stock,
    focusKey: 'quantity',
  });
  return h('div', { class: 'buy' }, quantity.element, addButton(product, quantity.value));
}

function detail(title: string, text: string): HTMLElement {
  return h('details', {}, h('summary', {}, title), h('p', {}, text));
}

function productView(product: Product, category: Category): HTMLElement {
  const name = inLanguage(product.name);
  const delivery = words.deliveryText(
    formatPrice(shippingPrice('standard', 0)),
    formatPrice(shippingPrice('express', 0)),
    shortPrice(FREE_SHIPPING_FROM),
  );
  return h(
    'div',
    { class: 'section' },
    breadcrumbs(category, name),
    h(
      'article',
      { class: 'product' },
      h('div', { class: 'product-picture' }, illustration(product.item_id, { alt: name, eager: true })),
      h(
        'div',
        { class: 'product-text' },
        h('p', { class: 'eyebrow' }, inLanguage(category.name)),
        h('h1', {}, name),
        h('p', { class: 'product-price' }, formatPrice(product.price)),
        h('p', { class: 'product-description' }, inLanguage(product.description)),
        stockNote(product),
        buyRow(product),
        h(
          'div',
          { class: 'details' },
          detail(words.deliveryTitle, delivery),
          detail(words.careTitle, words.careText),
        ),
      ),
    ),
  );
}

function related(product: Product): HTMLElement {
  const sameCategory = products.filter(({ category }) => category === product.category);
  const at = sameCategory.indexOf(product);
  const others = [...sameCategory.slice(at + 1), ...sameCategory.slice(0, at)].slice(0, RELATED);
  return h(
    'section',
    { class: 'section' },
    h('h2', {}, words.related),
    productGrid({ id: 'related', name: words.related }, others),
  );
}

const product = products.find(({ item_id }) => item_id === slugOfPage());
const category = categories.find(({ slug }) => slug === product?.category);
if (product && category) {
  showPage(inLanguage(product.name), () => {
    trackItems('view_item', product.price, [{ product, quantity: 1 }]);
    return [productView(product, category), related(product)];
  });
} else {
  showNotFound();
}
