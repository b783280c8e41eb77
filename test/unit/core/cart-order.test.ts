import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyLedger, linesIn, reconcile, reportOf } from '../../../server/core/cart-ledger.ts';
import type { ShopperEvent } from '../../../shared/event.ts';
import { meant } from '../../support/meant-cart.ts';
import { eventOf, items } from '../support/sample-event.ts';
import { liveSite } from '../support/sample-site.ts';
import { Story } from '../support/story.ts';

type Placed = ShopperEvent & { rev: number };

const NAMES = [
  'add_to_cart',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'purchase',
  'page_view',
] as const;

const someItems = fc
  .array(fc.tuple(fc.constantFrom('mug', 'pot', 'tray'), fc.integer({ min: 1, max: 4 })), { maxLength: 3 })
  .map((pairs) => items(...pairs.map(([id, times]) => `${id} x${times}`)));

/** Few places for many events, so that several often share one. */
const history = fc
  .array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      rev: fc.integer({ min: 0, max: 25 }),
      items: someItems,
      id: fc.integer({ min: 0, max: 999_999 }),
      hasCart: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 40 },
  )
  .map((told) =>
    told.map(({ name, rev, items: given, id, hasCart }, index): Placed => {
      const event = eventOf({
        // Unique by its end, in no relation to the place in the history by its beginning.
        id: `${String(id).padStart(6, '0')}-${String(index).padStart(3, '0')}`,
        name,
        rev,
        params: { items: given, value: given.length, transaction_id: `order-${index}` },
        ...(hasCart === 0 ? { cart: { items: given } } : {}),
      });
      return { ...event, rev };
    }),
  );

/** Every event at least once, in any order, some again. */
const delivered = history.chain((events) =>
  fc.tuple(
    fc.constant(events),
    fc.shuffledSubarray(events, { minLength: events.length }),
    events.length > 0 ? fc.array(fc.constantFrom(...events), { maxLength: 30 }) : fc.constant([]),
  ),
);

const merged = (texts: readonly { item_id: string; quantity: number }[]) =>
  new Map(texts.map(({ item_id, quantity }) => [item_id, quantity]));

function folded(events: readonly Placed[]) {
  return linesIn(
    events.reduce(
      (ledger, event) => reconcile(ledger, { id: event.id, rev: event.rev }, reportOf(event)),
      emptyLedger,
    ),
  );
}

it('any order and any repetition of a history gives the same lines, and those that it means', () => {
  fc.assert(
    fc.property(delivered, ([events, shuffled, again]) => {
      const lines = folded([...shuffled, ...again]);
      expect(lines).toEqual(folded(events));
      expect(merged(lines)).toEqual(meant(events));
    }),
    { numRuns: 400 },
  );
});

it('repetitions in between change nothing either', () => {
  fc.assert(
    fc.property(delivered, ([events, shuffled]) => {
      expect(folded(shuffled.flatMap((event) => [event, event]))).toEqual(folded(events));
    }),
  );
});

it('decisions on the events of a history leave the same cart in whatever order they arrive', () => {
  const live = liveSite([]);
  const cartAfter = (events: readonly ShopperEvent[]) => {
    const story = new Story(live);
    for (const event of events) story.wait(1_000).input({ kind: 'event', source: 'page', event });
    return story.shopper.cart;
  };
  fc.assert(
    fc.property(delivered, ([events, shuffled]) => {
      const cart = cartAfter(shuffled);
      expect(cart.lines).toEqual(cartAfter(events).lines);
      expect(merged(cart.lines)).toEqual(meant(events));
      expect(cart.quantity).toBe([...meant(events).values()].reduce((sum, count) => sum + count, 0));
      expect(cart.value).toBe(cart.quantity * 10);
    }),
    { numRuns: 150 },
  );
});
