import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentFaults } from '../../../server/core/segments.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { READY_MADE, Segments } from '../../../shared/segment.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { faultsIn } from '../support/faults.ts';
import { acts, perform } from '../support/random-life.ts';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, Story } from '../support/story.ts';

const allReady = READY_MADE.map(({ id }) => id);
const everyone = () => new Story(liveSite([], { segments: allReady }));

/** Buys `orders` carts of one item at `price`, a day apart. */
function buysOften(story: Story, orders: number, price: number): void {
  for (let order = 0; order < orders; order++) {
    const line = [{ item_id: 'mug', price, quantity: 1 }];
    story.wait(DAY).page('purchase', { transaction_id: `order-${order}`, value: price, items: line });
  }
}

describe('the ready-made segments', () => {
  it.each<[segment: string, does: (story: Story) => void]>([
    ['first-time', (story) => story.page('page_view')],
    ['first-order', (story) => buysOften(story, 1, 10)],
    ['loyal', (story) => buysOften(story, 3, 10)],
    ['vip', (story) => buysOften(story, 3, 200)],
    ['high-cart-value', (story) => story.adds('mug x10')],
    [
      'dormant',
      (story) => {
        buysOften(story, 1, 10);
        story.wait(60 * DAY).clock();
      },
    ],
    [
      'price-sensitive',
      (story) => {
        story.live = liveSite([countdownOn('add_to_cart')], { segments: allReady });
        for (const order of ['order-1', 'order-2']) {
          story.adds('mug');
          story.redeem(story.shopper.coupons.at(-1)?.digest ?? '', order);
          story.wait(HOUR);
        }
        story.page('page_view');
      },
    ],
  ])('%s', (segment, does) => {
    const story = everyone();
    expect(story.shopper.segments).toEqual([]);
    does(story);
    expect(story.shopper.segments).toContain(segment);
  });

  it('are changed by a definition of the owner’s under the same id', () => {
    const segments = [{ id: 'high-cart-value', when: { 'cart.value': { $gte: 20 } } }];
    const story = new Story(liveSite([], { segments }));
    story.adds('mug x2');
    expect(story.shopper.segments).toEqual(['high-cart-value']);
  });

  it('one that there is not is refused with a suggestion', () => {
    expect(faultsIn(Segments, ['vpi'])).toEqual([
      '0: There is no ready-made segment "vpi". Did you mean "vip"?',
    ]);
    expect(faultsIn(Segments, ['vip', { id: 'vip', when: {} }])).toEqual([': An id is used twice.']);
  });
});

describe('coming into a segment and leaving it', () => {
  const rules = [
    ruleOn('segment_entered', { segment: 'high-cart-value' }),
    ruleOn('segment_left', { segment: 'high-cart-value' }),
  ];

  it('are events, each once', () => {
    const story = new Story(liveSite(rules, { segments: ['high-cart-value', 'vip'] }));
    const entering = story.adds('mug x10');
    expect(entering).toMatchObject({ entered: ['high-cart-value'], left: [] });
    expect(firedIn(entering)).toEqual(['on-segment-entered']);
    expect(firedIn(story.adds('mug'))).toEqual([]);
    const leaving = story.page('view_cart', { items: items('mug') });
    expect(leaving).toMatchObject({ entered: [], left: ['high-cart-value'] });
    expect(firedIn(leaving)).toEqual(['on-segment-left']);
  });

  it('come about in the step that changes the shopper, so that its other rules see them', () => {
    const rule = ruleOn('add_to_cart', { when: { 'shopper.segments': 'high-cart-value' } });
    const story = new Story(liveSite([rule], { segments: ['high-cart-value'] }));
    expect(firedIn(story.adds('mug x10'))).toEqual(['on-add-to-cart']);
  });

  it('happen by time alone: the hub wakes the shopper just then', () => {
    const segments = [{ id: 'quiet', when: { 'shopper.lastSeen': { $gte: '2h' } } }];
    const story = new Story(liveSite([], { segments }));
    story.page('page_view');
    expect(story.shopper.wakeAt).toBe(story.now + 2 * HOUR);
    expect(story.wait(2 * HOUR - 1).clock().entered).toEqual([]);
    expect(story.wait(1).clock().entered).toEqual(['quiet']);
    expect(story.shopper.wakeAt).toBeNull();
    expect(story.page('page_view').left).toEqual(['quiet']);
  });

  it('traits move shoppers too', () => {
    const segments = [{ id: 'gold', when: { 'shopper.traits.plan': 'gold' } }];
    const gold = ruleOn('segment_entered', { segment: 'gold' });
    const story = new Story(liveSite([gold], { segments, traits: { plan: 'string' } }));
    expect(firedIn(story.input({ kind: 'traits', traits: { plan: 'gold' } }))).toEqual([
      'on-segment-entered',
    ]);
  });

  it('move by a page’s word of an order that its server has told of before', () => {
    const away = { id: 'away', when: { 'shopper.lastSeen': { $gt: '90m' } } };
    const story = new Story(liveSite([], { segments: [away] }));
    story.page('page_view');
    story.wait(DAY).server('purchase', { transaction_id: 'order-1' });
    expect(story.shopper.segments).toEqual(['away']);
    expect(story.page('purchase', { transaction_id: 'order-1' }).left).toEqual(['away']);
  });

  it('a segment that the site no longer has is left', () => {
    const story = new Story(liveSite([], { segments: ['high-cart-value'] }));
    story.adds('mug x10');
    story.live = liveSite([]);
    expect(story.page('page_view').left).toEqual(['high-cart-value']);
  });
});

describe('waking for segments', () => {
  const segments = [
    { id: 'seen', when: { 'shopper.lastSeen': { $gt: '90m' }, 'shopper.visits': { $gte: 1 } } },
    { id: 'recent', when: { 'history.views': { $count: { where: { age: { $lte: '40m' } }, $gte: 1 } } } },
    {
      id: 'idle',
      when: { $or: [{ 'cart.age': { $gte: '1h' } }, { 'cart.age': { $not: { $gte: '30m' } } }] },
    },
    { id: 'views', when: { 'history.views': { $elemMatch: { age: { $gte: '10m' }, item_id: 'mug' } } } },
  ];

  it('whoever is woken at every deadline is at any moment in the segments that they belong to', () => {
    fc.assert(
      fc.property(acts(25), (life) => {
        const live = liveSite([], { segments });
        const story = new Story(live);
        story.page('page_view');
        for (const act of life) {
          const until = story.now + act.wait;
          while (story.shopper.wakeAt !== null && story.shopper.wakeAt <= until)
            story.wait(Math.max(0, story.shopper.wakeAt - story.now)).clock();
          perform(story, { ...act, wait: until - story.now });
          const asked = new Story(live);
          asked.shopper = story.shopper;
          asked.now = story.now;
          expect(asked.clock()).toMatchObject({ entered: [], left: [] });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not go on for ever: each wake is later than the one before', () => {
    const story = new Story(liveSite([], { segments }));
    story.page('view_item', { items: items('mug') });
    story.adds('mug');
    const wakes: number[] = [];
    while (story.shopper.wakeAt !== null && wakes.length < 20) {
      wakes.push(story.shopper.wakeAt - story.now);
      story.wait(story.shopper.wakeAt - story.now).clock();
    }
    expect(wakes.every((wait) => wait > 0)).toBe(true);
    expect(wakes.length).toBeLessThan(10);
    expect(wakes[0]).toBe(10 * MINUTE);
  });
});

describe('a segment is refused that', () => {
  const nothing = vocabularyOf({ events: [], traits: {}, segments: [] });
  it.each<[when: Record<string, unknown>, path: string, message: RegExp]>([
    [{}, 'when', /Say who is in it/],
    [{ 'event.name': 'search' }, 'when.event.name', /Unknown field/],
    [{ 'time.hour': 3 }, 'when.time.hour', /Unknown field/],
    [{ 'shopper.segments': 'vip' }, 'when.shopper.segments', /Unknown field/],
    [{ 'cart.valeu': 3 }, 'when.cart.valeu', /Did you mean "cart\.value"/],
  ])('asks %j', (when, path, message) => {
    const faults = segmentFaults({ id: 'odd', when }, nothing);
    expect(faults).toMatchObject([{ path, message: expect.stringMatching(message) as string }]);
  });
});
