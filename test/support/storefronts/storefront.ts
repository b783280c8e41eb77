import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';

export interface CartLine {
  readonly id: string;
  readonly price: number;
  readonly quantity: number;
}

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a shop answers: JSON, a page, or the way to another one. */
export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly html: string }
  | { readonly to: string };

export interface Storefront {
  readonly url: string;
  /** The cart as the shop's own server has it. */
  cart(): CartLine[];
  /** Changes it behind every page's back, as another device of the shopper's does. */
  set(id: string, quantity: number): void;
}

/** One shopper's cart on a shop's server, and the products with their prices in whole units. */
export class ShopCart {
  readonly #prices: Readonly<Record<string, number>>;
  readonly #quantities = new Map<string, number>();

  constructor(prices: Readonly<Record<string, number>>) {
    this.#prices = prices;
  }

  set(id: string, quantity: number): void {
    if (quantity > 0) this.#quantities.set(id, quantity);
    else this.#quantities.delete(id);
  }

  add(id: string, quantity: number): void {
    this.set(id, (this.#quantities.get(id) ?? 0) + quantity);
  }

  lines(): CartLine[] {
    return [...this.#quantities].map(([id, quantity]) => ({ id, quantity, price: this.#prices[id] ?? 0 }));
  }
}

/** Serves a shop on a port of its own until the test is over. Anyone may ask, as a backend on another origin allows. */
export async function serve(answer: (asked: Asked) => Answer | null, port?: number): Promise<string> {
  const at = port ?? (await freePort());
  const server = createServer((request, response) => void respond(request, response, answer));
  server.listen(at, '127.0.0.1');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${at}`;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Answer | null,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop.test');
  const body = await bodyOf(request);
  const asked = { path: pathname, query: searchParams, method: request.method ?? 'GET', body };
  const result: Answer | null = request.method === 'OPTIONS' ? { json: {} } : answer(asked);
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', '*');
  if (!result) response.writeHead(404).end();
  else if ('to' in result) response.writeHead(303, { location: result.to }).end();
  else if ('html' in result) response.setHeader('Content-Type', 'text/html').end(result.html);
  else
    response
      .writeHead(result.status ?? 200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(result.json));
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (text === '') return {};
  return text.startsWith('{')
    ? (JSON.parse(text) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(text));
}

/** A page of a shop that keeps what its widget tells the hub, and what the hub calls the shopper. */
export function pageOf({
  hub,
  tag,
  body = '',
  bodyClass = '',
  script = '',
}: {
  hub: string;
  tag: string;
  body?: string;
  bodyClass?: string;
  script?: string;
}): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A shop</title><script>
window.cartbell = function () { (cartbell.q = cartbell.q || []).push(arguments); };
window.told = [];
cartbell('inspect', ({ direction, name, message }) => {
  if (direction === 'up') told.push(name);
  if (name === 'welcome') window.shopper = message.shopper;
});
window.dataLayer = [];
${script}</script>${tag.replaceAll('HUB', hub)}</head><body class="${bodyClass}"><main><h1>A shop</h1>${body}</main></body></html>`;
}
