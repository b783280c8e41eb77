import type { BrowserContext, Page } from 'playwright';
import type { Server } from 'socket.io';
import { afterAll, describe, expect, it } from 'vitest';
import type { Nudge } from '../../shared/nudge.ts';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { type Harm, NO_HARM, REPORTED_POLICY, watchForHarm } from '../support/harm.ts';
import { nudgesOf, SLOTTED, type Surface } from '../support/hostile-nudges.ts';
import { seeInPlaces, seeInTurn } from '../support/hostile-page.ts';
import { seeInInspector, seePreferences } from '../support/hostile-panels.ts';
import { KINDS, PAYLOADS } from '../support/payloads/payloads.ts';
import { PUBLISHABLE_KEY } from '../support/sample-site.ts';
import { type Ack, startStandIn, welcomeWith } from '../support/stand-in-hub.ts';
import { bringSurveyor } from '../support/survey.ts';

afterAll(closeBrowser);

/** Whatever a hub takes; what it refuses the unit tests have counted. */
const TEXTS = PAYLOADS.filter((text) => !KINDS.TOO_LONG.includes(text));
/** The first has nothing in it: what is drawn of it is the pattern for the others. */
const MADE = ['Nothing but words', ...TEXTS].map((text) => ({ text, nudges: nudgesOf(text) }));
const HOUR_MS = 3_600_000;
/** Quick on a machine of its own; others may be at work, too. */
const LOADED_MACHINE_MS = 300_000;
const SOON = { timeout: 30_000 };
const PLACES_A_PAGE = 30;

const slots = SLOTTED.flatMap((look) =>
  Array.from({ length: PLACES_A_PAGE }, (_, at) => `<p data-cartbell-slot="${look}-${at}"></p>`),
);
const SHOP = {
  page: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title><link rel="icon" href="/x.svg">
<script async src="/cartbell.js" data-site="${PUBLISHABLE_KEY}"></script><script type="module" src="/inspector.js"></script></head>
<body><main><h1>A shop</h1>${slots.join('')}</main></body></html>`,
  headers: REPORTED_POLICY,
};
const OF_THE_PAGE = [
  'body',
  'cart-bell',
  'div',
  'h1',
  'head',
  'html',
  'link',
  'main',
  'meta',
  'p',
  'script',
  'title',
];

/** As it comes to the page, with the text where only the hub's own words are, too. */
function sent(surface: Surface, index: number, more: Partial<Nudge> = {}): Nudge {
  const { text, nudges } = MADE[index] ?? { text: '', nudges: nudgesOf('') };
  const expiresAt = Date.now() + HOUR_MS;
  const { offer, ...nudge } = nudges[surface];
  const shown = offer ? { offer: { ...offer, code: text, expiresAt } } : {};
  const order = { id: `n_${surface}_${index}`, seq: index + 1, priority: MADE.length - index };
  return { ...nudge, ...shown, ...order, why: text, expiresAt, ...more };
}

const all = (surface: Surface) => MADE.map((_, index) => sent(surface, index));

interface Stand {
  readonly url: string;
  /** What the next page is welcomed with. */
  nudges: readonly Nudge[];
  readonly claimed: string[];
  io: Server | null;
}

async function startHub(): Promise<Stand> {
  const stand = { url: '', nudges: [], claimed: [], io: null } as Stand & { url: string };
  stand.url = await startStandIn((io) => {
    stand.io = io;
    io.on('connection', (socket) => {
      socket.emit('welcome', { ...welcomeWith(), nudges: stand.nudges, settings: { inspect: true } });
      socket.on('claim', ({ nudge }: { nudge: string }, ack: Ack) => {
        stand.claimed.push(nudge);
        ack({ ok: true });
      });
      socket.on('track', ({ events }: { events: unknown[] }, ack: Ack) =>
        ack({ ok: true, accepted: events.length, duplicates: 0 }),
      );
    });
  }, SHOP);
  return stand;
}

const untilConnected = (hub: Stand) => expect.poll(() => hub.io?.sockets.sockets.size, SOON).toBe(1);

async function openShop(
  hub: Stand,
  path = '/',
): Promise<{ page: Page; harm: Harm; context: BrowserContext }> {
  const context = await openProfile({ viewport: { width: 800, height: 1_200 } });
  const harm = await watchForHarm(context, hub.url);
  const page = await context.newPage();
  await bringSurveyor(page);
  await page.goto(hub.url + path);
  return { page, harm, context };
}

const call = (page: Page, ...words: string[]) =>
  page.evaluate((given) => {
    const { cartbell } = window as unknown as { cartbell: (...said: unknown[]) => void };
    cartbell(...given, () => undefined);
  }, words);

/** Nothing came of it, and nothing is in the page that was not there before. */
async function isUnharmed(page: Page, harm: Harm): Promise<void> {
  expect(harm).toEqual(NO_HARM);
  const elements = await page.evaluate(() => [
    ...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName)),
  ]);
  expect(elements.filter((name) => !OF_THE_PAGE.includes(name) && name !== 'cartbell-inline')).toEqual([]);
  expect(await page.evaluate(() => Object.hasOwn(Object.prototype, 'polluted'))).toBe(false);
}

const times = (fields: readonly string[], count: number) =>
  Object.fromEntries(fields.map((field) => [field, count]));
const OF_ALL = ['title', 'body', 'cta.label', 'cta.href', 'why'];
const OF_INBOX = ['inbox: title', 'inbox: body', 'inbox: cta.label', 'inbox: cta.href'];
const OF_ITEMS = ['item_name', 'item_name, spoken', 'url', 'image'];

/** What finds no place in the window is not spoken either. */
const isHeard = (text: string) => text.length <= 200;

type Round = readonly [
  surface: Surface,
  fields: readonly string[],
  options: Omit<Parameters<typeof seeInTurn>[2], 'tag'>,
];
const ROUNDS: readonly Round[] = [
  ['toast', [...OF_ALL, ...OF_INBOX], { inboxEvery: 30, isHeard }],
  ['countdown', [...OF_ALL, 'code', ...OF_INBOX, 'inbox: code'], { inboxEvery: 30 }],
  ['recommendation', [...OF_ALL, ...OF_ITEMS], {}],
  ['progress', [...OF_ALL, 'reached', 'reached, spoken'], {}],
  ['bar', OF_ALL, {}],
];

/** One after the other they would take as long as all of the others. */
function together<Given, Result>(
  given: readonly Given[],
  see: (one: Given) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(given.map(see));
}

describe('every text that means harm is shown as it was written, and does nothing', () => {
  it(
    'in each field of each card and bar, its menu, the inbox, and what is said to screen readers',
    async () => {
      const hubs = await together(ROUNDS, async (round) => ({ round, hub: await startHub() }));
      const seen = await together(hubs, async ({ round: [surface, , options], hub }) => {
        hub.nudges = all(surface);
        const { page, harm } = await openShop(hub);
        await call(page, 'onAdd');
        const tag = surface === 'bar' ? 'cartbell-bar' : 'cartbell-card';
        const found = await seeInTurn(page, hub.nudges, { tag, ...options });
        await isUnharmed(page, harm);
        return found;
      });
      for (const [at, [surface, fields]] of ROUNDS.entries()) {
        expect(seen[at]?.faults, surface).toEqual([]);
        const { spoken, ...placed } = seen[at]?.placed ?? {};
        expect(placed, surface).toEqual(times(fields, MADE.length));
        expect(spoken, surface).toBe(
          surface === 'toast' ? MADE.filter(({ text }) => isHeard(text)).length : undefined,
        );
      }
    },
    LOADED_MACHINE_MS,
  );

  it('in marked places of the page, as a note, as badges and as the shop’s own words', async () => {
    const hub = await startHub();
    const placed: Record<string, number> = {};
    for (let from = 0; from < MADE.length; from += PLACES_A_PAGE) {
      hub.nudges = MADE.slice(from, from + PLACES_A_PAGE).flatMap((_, at) =>
        SLOTTED.map((look) => sent(look, from + at, { slot: `${look}-${at}` })),
      );
      const { page, harm, context } = await openShop(hub);
      const found = await seeInPlaces(page, hub.nudges);
      expect(found.faults).toEqual([]);
      for (const [field, count] of Object.entries(found.placed)) placed[field] = (placed[field] ?? 0) + count;
      await isUnharmed(page, harm);
      await context.close();
    }
    expect(placed).toEqual(times([...OF_ALL, 'badges', 'text'], MADE.length));
  });

  it('among a shopper’s wishes, where no text of anybody’s has a place', async () => {
    const hub = await startHub();
    const { page, harm } = await openShop(hub);
    await untilConnected(hub);
    await call(page, 'open', 'preferences');
    let shape: string | null = null;
    for (const [at, { text }] of MADE.entries()) {
      const count = 2 + (at % 40);
      const wishes = {
        quietHours: { from: text, to: text },
        without: [text],
        lessOf: Array(count).fill(text),
      };
      hub.io?.emit('welcome', {
        ...welcomeWith(),
        preferences: { doNotDisturb: false, snoozedUntil: null, ...wishes },
      });
      const { seen, faults } = await seePreferences(page, shape, `${count} messages`);
      expect(faults).toEqual([]);
      shape = seen;
    }
    await isUnharmed(page, harm);
  });

  it('in the inspector, whether the hub or the page says it', async () => {
    const hub = await startHub();
    const { page, harm } = await openShop(hub, '/?inspect');
    // It asks to inspect, and is welcomed anew.
    await page
      .locator('aside')
      .getByText(/ welcome$/)
      .waitFor();
    const placed = { decision: 0, reason: 0, nudge: 0, event: 0 };
    for (let from = 0; from < MADE.length; from += 30) {
      const texts = MADE.slice(from, from + 30).map(({ text }) => text);
      for (const text of texts) {
        const reason = { rule: text, result: 'held', by: text, path: text, wanted: text, actual: text };
        hub.io?.emit('decision', { input: text, at: 0, reasons: [reason] });
        hub.io?.emit('nudge', { ...sent('note', 0, { slot: 'nowhere', title: text }), id: `n_seen_${from}` });
      }
      const found = await seeInInspector(page, texts);
      for (const field of ['decision', 'reason', 'nudge', 'event'] as const) placed[field] += found[field];
    }
    expect(placed).toEqual(times(['decision', 'reason', 'nudge', 'event'], MADE.length));
    await isUnharmed(page, harm);
  });
});

describe('what a hub would never send', () => {
  it('is not shown: a link of any kind that is no link, on any nudge, new or known', async () => {
    const hub = await startHub();
    const { page, harm } = await openShop(hub);
    const links = KINDS.ADDRESSES.filter((link) => !/^(\/(?!\/)|\.\/|[?#]|https?:)[^\s\\]*$/.test(link));
    expect(links.length).toBeGreaterThan(70);
    const item = { item_id: 'a', item_name: 'a', price: 1, currency: 'EUR' };
    await untilConnected(hub);
    for (const [at, url] of links.entries()) {
      const cta = { label: 'Go', href: url };
      hub.io?.emit('nudge', sent('toast', 0, { id: `n_link_${at}`, cta }));
      hub.io?.emit('nudge', sent('bar', 0, { id: `n_bar_link_${at}`, cta }));
      hub.io?.emit('nudge', sent('recommendation', 0, { id: `n_item_${at}`, items: [{ ...item, url }] }));
    }
    hub.io?.emit('nudge', sent('toast', 0, { id: 'n_harmless' }));
    await page.getByRole('heading', { name: 'Nothing but words' }).waitFor();
    expect(hub.claimed).toEqual(['n_harmless']);
    await isUnharmed(page, harm);
  });
});

it('the same texts do run where a page takes them for markup, and each way to run is seen', async () => {
  const hub = await startHub();
  const { page, harm } = await openShop(hub);
  const texts = [
    KINDS.SCRIPT_ELEMENTS,
    KINDS.EVENT_HANDLERS,
    KINDS.VECTORS,
    KINDS.MUTATIONS,
    KINDS.STYLES,
  ].flat();
  const led = texts.filter((text) => /refresh|location/.test(text));
  await page.evaluate(
    (given) => {
      for (const text of given) {
        const element = document.createElement('div');
        element.innerHTML = text;
        document.body.append(element);
      }
    },
    texts.filter((text) => !led.includes(text)),
  );
  await expect.poll(() => harm.calls, SOON).toBeGreaterThan(40);
  await expect.poll(() => harm.requests.length, SOON).toBeGreaterThan(15);
  await expect.poll(() => harm.dialogs.length, SOON).toBeGreaterThan(2);
  await expect.poll(() => harm.violations.length, SOON).toBeGreaterThan(100);
  await expect(isUnharmed(page, NO_HARM)).rejects.toThrow('to deeply equal []');
  expect(harm.pages).toEqual([]);
  await page.evaluate((text) => (document.body.innerHTML = text), led[0] ?? '');
  await expect.poll(() => harm.requests.some((url) => url.endsWith('/m')), SOON).toBe(true);
});
