import { trackPageView } from './analytics.ts';
import { announcements } from './announce.ts';
import { cartCount, onCartChange } from './cart.ts';
import { categories } from './catalogue.ts';
import { type Child, h } from './dom.ts';
import { type Language, inLanguage, language, urlInLanguage } from './language.ts';
import { categoryLink, shopLink } from './links.ts';
import { formatPrice } from './money.ts';
import { FREE_SHIPPING_FROM } from './shipping.ts';
import { words } from './words.ts';

const BRAND = 'Haru & Pine';

const languageNames: readonly { code: Language; name: string }[] = [
  { code: 'en', name: 'EN' },
  { code: 'ko', name: '한국어' },
];

/**
 * Builds the page around its content in one go, so that nothing moves once it is painted. The
 * content is built last: its events belong after the page view.
 */
export function showPage(title: string, content: () => readonly Child[]): void {
  setTitle(title);
  trackPageView();
  document.body.prepend(
    h('a', { class: 'skip', href: '#content' }, words.skip),
    h(
      'aside',
      { class: 'strip', 'aria-label': words.shipping },
      words.announcement(shortPrice(FREE_SHIPPING_FROM)),
    ),
    header(),
    h('main', { id: 'content', tabindex: '-1' }, ...content()),
    footer(),
    announcements,
  );
}

export function setTitle(title: string): void {
  document.title = `${title} · ${BRAND}`;
}

/** "€60" rather than "€60.00", where an amount stands in a sentence. */
export function shortPrice(amount: number): string {
  return formatPrice(amount).replace(/[.,]00\b/u, '');
}

function header(): HTMLElement {
  return h(
    'header',
    { class: 'header' },
    h(
      'a',
      { class: 'brand', href: shopLink('/'), 'aria-label': words.home },
      h('img', { src: '/favicon.svg', alt: '', width: 34, height: 34 }),
      h('span', {}, BRAND),
    ),
    h('nav', { class: 'menu', 'aria-label': words.mainMenu }, menu()),
    h('div', { class: 'header-end' }, languageSwitch(), bellPlace(), cartLink()),
  );
}

function menu(): HTMLElement {
  const links = categories.map(({ slug, name }) => {
    const current = location.pathname === `/category/${slug}`;
    const label = inLanguage(name);
    return h(
      'li',
      {},
      h('a', { href: categoryLink(slug), 'aria-current': current ? 'page' : undefined }, label),
    );
  });
  return h('ul', {}, ...links);
}

function languageSwitch(): HTMLElement {
  const links = languageNames.map(({ code, name }) =>
    h(
      'a',
      {
        href: urlInLanguage(code),
        lang: code,
        hreflang: code,
        'aria-current': code === language ? 'true' : undefined,
      },
      name,
    ),
  );
  return h('div', { class: 'languages', role: 'group', 'aria-label': words.languages }, ...links);
}

/** Where the shop's messages can be read again; empty, with its room kept, until there is one. */
function bellPlace(): HTMLElement {
  return h('span', { class: 'bell-place', 'data-cartbell-bell': '' });
}

function cartLink(): HTMLElement {
  const badge = h('span', { class: 'badge' });
  const unit = h('span', { class: 'hidden' });
  const link = h('a', { class: 'cart-link', href: shopLink('/cart') }, words.cart, ' ', badge, ' ', unit);
  const update = (): void => {
    const count = cartCount();
    badge.textContent = String(count);
    badge.toggleAttribute('data-empty', count === 0);
    unit.textContent = words.cartUnit(count);
  };
  update();
  onCartChange(update);
  return link;
}

function footer(): HTMLElement {
  const shop = categories.map(({ slug, name }) =>
    h('li', {}, h('a', { href: categoryLink(slug) }, inLanguage(name))),
  );
  const help = words.footerHelpLines.map((line) => h('li', {}, line));
  return h(
    'footer',
    { class: 'footer' },
    h(
      'div',
      { class: 'footer-inner' },
      h('div', {}, h('p', { class: 'footer-brand' }, BRAND), h('p', {}, words.tagline)),
      h('div', {}, h('h2', {}, words.footerShop), h('ul', {}, ...shop)),
      h('div', {}, h('h2', {}, words.footerHelp), h('ul', {}, ...help)),
    ),
    h('p', { class: 'footer-note' }, words.footerNote),
  );
}
