import { createServer } from 'node:http';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const PAGE = (
  hub: string,
  tag: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A strict shop</title>
<script src="/shop.js"></script>${tag.replaceAll('HUB', hub)}</head><body><main><h1>A strict shop</h1><button id="add">Add</button></main></body></html>`;

const SHOP = `window.dataLayer = [{ event: 'view_item', ecommerce: { items: [{ item_id: 'mug', price: 18.5 }] } }];
addEventListener('DOMContentLoaded', () => document.querySelector('#add').addEventListener('click', () =>
  dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', items: [{ item_id: 'mug', price: '18.50' }] } })));`;

/** The lines that the README documents, and nothing else. */
const policyFor = (hub: string) =>
  [
    "default-src 'none'",
    `script-src 'self' ${hub}`,
    `connect-src ${hub} ${hub.replace('http', 'ws')}`,
    `img-src 'self' ${hub}`,
    "require-trusted-types-for 'script'",
    'trusted-types cartbell#lit',
  ].join('; ');

async function startShop(tag: string): Promise<{ shop: string; hub: string }> {
  const port = await freePort();
  const shop = `http://127.0.0.1:${port}`;
  const dir = await tempDir();
  const nudges = [
    rule('count', {
      on: 'add_to_cart',
      priority: 90,
      nudge: { kind: 'countdown', title: 'Ten percent off' },
      offer: { percentOff: 10, validFor: '10m' },
    }),
    rule('more', { on: 'view_cart', nudge: { kind: 'recommendation', title: 'More like this' } }),
  ];
  const hub = await startHub({
    DATA_DIR: dir,
    SITE_FILE: await siteFile(dir, { origins: [shop], rules: nudges }),
  });
  const server = createServer((request, response) => {
    const isScript = request.url === '/shop.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.setHeader('Content-Security-Policy', policyFor(hub.url));
    response.end(isScript ? SHOP : PAGE(hub.url, tag));
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { shop, hub: hub.url };
}

it.each([
  ['a classic script', `<script async src="HUB/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`],
  [
    'a module with an element',
    `<script type="module" src="HUB/cartbell.js"></script><cart-bell site="${PUBLISHABLE_KEY}" hub="HUB"></cart-bell>`,
  ],
])(
  'under a strict content security policy, by %s, the tag works on another origin without one violation',
  async (_, tag) => {
    const { shop } = await startShop(tag);
    const page = await (await openProfile()).newPage();
    const complaints = complaintsOf(page);
    await page.addInitScript(() => {
      const kept: string[] = [];
      Object.assign(window, { violations: kept });
      addEventListener('securitypolicyviolation', (event) =>
        kept.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
      );
    });
    await page.goto(shop);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { name: 'Ten percent off' }).waitFor();
    await page.getByRole('timer').waitFor();
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
    expect(complaints).toEqual({ own: [], network: [] });
    expect(await page.evaluate(() => Object.keys(window).filter((name) => /bell/i.test(name)))).toEqual([
      'cartbell',
    ]);
  },
);

it('a page with the tag twice, by its theme and by a tag manager, counts each event once', async () => {
  const tag = `<script async src="HUB/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`;
  const { shop, hub } = await startShop(tag + tag.replace('cartbell.js', 'cartbell.js?again'));
  const page = await (await openProfile()).newPage();
  await page.goto(shop);
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: 'Ten percent off' }).waitFor();
  const { events } = (await call(hub, 'GET', '/v1/metrics')).body as { events: Record<string, number> };
  expect(events).toMatchObject({ view_item: 1, add_to_cart: 1 });
});

it('a browser with Global Privacy Control is left alone: nothing stored, nothing sent', async () => {
  const { shop, hub } = await startShop(
    `<script async src="HUB/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`,
  );
  const page = await (await openProfile()).newPage();
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
  );
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(shop);
  await page.getByRole('button', { name: 'Add' }).click();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 3_000 })));
  expect(asked.filter((url) => url.startsWith(hub))).toEqual([`${hub}/cartbell.js`]);
  expect(
    await page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length),
  ).toBe(0);
});
