import { pageOf, serve, ShopCart, type Storefront } from './storefront.ts';

const PRICES = { '101': 18.5, '102': 42 };

/** The theme's side. `buy` dispatches Shopify's standard event; `change` only asks the Ajax API, as older themes do. */
const THEME = `window.Shopify = { routes: { root: '/' } };
const post = (path, body) => fetch('/cart/' + path + '.js',
  { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
window.buy = (id, quantity) => {
  const promise = post('add', { items: [{ id, quantity }] });
  document.dispatchEvent(Object.assign(new Event('shopify:cart:lines-update', { bubbles: true }),
    { action: 'add', context: 'product', lines: [{ merchandiseId: 'gid://shopify/ProductVariant/' + id, quantity }], promise }));
  dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', items: [{ item_id: 'shopify_DE_' + id, price: 1, quantity }] } });
  return promise;
};
window.change = (id, quantity) => post('change', { id, quantity });`;

/** A Liquid storefront: Shopify's Ajax API for carts, as shopify.dev/docs/api/ajax/reference/cart has it. */
export async function shopifyShop(hub: string, tag: string, port: number): Promise<Storefront> {
  const cart = new ShopCart(PRICES);
  const line = ({ id, price, quantity }: { id: string; price: number; quantity: number }) => ({
    id: Number(id),
    variant_id: Number(id),
    product_id: Number(id),
    product_title: `Product ${id}`,
    variant_title: null,
    price: price * 100,
    final_price: price * 100,
    quantity,
  });
  const whole = () => ({
    token: 'c1',
    currency: 'EUR',
    item_count: cart.lines().length,
    items: cart.lines().map(line),
  });
  const url = await serve(({ path, body }) => {
    switch (path) {
      case '/':
        return { html: pageOf({ hub, tag, script: THEME }) };
      case '/cart.js':
        return { json: whole() };
      case '/cart/add.js':
        for (const { id, quantity } of body['items'] as { id: string; quantity: number }[])
          cart.add(id, quantity);
        return { json: { items: whole().items } };
      case '/cart/change.js':
        cart.set(String(body['id']), Number(body['quantity']));
        return { json: whole() };
      default:
        return null;
    }
  }, port);
  return { url, cart: () => cart.lines(), set: (id, quantity) => cart.set(id, quantity) };
}
