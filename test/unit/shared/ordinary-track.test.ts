import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ITEM_EVENTS, NUDGE_EVENTS } from '../../../shared/event-names.ts';
import { ordinaryTrack } from '../../../shared/ordinary-track.ts';
import { Track } from '../../../shared/page-messages.ts';

/** Mostly what belongs there, and now and then anything. */
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 150, arbitrary: usual }, { weight: 1, arbitrary: anything });
const rarely = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: usual });
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'x', -1, -0, 0.5, 2 ** 53, 1e13, 8.7e15, [], {}, 'line\nbreak'),
  fc.constantFrom('y'.repeat(201), 'y'.repeat(101), 'eur', 'EURO', 'with space', 'ü-ü-ü-ü-ü'),
  fc.jsonValue(),
);
const optional = (entries: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
  fc.record(entries, { requiredKeys: required });

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const price = fc.oneof(fc.constantFrom(0, 1e12, 18.5), fc.double({ min: 0, max: 1e12, noNaN: true }));
const item = mostly(
  optional(
    {
      item_id: mostly(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 })),
      item_name: mostly(text),
      item_brand: mostly(text),
      item_category: mostly(text),
      item_variant: mostly(text),
      price: mostly(price),
      quantity: mostly(fc.integer({ min: 1, max: 10_000 })),
      index: anything,
    },
    ['item_id'],
  ),
);
const items = mostly(fc.array(item, { maxLength: 3 }));
const cart = mostly(optional({ items, currency: mostly(fc.constant('EUR')) }, ['items']));
const params = mostly(
  optional({
    currency: mostly(fc.constantFrom('EUR', 'KRW')),
    value: mostly(price),
    items,
    nudge: mostly(fc.stringMatching(/^[\w-]{8,64}$/)),
    rating: rarely(fc.constantFrom('useful', 'meh')),
    coupon: rarely(mostly(text)),
    payment_type: rarely(anything),
    affiliation: anything,
  }),
);
const event = mostly(
  optional(
    {
      id: mostly(fc.stringMatching(/^[\w-]{8,64}$/)),
      name: mostly(
        fc.constantFrom(...ITEM_EVENTS, ...NUDGE_EVENTS, 'page_view', 'purchase', 'quiz_finished'),
      ),
      at: mostly(fc.integer({ min: 0, max: 1_795_000_000_000 })),
      rev: mostly(fc.maxSafeNat()),
      cart,
      params,
      email: anything,
    },
    ['id', 'name', 'at', 'params'],
  ),
);
const message = mostly(
  optional({ events: mostly(fc.array(event, { maxLength: 3 })), sentAt: mostly(fc.maxSafeNat()) }, [
    'events',
  ]),
);

it('what it takes, it takes just as the schema does', () => {
  let taken = 0;
  fc.assert(
    fc.property(message, (given) => {
      const wire = JSON.parse(JSON.stringify(given ?? null)) as unknown;
      const read = ordinaryTrack(wire);
      if (!read) return;
      taken++;
      const { success, data } = Track.safeParse(wire);
      expect(success).toBe(true);
      expect(read).toStrictEqual(data);
    }),
    { numRuns: 3_000 },
  );
  expect(taken).toBeGreaterThan(200);
});

it.each(['view_item', 'add_to_cart', 'nudge_clicked'])('takes an ordinary %s', (name) => {
  const thing = { item_id: 'mug', item_name: 'Mug', price: 18.5, quantity: 1 };
  const about = name.startsWith('nudge') ? { nudge: 'n_0123456789' } : { currency: 'EUR', items: [thing] };
  const plain = { id: '01JZZZZZZZZZZZZZZZZZZZZZZZ', name, at: 1_795_000_000_000, rev: 17, params: about };
  const given = { events: [plain, { ...plain, cart: { items: [thing], currency: 'EUR' } }], sentAt: 1 };
  expect(ordinaryTrack(given)).toStrictEqual(Track.parse(given));
});

it.each([
  ['51 events', { events: Array.from({ length: 51 }, () => ({})) }],
  ['no events', { events: [] }],
  ['an event of the shop’s own', { events: [{ id: '01234567', name: 'quiz_finished', at: 0, params: {} }] }],
])('leaves %s to the schema', (_, given) => expect(ordinaryTrack(given)).toBeNull());
