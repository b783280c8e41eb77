import { breadcrumbs } from './breadcrumbs.ts';
import { type Category, type Product, categories, products } from './catalogue.ts';
import { fill, h } from './dom.ts';
import { inLanguage } from './language.ts';
import { showPage } from './layout.ts';
import { slugOfPage } from './links.ts';
import { showNotFound } from './not-found.ts';
import { productCard, productGrid } from './product-card.ts';
import { words } from './words.ts';

type Order = 'featured' | 'cheapest' | 'dearest';

const orders: readonly { value: Order; label: string }[] = [
  { value: 'featured', label: words.sortFeatured },
  { value: 'cheapest', label: words.sortCheapest },
  { value: 'dearest', label: words.sortDearest },
];

function sorted(shown: readonly Product[], order: string): readonly Product[] {
  if (order === 'cheapest') return shown.toSorted((a, b) => a.price - b.price);
  if (order === 'dearest') return shown.toSorted((a, b) => b.price - a.price);
  return shown;
}

function sortField(onSort: (order: string) => void): HTMLElement {
  const select = h(
    'select',
    { id: 'sort', change: () => onSort(select.value) },
    ...orders.map(({ value, label }) => h('option', { value }, label)),
  );
  return h('div', { class: 'sort' }, h('label', { for: 'sort' }, words.sort), select);
}

function categoryView(category: Category): HTMLElement {
  const shown = products.filter((product) => product.category === category.slug);
  const name = inLanguage(category.name);
  const list = { id: category.slug, name };
  const grid = h('div', {});
  const sort = sortField((order) => {
    const cards = sorted(shown, order).map((product) => productCard(list, product));
    fill(grid, h('ul', { class: 'grid grid-three' }, ...cards));
  });
  const first = productGrid(list, shown);
  first.classList.add('grid-three');
  fill(grid, first);
  return h(
    'div',
    { class: 'section' },
    breadcrumbs(category),
    h('h1', {}, name),
    h('p', { class: 'section-text' }, inLanguage(category.intro)),
    h('div', { class: 'list-head' }, h('p', {}, words.pieces(shown.length)), sort),
    h('h2', { class: 'hidden' }, words.pieces(shown.length)),
    grid,
  );
}

const category = categories.find(({ slug }) => slug === slugOfPage());
if (category) showPage(inLanguage(category.name), () => [categoryView(category)]);
else showNotFound();
