import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../widget/event-queue.ts';
import type { PageStorage } from '../../../widget/page-storage.ts';
import { memoryStorage } from '../support/memory-storage.ts';

const NOW = 1_795_000_000_000;
const KEY = 'cartbell:pk_demo:queue:';

const queueOf = (storage: PageStorage, tab = 'tab-a') => new EventQueue(storage, 'pk_demo', tab);
const view = (queue: EventQueue, item = 'mug', now = NOW) =>
  queue.add({ name: 'view_item', params: { items: [{ item_id: item }] } }, now);
const buy = (queue: EventQueue, order: string, now = NOW) =>
  queue.add({ name: 'purchase', params: { transaction_id: order, items: [] } }, now);
const namesIn = (queue: EventQueue) => queue.next(1_000).map(({ name }) => name);
const idsIn = (queue: EventQueue) => queue.next(1_000).map(({ id }) => id);

describe('what is not acked yet', () => {
  it('outlives a reload', () => {
    const storage = memoryStorage();
    const before = queueOf(storage);
    const events = [view(before), buy(before, 'order-1')];
    expect(queueOf(storage).next(10)).toEqual(events);
  });

  it('is told apart by site and by tab', () => {
    const storage = memoryStorage();
    view(queueOf(storage));
    expect(queueOf(storage, 'tab-b').size).toBe(0);
    expect(new EventQueue(storage, 'pk_other', 'tab-a').size).toBe(0);
  });

  it('comes in order, as many as asked for', () => {
    const queue = queueOf(memoryStorage());
    const events = [view(queue), view(queue), view(queue)];
    expect(queue.next(2)).toEqual(events.slice(0, 2));
  });

  it('is gone once it is settled, from the device too', () => {
    const storage = memoryStorage();
    const queue = queueOf(storage);
    const [first, second] = [view(queue), view(queue)];
    queue.settle(new Set([first.id, 'unknown-id']), NOW);
    expect(queueOf(storage).next(10)).toEqual([second]);
    queue.settle(new Set([second.id]), NOW);
    expect(storage.keys(KEY)).toEqual([]);
  });
});

describe('at its bound', () => {
  it('the oldest event goes', () => {
    const queue = queueOf(memoryStorage());
    const events = Array.from({ length: 130 }, () => view(queue));
    expect(idsIn(queue)).toEqual(events.slice(30).map(({ id }) => id));
    expect(queue.dropped).toBe(30);
  });

  it('purchases go last', () => {
    const queue = queueOf(memoryStorage());
    buy(queue, 'order-1');
    for (let count = 0; count < 150; count++) view(queue);
    expect(namesIn(queue).filter((name) => name === 'purchase')).toHaveLength(1);
    expect(queue.size).toBe(100);
  });

  it('nothing but purchases is bounded too', () => {
    const queue = queueOf(memoryStorage());
    const events = Array.from({ length: 101 }, (_, index) => buy(queue, `order-${index}`));
    expect(idsIn(queue)).toEqual(events.slice(1).map(({ id }) => id));
  });

  it('large events are bounded by their size', () => {
    const storage = memoryStorage();
    const queue = queueOf(storage);
    for (let count = 0; count < 20; count++) view(queue, 'x'.repeat(10_000));
    expect(queue.size).toBeLessThan(7);
    expect((storage.get(`${KEY}tab-a`) ?? '').length).toBeLessThan(65_000);
  });

  it('an event that is too large by itself costs no other one its place', () => {
    const queue = queueOf(memoryStorage());
    const small = view(queue);
    view(queue, 'x'.repeat(70_000));
    expect(idsIn(queue)).toEqual([small.id]);
  });
});

describe('what tabs left behind', () => {
  it('is taken over from a tab that is no more', () => {
    const storage = memoryStorage();
    const left = view(queueOf(storage, 'tab-gone'));
    const queue = queueOf(storage);
    const own = view(queue);
    queue.adopt(NOW + 10_000);
    expect(idsIn(queue)).toEqual([left.id, own.id]);
    expect(storage.keys(KEY)).toEqual([`${KEY}tab-a`]);
  });

  it('stays with a tab that was alive a moment ago', () => {
    const storage = memoryStorage();
    const alive = queueOf(storage, 'tab-alive');
    view(alive);
    const queue = queueOf(storage);
    queue.adopt(NOW + 9_999);
    expect(queue.size).toBe(0);
    alive.beat(NOW + 9_999);
    queue.adopt(NOW + 10_001);
    expect(queue.size).toBe(0);
  });

  it('of another site stays where it is', () => {
    const storage = memoryStorage();
    view(new EventQueue(storage, 'pk_other', 'tab-gone'));
    const queue = queueOf(storage);
    queue.adopt(NOW + 60_000);
    expect(queue.size).toBe(0);
  });

  it('is bounded like the rest: purchases go last', () => {
    const storage = memoryStorage();
    buy(queueOf(storage, 'tab-gone'), 'order-1');
    const queue = queueOf(storage);
    for (let count = 0; count < 100; count++) view(queue);
    queue.adopt(NOW + 60_000);
    expect(queue.size).toBe(100);
    expect(namesIn(queue)).toContain('purchase');
    expect(queue.dropped).toBe(1);
  });
});

describe('garbage on the device is ignored', () => {
  it.each(['', 'nonsense', 'null', '5', '"text"', '[]', '{}', '{"events":5}', '{"beat":1,"events":{}}'])(
    '%j',
    (garbage) => {
      const storage = memoryStorage(
        new Map([
          [`${KEY}tab-a`, garbage],
          [`${KEY}tab-gone`, garbage],
        ]),
      );
      const queue = queueOf(storage);
      queue.adopt(NOW);
      expect(queue.size).toBe(0);
      view(queue);
      expect(queue.size).toBe(1);
    },
  );

  it('also among good events', () => {
    const queue = queueOf(memoryStorage(new Map([[`${KEY}tab-a`, '{"beat":1,"events":[null,5,{}]}']])));
    const own = view(queue);
    queue.settle(new Set([own.id]), NOW);
    expect(queue.size).toBe(0);
  });

  it.each(['nonsense', '-5', 'NaN', '1.5', '9007199254740993', ''])('%j for a rev', (garbage) => {
    const queue = queueOf(memoryStorage(new Map([['cartbell:pk_demo:rev', garbage]])));
    expect(view(queue).rev).toBe(1);
  });
});

describe('the place in the shopper’s order', () => {
  it('counts up over all tabs of a device', () => {
    const storage = memoryStorage();
    const tabs = [queueOf(storage, 'tab-a'), queueOf(storage, 'tab-b')];
    const revs = [0, 1, 1, 0, 1, 0, 0].flatMap((tab) =>
      tabs.slice(tab, tab + 1).map((queue) => view(queue).rev),
    );
    expect(revs).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('goes on above what the hub has seen', () => {
    const storage = memoryStorage();
    const [one, other] = [queueOf(storage, 'tab-a'), queueOf(storage, 'tab-b')];
    view(one);
    one.raiseRev(40);
    expect(view(other).rev).toBe(41);
    one.raiseRev(7);
    expect(view(one).rev).toBe(42);
  });

  it('goes on after a reload, when all was acked', () => {
    const storage = memoryStorage();
    const before = queueOf(storage);
    before.settle(new Set([view(before).id]), NOW);
    expect(view(queueOf(storage)).rev).toBe(2);
  });

  it('never goes back when the device forgets', () => {
    const kept = new Map<string, string>();
    const queue = queueOf(memoryStorage(kept));
    view(queue);
    view(queue);
    kept.clear();
    expect(view(queue).rev).toBe(3);
  });
});

describe('one message', () => {
  it('is never more bytes than the hub takes, in any alphabet', () => {
    const queue = queueOf(memoryStorage());
    for (let count = 0; count < 20; count++) view(queue, '가나다라마바사'.repeat(140));
    const bytes = new TextEncoder().encode(JSON.stringify({ events: queue.next(25) })).length;
    expect(bytes).toBeLessThan(64_000);
    expect(queue.next(25).length).toBeGreaterThan(0);
  });
});

describe('a page that comes back after others of its tab', () => {
  it('keeps what it knew and what they added, each once, under its tab’s new name', () => {
    const storage = memoryStorage();
    const page = queueOf(storage);
    const first = view(page, 'mug');
    const second = view(queueOf(storage), 'pot');
    page.reopen('tab-b', NOW);
    page.settle(new Set([first.id]), NOW);
    expect(queueOf(storage, 'tab-b').next(10)).toEqual([second]);
    expect(queueOf(storage).size).toBe(0);
  });
});
