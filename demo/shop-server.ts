import { randomBytes } from 'node:crypto';
import express, { json, Router, type Request } from 'express';
import { z } from 'zod';
import { products } from './shop/catalogue.ts';
import { shippingPrice } from './shop/shipping.ts';
import { SECRET_KEY } from './site.ts';

const Order = z.object({
  items: z
    .array(z.object({ item_id: z.string(), quantity: z.number().int().min(1).max(99) }))
    .min(1)
    .max(100),
  shipping: z.enum(['standard', 'express']),
  code: z.string().max(64).optional(),
});
type Order = z.infer<typeof Order>;

/** Pages that load what they are and nothing else: also proof that the tag works under a strict policy. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The demo shop: static pages, and a till that asks the hub about discount codes as any shop's server would. */
export function shopRouter(dir: string): Router {
  const router = Router();
  router.post('/shop/orders', json({ limit: '16kb' }), async (request, response) => {
    const order = Order.safeParse(request.body);
    const subtotal = order.success ? priceOf(order.data) : null;
    if (!order.success || subtotal === null) {
      response.status(400).json({ error: 'invalid' });
      return;
    }
    const id = `HP-${randomBytes(4).toString('hex').toUpperCase()}`;
    const code = await redeem(request, order.data.code, id);
    if ('error' in code) response.status(code.status).json({ error: code.error });
    else response.json({ order: receipt(id, subtotal, order.data.shipping, code.percentOff) });
  });
  router.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
    });
    next();
  });
  const page = (name: string) => (_request: Request, response: express.Response) =>
    response.sendFile(`${name}.html`, { root: dir });
  router.get('/', page('index'));
  router.get('/category/:slug', page('category'));
  router.get('/products/:id', page('product'));
  router.get('/cart', page('cart'));
  router.get('/checkout', page('checkout'));
  router.get('/gallery', page('gallery'));
  for (const name of ['plain', 'react', 'vue']) router.get(`/examples/${name}`, page(`examples/${name}`));
  router.use(express.static(dir, { index: false, redirect: false }));
  return router;
}

function priceOf({ items }: Order): number | null {
  let sum = 0;
  for (const { item_id, quantity } of items) {
    const product = products.find((other) => other.item_id === item_id);
    if (!product || product.stock === 0) return null;
    sum += product.price * quantity;
  }
  return cents(sum);
}

async function redeem(
  request: Request,
  code: string | undefined,
  orderId: string,
): Promise<{ percentOff: number } | { status: number; error: string }> {
  if (!code) return { percentOff: 0 };
  // The hub is on the same port here; a real shop's server would call it by its address.
  const hub = `http://127.0.0.1:${request.socket.localPort}`;
  const answer = await fetch(`${hub}/v1/coupons/${encodeURIComponent(code)}/redeem`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ orderId }),
  });
  const body = (await answer.json()) as { percentOff?: number; code?: string };
  if (answer.ok) return { percentOff: body.percentOff ?? 0 };
  return { status: answer.status, error: body.code ?? 'invalid' };
}

function receipt(id: string, subtotal: number, method: Order['shipping'], percentOff: number) {
  const discount = cents((subtotal * percentOff) / 100);
  const shipping = shippingPrice(method, subtotal);
  const total = cents(subtotal - discount + shipping);
  return {
    id,
    subtotal,
    discount,
    ...(percentOff > 0 ? { percentOff } : {}),
    shipping,
    total,
    currency: 'EUR',
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
