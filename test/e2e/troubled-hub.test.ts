import type { BrowserContext, Page } from 'playwright';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, complaintsOf, lookAt, openProfile } from '../support/browser.ts';
import { answering, type Ack, startStandIn, welcomeWith } from '../support/stand-in-hub.ts';

afterAll(closeBrowser);

const LATER = { timeout: 40_000, interval: 200 };
const OK = { ok: true, accepted: 1, duplicates: 0 };
const goodAnswer = (name: string, _: unknown, ack: Ack) =>
  ack(name === 'open' ? { ok: true, welcome: welcomeWith() } : OK);

async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
  return page;
}

const add = (page: Page) =>
  page.evaluate(() => {
    const { dataLayer } = window as Window & { dataLayer?: object[] };
    dataLayer?.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'mug', price: 5 }] } });
  });

/** What waits on the device to be told, of all tabs. */
const waiting = (page: Page) =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((key) => key.includes(':queue:'))
      .flatMap((key): { name: string }[] => JSON.parse(localStorage.getItem(key) ?? '{}').events ?? [])
      .map(({ name }) => name),
  );

it('a hub that answers nothing is connected to once, however many tabs ask it again and again', async () => {
  let asked = 0;
  let seen = { connections: 0 };
  const url = await startStandIn(
    (io) => (seen = answering(io, (name) => void (name === 'track' && asked++))),
  );
  const context = await openProfile();
  const tabs = [await openTab(context, url)];
  await expect.poll(() => seen.connections).toBe(1);
  tabs.push(await openTab(context, url), await openTab(context, url));
  for (const tab of tabs) await add(tab);
  await expect.poll(() => asked, LATER).toBeGreaterThanOrEqual(6);
  expect(seen.connections).toBe(1);
});

it('a tab that the hub would not have does not stand between it and the next one', async () => {
  let refuses = true;
  let seen = { connections: 0 };
  const url = await startStandIn((io) => {
    io.use((_, next) =>
      refuses ? next(Object.assign(new Error('no such site'), { data: { code: 'unauthorized' } })) : next(),
    );
    seen = answering(io, goodAnswer);
  });
  const context = await openProfile();
  const refused = await context.newPage();
  const isTold = refused.waitForEvent('console', (message) => message.text().includes('no such site'));
  await refused.goto(url);
  await isTold;
  refuses = false;
  const next = await openTab(context, url);
  await add(next);
  await expect.poll(() => waiting(next), LATER).toEqual([]);
  expect(seen.connections).toBe(1);
});

it('what one page of a tab has asked is not answered to the next', async () => {
  const late: Ack[] = [];
  let answersNow = false;
  const told: string[] = [];
  const url = await startStandIn((io) =>
    answering(io, (name, { events = [] }, ack) => {
      if (name === 'track') told.push(...events.map((event) => event.name));
      if (name === 'track' && !answersNow) late.push(ack);
      else goodAnswer(name, null, ack);
    }),
  );
  const context = await openProfile();
  const first = await openTab(context, url);
  await lookAt(first, false);
  const page = await openTab(context, url);
  await page.evaluate(() => {
    const { dataLayer } = window as Window & { dataLayer?: object[] };
    dataLayer?.push({ event: 'view_cart', ecommerce: { items: [] } });
  });
  await expect.poll(() => told).toContain('view_cart');
  await page.goto(`${url}/next`);
  await page.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
  await add(page);
  await expect.poll(() => told, LATER).toContain('add_to_cart');
  // The answer to the page before.
  late[0]?.(OK);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(await waiting(page)).toContain('add_to_cart');
  answersNow = true;
  await expect.poll(() => waiting(page), LATER).toEqual([]);
});

it('a tab that was not let in asks again, and gets its nudge', async () => {
  let opens = 0;
  const nudge = { id: 'n_0000000000000001', title: 'Hello you' };
  const url = await startStandIn((io) =>
    answering(io, (name, _, ack) => {
      if (name !== 'open') return ack(OK);
      opens++;
      ack(
        opens === 1
          ? { ok: false, error: { code: 'busy', message: 'Later.' }, retryAfter: 500 }
          : { ok: true, welcome: welcomeWith(nudge) },
      );
    }),
  );
  const context = await openProfile();
  const first = await openTab(context, url);
  await lookAt(first, false);
  const page = await openTab(context, url);
  await page.getByRole('heading', { name: 'Hello you' }).waitFor();
  expect(opens).toBe(2);
});

it('where a channel can’t be made, as in browsers that deny storage, a tab is on its own', async () => {
  let seen = { connections: 0 };
  const url = await startStandIn((io) => (seen = answering(io, goodAnswer)));
  const context = await openProfile();
  await context.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    window.BroadcastChannel = refuse as unknown as typeof BroadcastChannel;
  });
  await openTab(context, url);
  await openTab(context, url);
  await expect.poll(() => seen.connections, LATER).toBe(2);
});

it('what several tabs need can’t be loaded where the socket is: nothing is thrown into the page, and the events arrive', async () => {
  const url = await startStandIn((io) => answering(io, goodAnswer));
  const context = await openProfile();
  const first = await context.newPage();
  const complaints = complaintsOf(first);
  await first.route('**/tabs-*.js', (route) => route.abort());
  await first.goto(url);
  await first.waitForFunction(() => 'cartbell' in window && !Object.hasOwn(window.cartbell as object, 'q'));
  const page = await openTab(context, url);
  await add(page);
  await expect.poll(() => waiting(page), LATER).toEqual([]);
  expect(complaints.own).toEqual([]);
});

it('a proxy that takes a WebSocket and says nothing does not keep a page from the hub: it goes by long polling', async () => {
  let polls = 0;
  const url = await startStandIn((_, http) => {
    http.removeAllListeners('upgrade');
    http.on('upgrade', (_request, socket) => socket.on('error', () => undefined));
    http.on('request', (request) => request.url?.includes('transport=polling') && polls++);
  });
  await openTab(await openProfile(), url);
  await expect.poll(() => polls, LATER).toBeGreaterThanOrEqual(1);
});
