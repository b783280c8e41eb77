import { pageOf, serve, ShopCart, type Storefront } from './storefront.ts';

const PRICES = { '38': 18, '22': 55.5 };

/** As much of jQuery's events as WooCommerce's scripts use. */
const JQUERY = `const handlers = {};
window.jQuery = () => ({
  on: (events, handler) => events.split(' ').forEach((name) => (handlers[name] ??= []).push(handler)),
  off: () => {},
  trigger: (name) => (handlers[name] ?? []).forEach((handler) => handler()),
});`;

/** A classic theme's archive page: the link asks `wc-ajax` and the script triggers on the body what came of it. */
const CLASSIC = `${JQUERY}
window.buy = async (id, quantity) => {
  dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', items: [{ item_id: id, price: 1, quantity }] } });
  await fetch('/?wc-ajax=add_to_cart', { method: 'POST', body: new URLSearchParams({ product_id: id, quantity }) });
  jQuery(document.body).trigger('added_to_cart');
};`;

/** Blocks: the Store API, events on the body for what is added, and the stores' own word for all else. */
const BLOCKS = `const store = (path, body) => fetch('/wp-json/wc/store/v1/cart/' + path,
  { method: 'POST', headers: { 'content-type': 'application/json', Nonce: 'n' }, body: JSON.stringify(body) });
window.wc = {};
window.buy = async (id, quantity) => {
  await store('add-item', { id, quantity });
  document.body.dispatchEvent(new CustomEvent('wc-blocks_added_to_cart', { bubbles: true, cancelable: true, detail: { preserveCartData: false } }));
};
window.change = async (id, quantity) => {
  await store('update-item', { key: id, quantity });
  window.dispatchEvent(new CustomEvent('wc-blocks_store_sync_required', { detail: { type: 'from_iAPI', quantityChanges: {} } }));
};`;

const FORM = `<form method="post" action="/product"><input type="hidden" name="add-to-cart" value="22">
<button>Add to cart</button></form><a href="/cart?remove_item=22">Remove</a>`;

/** A WooCommerce shop; carts as developer.woocommerce.com/docs/apis/store-api has them. */
export async function woocommerceShop(
  look: 'classic' | 'blocks',
  hub: string,
  tag: string,
  port: number,
): Promise<Storefront> {
  const cart = new ShopCart(PRICES);
  const money = { currency_code: 'EUR', currency_minor_unit: 2 };
  const whole = () => ({
    items: cart.lines().map(({ id, price, quantity }) => ({
      key: id,
      id: Number(id),
      sku: '',
      name: `Product ${id}`,
      quantity,
      variation: [],
      prices: { price: String(price * 100), ...money },
    })),
    totals: money,
    items_count: cart.lines().length,
  });
  const script = look === 'classic' ? CLASSIC : BLOCKS;
  const bodyClass = look === 'classic' ? 'theme-storefront woocommerce woocommerce-page woocommerce-js' : '';
  const page = (more = '') => ({
    html: pageOf({ hub, tag, script, body: FORM, bodyClass: `${bodyClass} ${more}` }),
  });
  const url = await serve(({ path, query, method, body }) => {
    if (query.get('wc-ajax') === 'add_to_cart') {
      cart.add(String(body['product_id']), Number(body['quantity']));
      return { json: { fragments: {}, cart_hash: 'h' } };
    }
    switch (path) {
      case '/':
        return page();
      case '/product':
        if (method === 'POST') cart.add(String(body['add-to-cart']), 1);
        return page();
      case '/cart':
        if (!query.has('remove_item')) return page('woocommerce-cart');
        cart.set(String(query.get('remove_item')), 0);
        return { to: '/cart' };
      case '/wp-json/wc/store/v1/cart':
        return { json: whole() };
      case '/wp-json/wc/store/v1/cart/add-item':
        cart.add(String(body['id']), Number(body['quantity']));
        return { json: whole(), status: 201 };
      case '/wp-json/wc/store/v1/cart/update-item':
        cart.set(String(body['key']), Number(body['quantity']));
        return { json: whole() };
      default:
        return null;
    }
  }, port);
  return { url, cart: () => cart.lines(), set: (id, quantity) => cart.set(id, quantity) };
}
