import { pageOf, serve, ShopCart, type Storefront } from './storefront.ts';

const PRICES = { prod_a: 19.99, prod_b: 5 };

const scriptFor = (backend: string) => `localStorage.setItem('cart_id', 'cart_01');
const items = (path, body) => fetch('${backend}/store/carts/cart_01/line-items' + path,
  { method: 'POST', headers: { 'content-type': 'application/json', 'x-publishable-api-key': 'pk_01' }, body: JSON.stringify(body) });
window.buy = async (id, quantity) => {
  const { cart } = await (await items('', { variant_id: id, quantity })).json();
  if (!document.querySelector('[data-medusa]')) cartbell('medusa', cart);
};
window.change = (id, quantity) => items('/' + id, { quantity });`;

/** A storefront and its Medusa backend on another origin; carts as docs.medusajs.com/api/store has them. */
export async function medusaShop(
  hub: string,
  tagFor: (backend: string) => string,
  port: number,
): Promise<Storefront> {
  const cart = new ShopCart(PRICES);
  const whole = () => ({
    id: 'cart_01',
    currency_code: 'eur',
    email: 'jo@example.com',
    items: cart.lines().map(({ id, price, quantity }) => ({
      id,
      product_id: id,
      product_title: `Product ${id}`,
      variant_title: null,
      unit_price: price,
      quantity,
    })),
  });
  const backend = await serve(({ path, body }) => {
    const [, line] = /^\/store\/carts\/cart_01\/line-items\/?(.*)$/.exec(path) ?? [];
    if (line === '') cart.add(String(body['variant_id']), Number(body['quantity']));
    else if (line !== undefined) cart.set(line, Number(body['quantity']));
    return path.startsWith('/store/carts/cart_01') ? { json: { cart: whole() } } : null;
  });
  const html = pageOf({ hub, tag: tagFor(backend), script: scriptFor(backend) });
  const url = await serve(({ path }) => (path === '/' ? { html } : null), port);
  return { url, cart: () => cart.lines(), set: (id, quantity) => cart.set(id, quantity) };
}
