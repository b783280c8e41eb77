import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logKeyToText, newLogKey, readLogKey } from '../../../server/store/log-key.ts';
import { keysOf, openLines, sealLines } from '../../../server/store/sealed-lines.ts';

const keys = [newLogKey(), newLogKey(), newLogKey()] as const;
const keyOf = (id: string) => keys.find((key) => key.id === id);

/** Records as they are sealed: some lines of JSON. */
const lines = fc
  .array(fc.record({ at: fc.nat(), title: fc.string({ unit: 'grapheme', maxLength: 60 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''));
const said = fc.array(fc.tuple(fc.constantFrom(...keys), lines), { maxLength: 30 });

describe('sealed lines', () => {
  it('are what they were when they are opened, and have as many breaks', () => {
    fc.assert(
      fc.property(said, (all) => {
        const sealed = all.map(([key, text]) => sealLines(text, key));
        expect(openLines(sealed.join(''), keyOf)).toBe(all.map(([, text]) => text).join(''));
        for (const [index, [key, text]] of all.entries()) {
          expect(sealed[index]?.split('\n')).toHaveLength(text.split('\n').length);
          expect(keysOf(sealed[index] ?? '')).toEqual([key.id]);
        }
      }),
    );
  });

  it('are gone with their key, and others are not', () => {
    const [gone, kept] = keys;
    const sealed = sealLines('{"a":1}\n', gone) + sealLines('{"b":2}\n', kept);
    expect(openLines(sealed, (id) => (id === kept.id ? kept : undefined))).toBe('{"b":2}\n');
  });

  it('are not the same for the same text', () => {
    expect(new Set(Array.from({ length: 50 }, () => sealLines('{"a":1}\n', keys[0]))).size).toBe(50);
  });

  it('keep their key as text', () => {
    const key = newLogKey();
    expect(readLogKey(logKeyToText(key))).toEqual(key);
  });
});
