import { expect, it } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { LOG_START } from '../../server/store/store.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { call } from '../support/api.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { idleCountdown, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const SHOPPERS = 50;
const KILLS = 3;
const TIMEOUT_MS = 60_000;

it(
  'kill -9 while 50 shoppers add items: every acked event is there once, and the idle countdowns still come',
  async () => {
    const dir = await tempDir();
    const port = String(await freePort());
    const env = {
      DATA_DIR: dir,
      PORT: port,
      SITE_FILE: await siteFile(dir, { rules: [{ ...idleCountdown, after: '3s' }] }),
    };
    let hub = await startHub(env);
    const pages = await Promise.all(Array.from({ length: SHOPPERS }, () => openPage(hub.url)));

    let adding = true;
    const running = pages.map((page) => addUntil(page, () => !adding));
    for (let kill = 0; kill < KILLS; kill++) {
      await enoughAcked(pages, 200 * (kill + 1));
      await hub.kill();
      hub = await startHub(env);
    }
    await enoughAcked(pages, 200 * (KILLS + 1));
    adding = false;
    await Promise.all(running);

    await Promise.all(pages.map((page) => page.until(() => countdownOf(page))));
    const acked = pages.reduce((sum, page) => sum + page.acked.length, 0);
    const { events } = (await call(hub.url, 'GET', '/v1/metrics')).body as { events: Record<string, number> };
    expect(events['add_to_cart']).toBe(acked);
    expect(pages.every(({ socket }) => socket.connected)).toBe(true);
    await hub.stop();

    const counted = new Map<string, number>();
    for (const id of await countedEvents(dir)) counted.set(id, (counted.get(id) ?? 0) + 1);
    expect(pages.flatMap((page) => page.acked).filter((id) => counted.get(id) !== 1)).toEqual([]);
  },
  TIMEOUT_MS,
);

/** Pushed live, or in the welcome of a page that was away when it was decided. */
function countdownOf({ nudges, welcome }: Page): Nudge | undefined {
  return [...nudges, ...welcome.nudges].find(({ kind }) => kind === 'countdown');
}

/** Adds a mug after a mug, each until it is acked, with the same id, as the widget does. */
async function addUntil(page: Page, isOver: () => boolean): Promise<void> {
  for (let rev = 1; !isOver(); rev++) {
    const id = `${page.tab}-${rev}`.slice(-64);
    while (!(await isAcked(page, id, rev)));
    page.acked.push(id);
  }
}

async function isAcked(page: Page, id: string, rev: number): Promise<boolean> {
  try {
    const event = {
      id,
      name: 'add_to_cart',
      at: Date.now(),
      rev,
      params: { items: [{ ...mug, quantity: 1 }] },
    };
    const ack = (await page.socket.timeout(1_000).emitWithAck('track', { events: [event] })) as {
      ok: boolean;
    };
    return ack.ok;
  } catch {
    return false;
  }
}

function enoughAcked(pages: readonly Page[], total: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (pages.reduce((sum, page) => sum + page.acked.length, 0) >= total) resolve();
      else setTimeout(look, 20);
    };
    look();
  });
}

async function countedEvents(dir: string): Promise<string[]> {
  const store = await SqliteStore.open(dir);
  const ids: string[] = [];
  for (let after = LOG_START; ;) {
    const page = await store.readLog(after, 5_000);
    if (page.next === after) break;
    after = page.next;
    for (const { input } of page.records) if (input.kind === 'event') ids.push(input.event.id);
  }
  await store.close();
  return ids;
}
