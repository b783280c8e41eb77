import { createServer } from 'node:http';
import type { Page } from 'playwright';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SocketOptions } from '../../widget/transports/socket-transport.ts';
import type { HubMessage, Transport } from '../../widget/transports/transport.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { PUBLISHABLE_KEY, rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';
import { bundleTransport, type ClientName } from '../support/transport-bundle.ts';

afterAll(closeBrowser);

interface OnPage {
  readonly transport: { socketTransport(options: SocketOptions): Transport };
  readonly heard: HubMessage[];
  readonly refusals: string[];
  link: Transport;
}

/** A hub that can be started again where it was, behind a network that fails on demand, and a page that is nothing but its end of the link. */
async function openLink(script: string, { key = PUBLISHABLE_KEY, policy = '', ownsClock = false } = {}) {
  const dir = await tempDir();
  const shop = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    if (policy) response.setHeader('Content-Security-Policy', policy.replaceAll('HUB', hubUrl));
    response.end('<!doctype html><title>A shop</title>');
  });
  const shopPort = await freePort();
  shop.listen(shopPort, '127.0.0.1');
  onTestFinished(() => void shop.close());
  const origin = `http://127.0.0.1:${shopPort}`;
  const hello = rule('hello', { on: 'add_to_cart', nudge: { kind: 'toast', title: '안녕하세요 👋' } });
  const SITE_FILE = await siteFile(dir, { origins: [origin], rules: [hello] });
  const port = await freePort();
  const start = () => startHub({ DATA_DIR: dir, SITE_FILE, PORT: String(port), DRAIN_MS: '0' });
  let hub: HubProcess = await start();
  const network = await TcpProxy.start({ port }, 'bytes');
  const hubUrl = `http://127.0.0.1:${network.port}`;
  const page = await (await openProfile({ bypassCSP: false })).newPage();
  if (ownsClock) await page.clock.install();
  await page.goto(origin);
  await page.evaluate(script.replace(/^var transport/, 'globalThis.transport'));
  await page.evaluate(
    ({ hub: url, site }) => {
      const here = globalThis as unknown as OnPage & {
        heard: HubMessage[];
        refusals: string[];
        token?: string;
      };
      Object.assign(here, { heard: [], refusals: [] });
      here.link = here.transport.socketTransport({
        hub: url,
        tab: () => 'tab-of-the-test',
        auth: () => ({
          site,
          version: 2,
          tab: 'tab-of-the-test',
          ...(here.token ? { token: here.token } : {}),
        }),
        receive: (message) => {
          here.heard.push(message);
          if (message.name === 'welcome') here.token = message.message.token;
        },
        refused: (reason) => void here.refusals.push(reason),
      });
    },
    { hub: hubUrl, site: key },
  );
  return {
    page,
    network,
    kill: () => hub.kill(),
    end: () => hub.stop(),
    startAgain: async () => void (hub = await start()),
  };
}

/** Resolves when so many messages of that name have come. */
function heard(page: Page, name: HubMessage['name'], times = 1) {
  return page.waitForFunction(
    ([what, count]) =>
      (globalThis as unknown as OnPage).heard.filter((message) => message.name === what).length >=
      Number(count),
    [name, times],
    { timeout: 15_000 },
  );
}

function track(page: Page, id: string, name = '머그컵') {
  return page.evaluate(
    ([event, item]) =>
      (globalThis as unknown as OnPage).link.track([
        {
          id: event,
          name: 'add_to_cart',
          at: Date.now(),
          rev: 1,
          params: { items: [{ item_id: 'mug', item_name: item, price: 18.5, quantity: 1 }] },
        } as never,
      ]),
    [id, name] as const,
  );
}

const EVENTS = Array.from({ length: 9 }, (_, index) => `01TEST0000000000000000000${index}`);

describe.each<ClientName>(['the widget’s own client', 'Socket.IO’s client'])('%s', (client) => {
  const script = bundleTransport(client);

  it('is welcomed, is acked words of any language, and hears what is pushed', async () => {
    const { page } = await openLink(await script);
    await heard(page, 'welcome');
    expect(await track(page, EVENTS[0] ?? '')).toEqual({ ok: true, accepted: 1, duplicates: 0 });
    await heard(page, 'nudge');
    const messages = await page.evaluate(() => (globalThis as unknown as OnPage).heard);
    expect(messages.find(({ name }) => name === 'nudge')).toMatchObject({
      message: { title: '안녕하세요 👋' },
    });
    expect(await track(page, EVENTS[0] ?? '')).toEqual({ ok: true, accepted: 0, duplicates: 1 });
  });

  it('gets a large message through in one piece', async () => {
    const { page } = await openLink(await script);
    await heard(page, 'welcome');
    expect(await track(page, EVENTS[1] ?? '', '가'.repeat(90))).toMatchObject({ ok: true });
  });

  it('comes back by itself when the hub was killed, and asks nothing meanwhile', async () => {
    const { page, kill, startAgain } = await openLink(await script);
    await heard(page, 'welcome');
    await kill();
    await heard(page, 'closed');
    expect(await track(page, EVENTS[2] ?? '')).toBeNull();
    await startAgain();
    await heard(page, 'welcome', 2);
    expect(await track(page, EVENTS[2] ?? '')).toMatchObject({ ok: true, accepted: 1 });
  });

  it('comes back when the hub ended in order', async () => {
    const { page, end, startAgain } = await openLink(await script);
    await heard(page, 'welcome');
    await end();
    await heard(page, 'closed');
    await startAgain();
    await heard(page, 'welcome', 2);
  });

  it('finds out that the other end is gone without a word, and connects anew', async () => {
    const { page, network } = await openLink(await script, { ownsClock: true });
    await heard(page, 'welcome');
    network.halfOpen();
    await page.clock.fastForward(120_000);
    await heard(page, 'closed');
    await page.clock.fastForward(10_000);
    await heard(page, 'welcome', 2);
  });

  it('lets go and comes back when it is told to', async () => {
    const { page } = await openLink(await script);
    await heard(page, 'welcome');
    await page.evaluate(() => (globalThis as unknown as OnPage).link.close());
    await heard(page, 'closed');
    expect(await track(page, EVENTS[3] ?? '')).toBeNull();
    await page.evaluate(() => (globalThis as unknown as OnPage).link.open());
    await heard(page, 'welcome', 2);
    expect(await track(page, EVENTS[3] ?? '')).toMatchObject({ ok: true });
  });

  it('says why where the hub will not have it', async () => {
    const { page } = await openLink(await script, { key: 'pk_of_nobody' });
    await page.waitForFunction(() => (globalThis as unknown as OnPage).refusals.length > 0);
    expect(await page.evaluate(() => (globalThis as unknown as OnPage).heard)).toEqual([]);
  });

  it('goes by long polling where no WebSocket gets through', async () => {
    const { page } = await openLink(await script, { policy: 'connect-src HUB' });
    await heard(page, 'welcome');
    for (const id of EVENTS.slice(4, 7))
      expect(await track(page, id)).toMatchObject({ ok: true, accepted: 1 });
    await heard(page, 'nudge');
    await page.evaluate(() => (globalThis as unknown as OnPage).link.close());
    await heard(page, 'closed');
    await page.evaluate(() => (globalThis as unknown as OnPage).link.open());
    await heard(page, 'welcome', 2);
  });
});
