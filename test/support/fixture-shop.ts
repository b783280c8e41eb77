import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { startHub } from './hub-process.ts';
import { rule, siteFile } from './sample-site.ts';
import { type AtEnd, tempDir } from './temp-dir.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
const POLICY = /<!-- Content-Security-Policy: (.*) -->/;

const rules = [
  rule('along-the-edge', {
    on: 'view_item',
    nudge: { kind: 'bar', title: 'Returns are free until January' },
  }),
  rule('thanks', {
    on: 'add_to_cart',
    nudge: {
      kind: 'toast',
      title: 'It is in your cart',
      body: 'Orders from €60 are delivered free of charge.',
    },
  }),
  rule('how-far', {
    on: 'view_cart',
    nudge: {
      kind: 'progress',
      title: 'Free delivery',
      goal: { value: 60, reached: 'Delivery is on us.' },
    },
  }),
];

/** Where the shop is, and a hub on another origin that nudges whoever views an item, adds one or looks into the cart. */
export interface FixtureShop {
  readonly shop: string;
  readonly hub: string;
}

/** Serves the pages in `test/e2e/fixtures`, each under the policy that it names at its head. */
export async function startFixtureShop(atEnd: AtEnd): Promise<FixtureShop> {
  const port = await freePort();
  const shop = `http://127.0.0.1:${port}`;
  const dir = await tempDir(atEnd);
  const site = await siteFile(dir, { origins: [shop], rules });
  const { url: hub } = await startHub({ DATA_DIR: dir, SITE_FILE: site }, 'main', atEnd);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', shop);
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    readFile(fixture(pathname), 'utf8').then(
      (text) => {
        const nonce = randomUUID();
        const filled = text
          .replaceAll('HUB', hub)
          .replaceAll('WS', hub.replace('http', 'ws'))
          .replaceAll('SHOP', shop)
          .replaceAll('NONCE', nonce);
        const policy = POLICY.exec(filled)?.[1];
        if (policy !== undefined) response.setHeader('Content-Security-Policy', policy);
        response.setHeader('Content-Type', `${TYPES[extname(pathname)]}; charset=utf-8`).end(filled);
      },
      () => response.writeHead(404).end(),
    );
  }).listen(port);
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { shop, hub };
}

function fixture(pathname: string): string {
  return fileURLToPath(new URL(`../e2e/fixtures${pathname}`, import.meta.url));
}
