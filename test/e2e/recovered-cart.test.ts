import { createServer } from 'node:http';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { call } from '../support/api.ts';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { PUBLISHABLE_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

it('a link brings the cart to another device: the page is told once, and the address bar keeps nothing of it', async () => {
  const port = await freePort();
  const shop = `http://127.0.0.1:${port}`;
  const SITE_FILE = await siteFile(await tempDir(), { origins: [shop] });
  const hub = await startHub({ DATA_DIR: await tempDir(), SITE_FILE });
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><script>window.told = [];
document.addEventListener('cartbell:recovered', ({ detail }) => told.push(detail));</script>
<script async src="${hub.url}/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script></head><body><main><h1>Cart</h1></main></body></html>`,
    );
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const laptop = await openPage(hub.url, {}, { origin: shop });
  await laptop.track('add_to_cart', {
    items: [{ item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 2 }],
  });
  const { shopper } = laptop.welcome;
  const { body } = await call(hub.url, 'POST', '/v1/recovery-links', { shopper });

  const phone = await (await openProfile({ viewport: { width: 390, height: 844 } })).newPage();
  const complaints = complaintsOf(phone);
  await phone.goto((body as { url: string }).url);
  const told = () => phone.evaluate(() => (window as unknown as { told: unknown[] }).told);
  await expect.poll(told).toHaveLength(1);
  expect(await told()).toEqual([
    { items: [{ item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 2 }] },
  ]);
  expect(phone.url()).toBe(`${shop}/cart`);
  const token = () => phone.evaluate((key) => localStorage.getItem(key), `cartbell:${PUBLISHABLE_KEY}:token`);
  await expect.poll(token).not.toBeNull();
  expect(await token()).not.toContain(shopper);
  await phone.reload();
  await expect.poll(token).not.toBeNull();
  expect(await told()).toEqual([]);
  expect(complaints.own).toEqual([]);
});
