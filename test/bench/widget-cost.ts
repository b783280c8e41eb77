import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { chrome } from '../support/chrome.ts';
import { ORIGIN, PUBLISHABLE_KEY, writeTirelessSiteFile } from './bench-site.ts';
import { median, percentile } from './percentiles.ts';
import { startServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

/** What is on the page: nothing of ours, the tag as long as the page is busy, the tag, or the tag and a nudge that was seen. */
const PAGES = ['bare', 'busy', 'tag', 'nudge'] as const;
type Kind = (typeof PAGES)[number];

export interface PageCost {
  /** CPU time of the page's main thread, milliseconds. */
  readonly scriptMs: number;
  readonly taskMs: number;
  /** After a collection, bytes. */
  readonly heapBytes: number;
  /** From the tag's arrival to the hub's welcome, milliseconds; null: no tag. */
  readonly readyMs: number | null;
  /** As Core Web Vitals has it. */
  readonly layoutShift: number;
}

export interface WidgetCost {
  readonly throttling: number;
  readonly pages: Readonly<Record<Kind, PageCost>>;
  /** From an event to the painted nudge at full speed, milliseconds. */
  readonly painted: { readonly p50: number; readonly p99: number; readonly count: number };
}

const THROTTLING = 4;
const ROUNDS = 5;
const PAINTED = 60;
const SETTLED_AFTER_MS = 1_000;
const TEXT = `<p>${'A page of some length, as shops have them. '.repeat(40)}</p>`.repeat(10);

/** What the widget costs a page at a fourth of this computer's speed: the same page with and without, in turns, medians. */
export async function measureWidgetCost(workshop: Workshop): Promise<WidgetCost> {
  // Nobody closes one nudge after the other as fast as that: whoever does is asked to wait.
  const server = startServer('cartbell', workshop, false, writeTirelessSiteFile, { LIMITS: 'off' });
  const hub = await server.line(/"url":"(http:[^"]+)"/);
  const shop = await serveShop(hub);
  const { port } = shop.address() as AddressInfo;
  // The shop is where its site says it is, on this computer: from elsewhere a page may not ask for what is here.
  const here = `--host-resolver-rules=MAP ${new URL(ORIGIN).host}:80 127.0.0.1:${port}`;
  const browser = await chromium.launch({ ...chrome, args: [...chrome.args, here] });
  try {
    const costs: Record<Kind, PageCost[]> = { bare: [], busy: [], tag: [], nudge: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const kind of PAGES) costs[kind].push(await costOf(browser, kind));
    const { bare, busy, tag, nudge } = costs;
    const pages = {
      bare: medianOf(bare),
      busy: medianOf(busy),
      tag: medianOf(tag),
      nudge: medianOf(nudge),
    };
    return { throttling: THROTTLING, pages, painted: await timePainting(browser) };
  } finally {
    await browser.close();
    shop.close();
    await server.stop();
  }
}

/** Pages without the tag at `/`, and with it anywhere else. */
async function serveShop(hub: string): Promise<Server> {
  const tag = `<script async src="${hub}/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script>`;
  const server = createServer(({ url }, response) => {
    response.setHeader('Content-Type', 'text/html');
    const head = url === '/' ? '' : tag;
    response.end(
      `<!doctype html><html lang="en"><head><title>A shop</title>${head}</head><body>${TEXT}</body></html>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function openPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  // What is evaluated in the page was compiled with a helper that only this process has.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.sum += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return page;
}

/** Loads it, and resolves with how long it took from the tag's arrival to the hub's welcome. */
async function load(page: Page, kind: Kind): Promise<number | null> {
  if (kind === 'bare' || kind === 'busy') {
    await page.goto(kind === 'bare' ? `${ORIGIN}/` : `${ORIGIN}/tag`);
    return null;
  }
  const arrived = page
    .waitForEvent('requestfinished', (request) => request.url().endsWith('/cartbell.js'))
    .then(() => performance.now());
  // A busy hub may send a page away first.
  const welcomed = new Promise<number>((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('welcome')) resolve(performance.now());
      }),
    );
  });
  await page.goto(`${ORIGIN}/tag`);
  return (await welcomed) - (await arrived);
}

async function costOf(browser: Browser, kind: Kind): Promise<PageCost> {
  const page = await openPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLING });
  // It never comes to rest.
  if (kind === 'busy') await page.addInitScript(() => (window.requestIdleCallback = () => 0));
  const readyMs = await load(page, kind);
  if (kind === 'nudge') {
    await add(page);
    await page.locator('cartbell-card').waitFor();
  }
  await page.waitForTimeout(SETTLED_AFTER_MS);
  await session.send('HeapProfiler.collectGarbage');
  const metrics = await metricsOf(session);
  const layoutShift = await page.evaluate(
    () => (window as Window & { shifts?: { sum: number } }).shifts?.sum ?? 0,
  );
  await page.context().close();
  return {
    scriptMs: (metrics.get('ScriptDuration') ?? 0) * 1_000,
    taskMs: (metrics.get('TaskDuration') ?? 0) * 1_000,
    heapBytes: metrics.get('JSHeapUsedSize') ?? 0,
    readyMs,
    layoutShift,
  };
}

async function metricsOf(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

function add(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
    cartbell?.('event', 'add_to_cart', { currency: 'EUR', items: [{ item_id: 'item-1', price: 18.5 }] });
  });
}

/** Adds, waits frame by frame until the card stands, and closes it, again and again. */
async function timePainting(browser: Browser): Promise<WidgetCost['painted']> {
  const page = await openPage(browser);
  await load(page, 'tag');
  const times = await page.evaluate(async (count) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const { cartbell } = window as Window & { cartbell?: (...call: unknown[]) => void };
    const part = (...path: string[]) =>
      path.reduce<ParentNode | null>((from, selector) => {
        const found = from?.querySelector(selector) ?? null;
        return found?.shadowRoot ?? found;
      }, document);
    const taken: number[] = [];
    while (taken.length < count) {
      const startedAt = performance.now();
      cartbell?.('event', 'add_to_cart', { currency: 'EUR', items: [{ item_id: 'item-1', price: 18.5 }] });
      while (!part('cart-bell', 'cartbell-region', '[data-place]')) await frame();
      taken.push(performance.now() - startedAt);
      (part('cart-bell', 'cartbell-card', '.dismiss') as HTMLElement | null)?.click();
      while (part('cart-bell', 'cartbell-card')) await frame();
    }
    return taken;
  }, PAINTED);
  await page.context().close();
  // The first one loads the parts.
  const later = times.slice(1);
  return { p50: percentile(later, 50), p99: percentile(later, 99), count: later.length };
}

function medianOf(costs: readonly PageCost[]): PageCost {
  const of = (pick: (cost: PageCost) => number) => median(costs.map(pick));
  return {
    scriptMs: of(({ scriptMs }) => scriptMs),
    taskMs: of(({ taskMs }) => taskMs),
    heapBytes: of(({ heapBytes }) => heapBytes),
    readyMs: costs[0]?.readyMs === null ? null : of(({ readyMs }) => readyMs ?? 0),
    // The worst of them.
    layoutShift: Math.max(...costs.map(({ layoutShift }) => layoutShift)),
  };
}
