import { createServer } from 'node:http';
import type { BrowserContext, Page } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { freePort } from './free-port.ts';
import { type HubProcess, startHub } from './hub-process.ts';
import { TcpProxy } from './rig/tcp-proxy.ts';
import { wholeLog } from './rig/whole-log.ts';
import { PUBLISHABLE_KEY, siteFile } from './sample-site.ts';
import { tempDir } from './temp-dir.ts';

/** A queue that nobody writes to for ten seconds is taken over by another page. */
const TAKEN_OVER_MS = 30_000;
export const OF_CARTS: readonly string[] = ['add_to_cart', 'remove_from_cart', 'view_cart', 'purchase'];

const PAGE = (
  hub: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<script>window.dataLayer = []; addEventListener('cartbell:displayed', (event) => window.told?.('displayed', event.detail.nudge));</script>
<script async src="${hub}/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script></head><body><main><h1>A shop</h1></main></body></html>`;

/** Pages with nothing but the tag, a real hub, and networks between them that fail when they are told to. */
export interface BareShop {
  readonly url: string;
  readonly hub: HubProcess;
  /** Between the pages and the hub. */
  readonly way: TcpProxy;
  /** Between the pages below `/detour` and the same hub. */
  readonly detour: TcpProxy;
  readonly dataDir: string;
}

export async function startBareShop(rules: readonly object[]): Promise<BareShop> {
  const [port, dataDir] = [await freePort(), await tempDir()];
  const url = `http://127.0.0.1:${port}`;
  const SITE_FILE = await siteFile(dataDir, {
    origins: [url],
    rules,
    settings: {
      holdoutPercent: 0,
      limit: { times: 100, per: '1h' },
      cooldown: '0s',
      restAfterDismissal: '0s',
    },
  });
  const hub = await startHub({ DATA_DIR: dataDir, SITE_FILE });
  const target = { port: Number(new URL(hub.url).port) };
  const [way, detour] = [await TcpProxy.start(target, 'bytes'), await TcpProxy.start(target, 'bytes')];
  const server = createServer((request, response) => {
    const { port: through } = request.url === '/detour' ? detour : way;
    response.setHeader('Content-Type', 'text/html');
    response.end(PAGE(`http://127.0.0.1:${through}`));
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url, hub, way, detour, dataDir };
}

/** What the hub has counted, in the order in which it came, once the hub has ended. */
export async function countedBy({ hub, dataDir }: BareShop) {
  await hub.stop();
  const store = await SqliteStore.open(dataDir);
  const records = await wholeLog(store);
  const [first] = records;
  const { document } = first ? await store.load(first, []) : { document: null };
  await store.close();
  const events = records.flatMap(({ input }) => (input.kind === 'event' ? [input.event] : []));
  return { events, shoppers: new Set(records.map(({ shopper }) => shopper)), cart: document?.cart ?? null };
}

/** The page says something in GA4's words. */
export const say = (page: Page, event: string, ecommerce: object) =>
  page.evaluate((said) => (window as Window & { dataLayer?: object[] }).dataLayer?.push(said), {
    event,
    ecommerce,
  });

export const add = (page: Page, item_id = 'mug') =>
  say(page, 'add_to_cart', { items: [{ item_id, price: 5, quantity: 1 }] });

export async function openTab(
  context: BrowserContext,
  { url }: BareShop,
  path: '/' | '/detour' = '/',
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url + path);
  await untilStarted(page);
  return page;
}

/** The tag keeps calls until the widget is there; then it is known to the hub, too. */
export async function untilStarted(page: Page): Promise<void> {
  await page.waitForFunction(
    (key) =>
      'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q') && localStorage.getItem(key),
    `cartbell:${PUBLISHABLE_KEY}:token`,
  );
}

/** What was said of the cart and waits on the device, in whichever tab's queue. */
function waiting(page: Page): Promise<number> {
  return page.evaluate(
    ([prefix, ofCarts]) =>
      Object.keys(localStorage)
        .filter((key) => key.startsWith(prefix))
        .flatMap((key): { name: string }[] => JSON.parse(localStorage.getItem(key) ?? '{}').events ?? [])
        .filter(({ name }) => ofCarts.includes(name)).length,
    [`cartbell:${PUBLISHABLE_KEY}:queue:`, OF_CARTS] as const,
  );
}

export const untilAcked = (page: Page, most = 0) =>
  expect.poll(() => waiting(page), { timeout: TAKEN_OVER_MS, interval: 100 }).toBeLessThanOrEqual(most);
