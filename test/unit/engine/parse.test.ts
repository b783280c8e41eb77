import { describe, expect, it } from 'vitest';
import { declaredEvents } from '../../../server/engine/page-inputs.ts';
import { parse } from '../../../server/engine/parse.ts';
import type { Vocabulary } from '../../../server/core/vocabulary.ts';
import { Track } from '../../../shared/page-messages.ts';
import { ProductsBody } from '../../../shared/http-bodies.ts';

/** No number, and can't become one. */
const noLength = { length: { toString: 7, valueOf: 7 } };

describe('what is no text, and has a length of its own that is no number', () => {
  it.each([
    ['a product', ProductsBody, { products: [{ item_id: noLength, item_name: 'Mug', price: 1 }] }],
    ['an event', Track, { events: [{ id: noLength, name: noLength, at: 1 }] }],
  ])('is refused where %s has it', (_, schema, value) => {
    expect(() => parse(schema, value)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('is refused where an event of the site’s own has it', () => {
    const events = [
      {
        id: 'event-0001',
        name: 'custom_event',
        event: 'engraved',
        at: 1,
        rev: 1,
        params: { text: noLength },
      },
    ];
    const vocabulary: Vocabulary = {
      events: new Map([['engraved', { text: 'string' }]]),
      traits: {},
      segments: [],
    };
    expect(() => declaredEvents(events as never, vocabulary)).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });
});
