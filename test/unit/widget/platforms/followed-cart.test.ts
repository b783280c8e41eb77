import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyLedger, linesIn, reconcile, reportOf } from '../../../../server/core/cart-ledger.ts';
import { ShopperEvent } from '../../../../shared/event.ts';
import type { SeenEvent } from '../../../../widget/event-queue.ts';
import { capture, captureCart } from '../../../../widget/sensors/captured-events.ts';
import type { PageStorage } from '../../../../widget/page-storage.ts';
import { FollowedCart } from '../../../../widget/sensors/platforms/followed-cart.ts';
import type { Platform } from '../../../../widget/sensors/platforms/platform.ts';
import { memoryStorage } from '../../support/memory-storage.ts';
import { platformPage } from './platform-pages.ts';

type Line = { id: string; price: number; quantity: number };
type Signs = Parameters<Platform['listen']>[0];

const HALF_AN_HOUR = 30 * 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A shop whose platform holds `lines`, and what a page of it tells the hub. */
function shop(...lines: Line[]) {
  const state = {
    lines,
    isReachable: true,
    isCartPage: false,
    storage: memoryStorage(),
    /** What an answer waits for on its way. */
    onTheWay: Promise.resolve(),
  };
  const told: SeenEvent[] = [];
  const open = async (storage = state.storage) => {
    const page = platformPage({});
    let signs: Signs | undefined;
    const platform: Platform = {
      read: async () => {
        if (!state.isReachable) throw new TypeError('Failed to fetch');
        const items = state.lines.map(({ id, price, quantity }) => ({
          item_id: id,
          item_name: undefined,
          item_variant: undefined,
          price,
          quantity,
        }));
        await state.onTheWay;
        return { items, currency: 'EUR' };
      },
      changedBy: /\/change$/,
      listen: (given) => {
        signs = given;
        return () => undefined;
      },
      isCartPage: () => state.isCartPage,
    };
    const cart = new FollowedCart({
      platform,
      checked: captureCart,
      storage,
      key: 'cart',
      report: (seen) => told.push(seen),
      seen: () => undefined,
    });
    await cart.start();
    return {
      ...page,
      signs: signs as Signs,
      /** What the shop says on its data layer, and what of it goes past the platform's cart. */
      says: (name: string, ...items: object[]) => {
        const pass = () => void told.push(capture(name, { items, transaction_id: 'order-1' }) as SeenEvent);
        if (name === 'purchase') pass();
        cart.hear(name, pass);
      },
      settled: () => cart.look(false),
    };
  };
  const names = () => told.map(({ name }) => name);
  return { state, told, names, open, take: () => told.splice(0) };
}

async function moments(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}

/** What one tab writes is there for the other a moment later, as between processes of a browser. */
function twoTabsOfOneDevice(): PageStorage[] {
  const kept = [new Map<string, string>(), new Map<string, string>()];
  return kept.map((own) => {
    const storage = memoryStorage(own);
    storage.set = (key, value) => {
      own.set(key, value);
      void moments(3).then(() => {
        for (const other of kept) if (other !== own) other.set(key, value);
      });
    };
    return storage;
  });
}

/** As the browser's locks are, all of one name. */
function oneAfterTheOther() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request(_name: string, _options: object, work: () => Promise<boolean>) {
      const turn = last.then(work);
      last = turn;
      return turn;
    },
  };
}

const line = (id: string, quantity = 1, price = 10): Line => ({ id, price, quantity });

/** What the hub makes of it, each event in its place. */
function hubCart(told: readonly SeenEvent[]) {
  let ledger = emptyLedger;
  for (const [index, seen] of told.entries()) {
    const id = `event-${String(index).padStart(4, '0')}`;
    const event = ShopperEvent.parse({ ...seen, id, at: 0, rev: index + 1 });
    ledger = reconcile(ledger, { id, rev: index + 1 }, reportOf(event));
  }
  return linesIn(ledger).map(({ item_id, price, quantity }) => ({ id: item_id, price, quantity }));
}

describe('one event explains the difference', () => {
  it.each<[what: string, before: Line[], after: Line[], name: string, items: object[]]>([
    ['something new', [], [line('mug')], 'add_to_cart', [{ item_id: 'mug', quantity: 1 }]],
    ['more of it', [line('mug')], [line('mug', 3)], 'add_to_cart', [{ item_id: 'mug', quantity: 2 }]],
    ['less of it', [line('mug', 3)], [line('mug')], 'remove_from_cart', [{ item_id: 'mug', quantity: 2 }]],
    ['the last of it', [line('mug')], [], 'remove_from_cart', [{ item_id: 'mug', quantity: 1 }]],
    [
      'one thing for another',
      [line('mug')],
      [line('pot', 2)],
      'add_to_cart',
      [{ item_id: 'pot', quantity: 2 }],
    ],
  ])('%s', async (_, before, after, name, items) => {
    const { state, told, take, open } = shop(...before);
    const { signs, settled } = await open();
    take();
    state.lines = after;
    signs.changed();
    await settled();
    expect(told).toMatchObject([{ name, params: { currency: 'EUR', items }, cart: { currency: 'EUR' } }]);
    expect(hubCart(told)).toEqual(after);
  });

  it('with the value of what changed, as a person would write it', async () => {
    const { state, told, open } = shop();
    const { signs, settled } = await open();
    state.lines = [line('mug', 3, 0.1)];
    signs.changed();
    await settled();
    expect(told).toMatchObject([{ params: { value: 0.3 } }]);
  });

  it('another price alone goes along with the page', async () => {
    const { state, told, take, open } = shop(line('mug'));
    const { signs, settled } = await open();
    take();
    state.lines = [line('mug', 1, 8)];
    signs.changed();
    await settled();
    expect(told).toMatchObject([{ name: 'page_view', cart: { items: [{ price: 8 }] } }]);
  });

  it('lines of the same item and variant are one, worth the same', async () => {
    const { told, open } = shop(line('mug', 1, 10), line('mug', 3, 12));
    await open();
    expect(told).toMatchObject([{ cart: { items: [{ item_id: 'mug', quantity: 4, price: 11.5 }] } }]);
  });
});

describe('the same cart is not told twice', () => {
  it('however often something hints at a change', async () => {
    const { names, open } = shop(line('mug'));
    const { signs, requested, settled } = await open();
    for (let time = 0; time < 3; time++) {
      signs.changed();
      requested('https://shop.example/change');
      await settled();
    }
    expect(names()).toEqual(['page_view']);
  });

  it('whatever the order of its lines', async () => {
    const { state, names, open } = shop(line('mug'), line('pot'));
    const { signs, settled } = await open();
    state.lines = state.lines.toReversed();
    signs.changed();
    await settled();
    expect(names()).toEqual(['page_view']);
  });

  it('on the next page, nor in another tab', async () => {
    const { names, open } = shop(line('mug'));
    await open();
    await open();
    expect(names()).toEqual(['page_view']);
  });

  it('except at the beginning of another visit, lest the hub had never heard of it', async () => {
    const { names, open } = shop(line('mug'));
    await open();
    vi.advanceTimersByTime(HALF_AN_HOUR + 1);
    await open();
    expect(names()).toEqual(['page_view', 'page_view']);
  });
});

describe('what is found when a page is opened', () => {
  it('an empty cart that nobody knows is not worth a word', async () => {
    const { names, open } = shop();
    await open();
    expect(names()).toEqual([]);
  });

  it('a classic form’s change is told by the page that it leads to', async () => {
    const { state, told, take, open } = shop();
    await open();
    state.lines = [line('mug', 2)];
    await open();
    expect(take()).toMatchObject([
      { name: 'add_to_cart', params: { items: [{ item_id: 'mug', quantity: 2 }] } },
    ]);
    state.lines = [line('mug')];
    await open();
    expect(told).toMatchObject([{ name: 'remove_from_cart' }]);
  });

  it('a cart that was emptied elsewhere, as by a checkout of the platform’s, was not taken out piece by piece', async () => {
    const { state, told, names, open } = shop(line('mug'));
    await open();
    state.lines = [];
    await open();
    expect(names()).toEqual(['page_view', 'page_view']);
    expect(hubCart(told)).toEqual([]);
  });

  it('a cart page is a view of the cart, once', async () => {
    const { state, told, names, open } = shop(line('mug'));
    state.isCartPage = true;
    const { says, settled } = await open();
    says('view_cart', { item_id: 'SKU-MUG', price: 9 });
    await settled();
    expect(names()).toEqual(['view_cart']);
    expect(hubCart(told)).toEqual([line('mug')]);
  });
});

describe('what the shop says by itself', () => {
  it.each(['before', 'after'])(
    'an add_to_cart on the data layer %s the platform’s own word counts once',
    async (when) => {
      const { state, told, names, open } = shop();
      const { signs, says, settled } = await open();
      if (when === 'before') says('add_to_cart', { item_id: 'SKU-MUG', price: 10, quantity: 1 });
      state.lines = [line('mug')];
      signs.changed();
      await settled();
      if (when === 'after') says('add_to_cart', { item_id: 'SKU-MUG', price: 10, quantity: 1 });
      await settled();
      expect(names()).toEqual(['add_to_cart']);
      expect(hubCart(told)).toEqual([line('mug')]);
    },
  );

  it('passes where the platform can’t be asked', async () => {
    const { state, names, open } = shop();
    state.isReachable = false;
    const { says } = await open();
    says('add_to_cart', { item_id: 'mug' });
    expect(names()).toEqual(['add_to_cart']);
  });

  it('a purchase passes, and the cart that it leaves empty is no removal', async () => {
    const { state, told, names, open } = shop(line('mug'));
    const { says, signs, settled } = await open();
    says('purchase');
    state.lines = [];
    signs.changed();
    await settled();
    expect(names()).toEqual(['page_view', 'purchase']);
    expect(hubCart(told)).toEqual([]);
  });

  it('what was bought does not come back into the cart because the platform is slow to empty it', async () => {
    const { told, open } = shop(line('mug'));
    const { says, signs, settled } = await open();
    says('purchase');
    signs.changed();
    await settled();
    await open();
    expect(hubCart(told)).toEqual([]);
  });

  it('the next cart after a purchase is told whole', async () => {
    const { state, told, open } = shop(line('mug'));
    const { says, signs, settled } = await open();
    says('purchase');
    state.lines = [line('pot')];
    signs.changed();
    await settled();
    expect(told.at(-1)).toMatchObject({ name: 'add_to_cart', params: { items: [{ item_id: 'pot' }] } });
    expect(hubCart(told)).toEqual([line('pot')]);
  });
});

describe('a page that was away', () => {
  it.each(['visibilitychange', 'online'])('looks again on %s', async (how) => {
    const { state, told, open } = shop(line('mug'));
    const { page, root, settled } = await open();
    state.lines = [line('mug'), line('pot')];
    (how === 'online' ? page : root).dispatchEvent(new Event(how));
    await settled();
    expect(hubCart(told)).toEqual([line('mug'), line('pot')]);
  });

  it('an answer that was on its way while another tab told a newer cart is asked for again', async () => {
    const { state, told, open } = shop(line('mug'));
    const [slow, quick] = [await open(), await open()];
    let arrive = (): void => undefined;
    state.onTheWay = new Promise((resolve) => (arrive = resolve));
    slow.signs.changed();
    await Promise.resolve();
    state.onTheWay = Promise.resolve();
    vi.advanceTimersByTime(50);
    state.lines = [line('mug'), line('pot')];
    quick.signs.changed();
    await quick.settled();
    arrive();
    await slow.settled();
    await slow.settled();
    expect(told.map(({ name }) => name)).toEqual(['page_view', 'add_to_cart']);
    expect(hubCart(told)).toEqual(state.lines);
  });

  it('a change that two tabs look at in one moment is told by one of them', async () => {
    const { state, names, open, take } = shop(line('mug'));
    // The network is slower than word from one tab to the other.
    Object.defineProperty(state, 'onTheWay', { get: () => moments(5) });
    const tabs = [];
    for (const storage of twoTabsOfOneDevice()) {
      tabs.push(await open(storage));
      await moments(10);
    }
    vi.stubGlobal('navigator', { locks: oneAfterTheOther() });
    take();
    state.lines = [line('mug'), line('pot')];
    for (const { signs } of tabs) signs.changed();
    for (const { settled } of tabs) await settled();
    expect(names()).toEqual(['add_to_cart']);
  });

  it('asks again by itself when an answer fails', async () => {
    const { state, told, open } = shop();
    const { signs, settled } = await open();
    state.isReachable = false;
    signs.changed();
    await settled();
    state.lines = [line('mug')];
    state.isReachable = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(hubCart(told)).toEqual([line('mug')]);
  });

  it('a platform that never answered is not asked over and over', async () => {
    const { state, open } = shop();
    state.isReachable = false;
    await open();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('whatever happens in whatever order, the hub’s cart is the platform’s', async () => {
  const step = fc.oneof(
    fc.record({
      what: fc.constant('set' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      quantity: fc.nat({ max: 3 }),
    }),
    fc.record({
      what: fc.constantFrom(
        'told' as const,
        'add_to_cart' as const,
        'remove_from_cart' as const,
        'view_cart' as const,
        'reload' as const,
        'down' as const,
        'up' as const,
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { state, told, open } = shop();
      let page = await open();
      for (const taken of steps) {
        if (taken.what === 'set') {
          const others = state.lines.filter(({ id }) => id !== taken.id);
          state.lines = taken.quantity === 0 ? others : [...others, line(taken.id, taken.quantity)];
        } else if (taken.what === 'told') page.signs.changed();
        else if (taken.what === 'reload') page = await open();
        else if (taken.what === 'down' || taken.what === 'up') state.isReachable = taken.what === 'up';
        else page.says(taken.what, { item_id: 'SKU', price: 10, quantity: 1 });
        await Promise.resolve();
      }
      state.isReachable = true;
      await page.settled();
      const byId = (lines: Line[]) => lines.toSorted((a, b) => a.id.localeCompare(b.id));
      expect(byId(hubCart(told))).toEqual(byId(state.lines));
    }),
    { numRuns: 300 },
  );
});
