import { type Category, type Product, categories, products } from './catalogue.ts';
import { h } from './dom.ts';
import { illustration } from './illustration.ts';
import { inLanguage } from './language.ts';
import { showPage, shortPrice } from './layout.ts';
import { categoryLink } from './links.ts';
import { productGrid } from './product-card.ts';
import { FREE_SHIPPING_FROM } from './shipping.ts';
import { words } from './words.ts';

const BESTSELLERS = ['mug', 'teapot', 'pendant-lamp', 'blanket', 'candle', 'plant', 'plate', 'vase'];

function bestsellers(): Product[] {
  return BESTSELLERS.flatMap((id) => products.filter(({ item_id }) => item_id === id));
}

function hero(): HTMLElement {
  return h(
    'section',
    { class: 'hero' },
    h('img', {
      class: 'hero-picture',
      src: '/img/hero.svg',
      alt: words.heroAlt,
      width: 1600,
      height: 900,
      fetchpriority: 'high',
    }),
    h(
      'div',
      { class: 'hero-text' },
      h('h1', {}, words.heroTitle),
      h('p', {}, words.heroText),
      h(
        'div',
        { class: 'hero-actions' },
        h('a', { class: 'button', href: categoryLink('table') }, words.heroAction),
        h('a', { class: 'text-link', href: '#bestsellers' }, words.heroSecond),
      ),
    ),
  );
}

function categoryTile({ slug, name, cover }: Category): HTMLElement {
  return h(
    'li',
    {},
    h(
      'a',
      { class: 'tile', href: categoryLink(slug) },
      h('span', { class: 'tile-picture' }, illustration(cover)),
      h('span', { class: 'tile-name' }, inLanguage(name)),
    ),
  );
}

function story(): HTMLElement {
  return h(
    'section',
    { class: 'story' },
    h(
      'div',
      { class: 'section story-inner' },
      h('div', { class: 'arch' }, illustration('bowls')),
      h(
        'div',
        { class: 'story-text' },
        h('h2', {}, words.storyTitle),
        ...words.storyText.map((text) => h('p', {}, text)),
      ),
    ),
  );
}

function promise(picture: string, title: string, text: string): HTMLElement {
  return h(
    'li',
    {},
    h('img', { src: `/img/${picture}.svg`, alt: '', width: 64, height: 64, loading: 'lazy' }),
    h('div', {}, h('h3', {}, title), h('p', {}, text)),
  );
}

function promises(): HTMLElement {
  const from = shortPrice(FREE_SHIPPING_FROM);
  return h(
    'section',
    { class: 'section promises' },
    h('h2', { class: 'hidden' }, words.promises),
    h(
      'ul',
      {},
      promise('trust-delivery', words.promiseShipping(from), words.promiseShippingText),
      promise('trust-returns', words.promiseReturns, words.promiseReturnsText),
      promise('trust-makers', words.promiseMakers, words.promiseMakersText),
    ),
  );
}

showPage(words.tagline, () => [
  hero(),
  h(
    'section',
    { class: 'section' },
    h('h2', {}, words.categoriesTitle),
    h('ul', { class: 'tiles' }, ...categories.map(categoryTile)),
  ),
  h(
    'section',
    { class: 'section', id: 'bestsellers' },
    h('h2', {}, words.bestsellers),
    h('p', { class: 'section-text' }, words.bestsellersText),
    productGrid({ id: 'bestsellers', name: words.bestsellers }, bestsellers()),
  ),
  story(),
  promises(),
]);
