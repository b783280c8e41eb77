import type { Category } from './catalogue.ts';
import { h } from './dom.ts';
import { inLanguage } from './language.ts';
import { categoryLink, shopLink } from './links.ts';
import { words } from './words.ts';

export function breadcrumbs(category: Category, productName?: string): HTMLElement {
  const name = inLanguage(category.name);
  const onProduct = productName !== undefined;
  return h(
    'nav',
    { class: 'breadcrumbs', 'aria-label': words.breadcrumbs },
    h(
      'ol',
      {},
      h('li', {}, h('a', { href: shopLink('/') }, words.breadcrumbHome)),
      onProduct
        ? h('li', {}, h('a', { href: categoryLink(category.slug) }, name))
        : h('li', { 'aria-current': 'page' }, name),
      onProduct && h('li', { 'aria-current': 'page' }, productName),
    ),
  );
}
