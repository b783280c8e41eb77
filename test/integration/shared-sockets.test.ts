import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenAck } from '../../shared/hub-messages.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;
let dir: string;

beforeEach(async () => {
  dir = await tempDir();
  const rules = [
    rule('count', {
      on: 'add_to_cart',
      nudge: { kind: 'countdown', title: 'Ten percent off' },
      offer: { percentOff: 10, validFor: '10m' },
    }),
  ];
  hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules }) });
});

const OTHER = 'tab-of-another-page';

const open = (page: Page, message: unknown = { tab: OTHER, page: { path: '/cart' } }) =>
  page.socket.emitWithAck('open', message) as Promise<OpenAck>;

let counted = 0;
const trackAs = (page: Page, tab: string | undefined, name: string, params: object) => {
  const event = { id: `event-${String(++counted).padStart(8, '0')}`, name, at: 0, rev: counted, params };
  return page.socket.emitWithAck('track', { events: [event], tab });
};

async function inputs() {
  await hub.stop();
  const store = await SqliteStore.open(dir);
  const records = await wholeLog(store);
  await store.close();
  return records.map(({ input }) => input);
}

describe('a tab that speaks through another one’s socket', () => {
  it('is welcomed with the same shopper, and all that is live', async () => {
    const page = await openPage(hub.url);
    await page.track('add_to_cart', { items: [mug] });
    const nudge = await page.until(() => page.nudges[0]);
    const ack = await open(page);
    expect(ack).toMatchObject({
      ok: true,
      welcome: { shopper: page.welcome.shopper, token: page.welcome.token, nudges: [{ id: nudge.id }] },
    });
  });

  it('stands where it said, and its events are its own', async () => {
    const page = await openPage(hub.url, { page: { path: '/' } });
    await open(page);
    await trackAs(page, OTHER, 'view_item', { items: [mug] });
    await trackAs(page, undefined, 'view_item', { items: [mug] });
    const log = await inputs();
    expect(log.map((input) => (input.kind === 'page' ? input.page.path : input.kind))).toEqual([
      '/cart',
      'event',
      '/',
      'event',
    ]);
    expect(log.flatMap((input) => (input.kind === 'event' ? [input.tab] : []))).toEqual([OTHER, page.tab]);
  });

  it('hears of what the first one closes, and who closed it', async () => {
    const page = await openPage(hub.url);
    await open(page);
    await page.track('add_to_cart', { items: [mug] });
    const { id } = await page.until(() => page.nudges[0]);
    await page.claim(id);
    await page.track('nudge_dismissed', { nudge: id });
    expect(await page.until(() => page.withdrawn.find((withdraw) => withdraw.id === id))).toMatchObject({
      reason: 'dismissed',
      reporter: page.tab,
    });
  });

  it('may have been forgotten: what it says is taken all the same, with where it comes from', async () => {
    const page = await openPage(hub.url);
    for (let tab = 0; tab < 21; tab++)
      await open(page, { tab: `tab-${tab}-of-many`, page: { path: '/many' } });
    expect(await trackAs(page, 'tab-0-of-many', 'view_item', { items: [mug] })).toMatchObject({ ok: true });
    expect(await trackAs(page, 'tab-1-of-many', 'view_item', { items: [mug] })).toMatchObject({ ok: true });
    const log = await inputs();
    expect(log.map(({ kind }) => kind)).toEqual(['page', 'event', 'page', 'event']);
    expect(log[0]).toEqual({ kind: 'page', page: {}, from: expect.any(String) });
    expect(log[2]).toMatchObject({ page: { path: '/many' } });
  });

  it.each([
    ['no tab', { page: {} }, 'tab'],
    ['a tab that is no name', { tab: '<script>' }, 'tab'],
    ['a page that is none', { tab: OTHER, page: { path: 7 } }, 'page.path'],
  ])('is refused with %s', async (_, message, path) => {
    const page = await openPage(hub.url);
    expect(await open(page, message)).toMatchObject({ ok: false, error: { code: 'invalid', path } });
  });
});
