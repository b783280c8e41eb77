import type { PageStorage } from '../../page-storage.ts';
import type { Fields, Platform, PlatformCart } from './platform.ts';

/** Where Medusa's guides have a storefront keep the id of its cart. */
const CART_ID = 'cart_id';

/**
 * A storefront on Medusa v2, which dispatches nothing in the page. Where its tag names the backend
 * (`data-medusa="https://…" data-medusa-key="pk_…"`), the Store API is asked after each request that changes the cart;
 * a storefront whose server talks to Medusa hands over the carts that it gets: `cartbell('medusa', cart)`.
 */
export function medusa(
  tag: HTMLElement | null,
  given: { readonly cart: unknown },
  device: Pick<PageStorage, 'get'>,
): Platform {
  const backend = tag?.dataset['medusa']?.replace(/\/$/, '');
  return {
    read: async () => cartOf(backend && tag ? await ask(backend, tag, device) : given.cart),
    changedBy: /\/store\/carts(\/[^/?]+\/[\w-]+.*)?(\?|$)/,
    listen: () => () => undefined,
    isCartPage: () => false,
  };
}

async function ask(backend: string, tag: HTMLElement, device: Pick<PageStorage, 'get'>): Promise<unknown> {
  const id = tag.dataset['medusaCart'] ?? device.get(CART_ID);
  if (!id) return { items: [] };
  const response = await fetch(`${backend}/store/carts/${encodeURIComponent(id)}`, {
    headers: { accept: 'application/json', 'x-publishable-api-key': tag.dataset['medusaKey'] ?? '' },
  });
  // A cart that is no more; the storefront will make another one.
  if (response.status === 404) return { items: [] };
  return ((await response.json()) as Fields)['cart'];
}

function cartOf(given: unknown): PlatformCart {
  const cart = (given ?? {}) as Fields;
  // A completed cart is an order, and Medusa keeps it as it was.
  const items = cart['completed_at'] ? [] : cart['items'];
  if (!Array.isArray(items)) throw new Error('This is not a Medusa cart.');
  return {
    currency: cart['currency_code'],
    items: (items as Fields[]).map((item) => ({
      item_id: item['product_id'] ?? item['variant_id'] ?? item['title'],
      item_name: item['product_title'] ?? item['title'],
      item_variant: item['variant_title'],
      // Medusa v2 has prices in whole units: 19.99, not 1999.
      price: Number(item['unit_price']),
      quantity: item['quantity'],
    })),
  };
}
