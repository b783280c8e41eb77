import type { CartSigns, Fields, Platform, PlatformCart } from './platform.ts';

/** Shopify's Ajax API gives every price in hundredths, those of currencies without a minor unit too. */
const PER_UNIT = 100;

/**
 * A Liquid storefront. Its standard events say that something is about to change and bring a promise of the result;
 * themes without them change the cart by the Ajax API, and those requests are seen. Either way `/cart.js` is asked.
 */
export function shopify(): Platform {
  const { Shopify } = window as Window & { Shopify?: { routes?: { root?: string } } };
  // The language is part of the address, and so of the answer.
  const root = Shopify?.routes?.root ?? '/';
  return {
    async read() {
      const response = await fetch(`${root}cart.js`, { headers: { accept: 'application/json' } });
      return cartOf((await response.json()) as Fields);
    },
    changedBy: /\/cart\/(add|change|update|clear)(\.js)?(\?|$)/,
    listen,
    isCartPage: () => location.pathname.replace(/\/$/, '') === `${root}cart`,
  };
}

function cartOf({ items, currency }: Fields): PlatformCart {
  if (!Array.isArray(items)) throw new Error('This is not a Shopify cart.');
  return {
    currency,
    items: (items as Fields[]).map((item) => ({
      item_id: item['product_id'],
      item_name: item['product_title'],
      item_variant: item['variant_title'],
      price: Number(item['final_price'] ?? item['price']) / PER_UNIT,
      quantity: item['quantity'],
    })),
  };
}

function listen({ changed, viewed, seen }: CartSigns): () => void {
  const whenDone = (event: Event) => {
    const { promise } = event as Event & { promise?: unknown };
    // A change that is declined or fails may still have changed something.
    Promise.resolve(promise).then(changed, changed);
  };
  const onProduct = (event: Event) => {
    const { context, product } = event as Event & { context?: string; product?: Fields };
    // The event also tells of cards in a list that come into sight; those nobody has opened.
    if (context === 'page' && product) seen('view_item', viewOf(product));
  };
  const handlers = {
    'shopify:cart:lines-update': whenDone,
    'shopify:cart:discount-update': whenDone,
    'shopify:cart:view': viewed,
    'shopify:product:view': onProduct,
  };
  for (const [name, handle] of Object.entries(handlers)) document.addEventListener(name, handle);
  return () => {
    for (const [name, handle] of Object.entries(handlers)) document.removeEventListener(name, handle);
  };
}

function viewOf(product: Fields): object {
  const { title, price } = (product['selectedVariant'] ?? {}) as { title?: string; price?: Fields };
  const currency = price?.['currencyCode'];
  const item = {
    // gid://shopify/Product/632910392, and the cart has 632910392.
    item_id: /\b\d+$/.exec(String(product['id']))?.[0],
    item_name: product['title'],
    ...(title ? { item_variant: title } : {}),
    ...(price ? { price: price['amount'] } : {}),
  };
  return { items: [item], ...(currency ? { currency } : {}) };
}
