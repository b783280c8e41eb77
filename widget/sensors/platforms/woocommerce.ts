import type { CartSigns, Fields, Platform, PlatformCart } from './platform.ts';

/** What the scripts of classic themes trigger on the body by jQuery. */
const CLASSIC_EVENTS = [
  'added_to_cart',
  'removed_from_cart',
  'updated_cart_totals',
  'updated_wc_div',
  'wc_cart_emptied',
  'applied_coupon',
  'removed_coupon',
].join(' ');
/** What blocks dispatch on the body, after the server has answered. */
const BLOCK_EVENTS = ['wc-blocks_added_to_cart', 'wc-blocks_removed_from_cart'];
/** How the blocks' stores tell each other on the window of any other change, such as of a quantity. */
const SYNC_EVENT = 'wc-blocks_store_sync_required';

type JQuery = (target: unknown) => Record<'on' | 'off', (events: string, handler: () => void) => void>;

/** WooCommerce, classic and blocks alike: both have their cart in the session that the Store API answers from. */
export function woocommerce(): Platform {
  // Sites may live in a folder, and have addresses without "/wp-json/".
  const link = document.querySelector<HTMLLinkElement>('link[rel="https://api.w.org/"]');
  const address = `${link?.href ?? '/wp-json/'}wc/store/v1/cart`;
  return {
    async read() {
      const response = await fetch(address, { headers: { accept: 'application/json' } });
      return cartOf((await response.json()) as Fields);
    },
    changedBy:
      /\/wc\/store(\/v\d+)?\/(cart\/\w|batch)|[?&]wc-ajax=(add_to|remove_from)_cart|[?&]wc-ajax=\w+_coupon/,
    listen,
    isCartPage: () => document.body.classList.contains('woocommerce-cart'),
  };
}

function cartOf({ items, totals }: Fields): PlatformCart {
  if (!Array.isArray(items)) throw new Error('This is not a cart of the Store API.');
  return {
    currency: ((totals ?? {}) as Fields)['currency_code'],
    items: (items as Fields[]).map((item) => ({
      // As WooCommerce names a product to search engines: by its SKU, or its id where there is none.
      item_id: item['sku'] || item['id'],
      item_name: plain(item['name']),
      item_variant: plain(
        ((item['variation'] ?? []) as { value: string }[]).map(({ value }) => value).join(' / '),
      ),
      price: priceOf((item['prices'] ?? {}) as Fields),
      quantity: item['quantity'],
    })),
  };
}

/** Prices are whole numbers of what the shop shows as its smallest unit, which may be another one than its currency's. */
function priceOf({ price, currency_minor_unit: shown, currency_code: code }: Fields): number {
  const digits = typeof shown === 'number' ? shown : digitsOf(String(code));
  return Number(price) / 10 ** digits;
}

function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Names come escaped for HTML. No part of the page's parser is used, which Trusted Types may have forbidden. */
function plain(html: unknown): string {
  if (typeof html !== 'string') return '';
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => named[name] ?? '');
}

function listen({ changed }: CartSigns): () => void {
  const { jQuery } = window as Window & { jQuery?: JQuery };
  jQuery?.(document.body).on(CLASSIC_EVENTS, changed);
  for (const name of BLOCK_EVENTS) document.body.addEventListener(name, changed);
  window.addEventListener(SYNC_EVENT, changed);
  return () => {
    jQuery?.(document.body).off(CLASSIC_EVENTS, changed);
    for (const name of BLOCK_EVENTS) document.body.removeEventListener(name, changed);
    window.removeEventListener(SYNC_EVENT, changed);
  };
}
