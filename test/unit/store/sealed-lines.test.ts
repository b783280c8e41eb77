import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealingStreams } from '../../../server/store/sealing-streams.ts';
import {
  keysOf,
  type LogKey,
  logKeyToText,
  newLogKey,
  openLines,
  readLogKey,
  sealLines,
} from '../../../server/store/sealed-lines.ts';

const keys = [newLogKey(), newLogKey(), newLogKey()];
const keyOf = (id: string) => keys.find((key) => key.id === id);
const textOf = (key: LogKey | undefined) => logKeyToText(key ?? newLogKey());

/** Records as they are sealed: some lines of JSON. */
const lines = fc
  .array(fc.record({ at: fc.nat(), title: fc.string({ unit: 'grapheme', maxLength: 60 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''));
const said = fc.array(fc.tuple(fc.nat(2), lines, fc.boolean()), { maxLength: 30 });

describe('sealed lines', () => {
  it('are what they were when they are opened, however each was sealed, and have as many breaks', () => {
    fc.assert(
      fc.property(said, (all) => {
        const streams = new SealingStreams();
        const sealed = all.map(([owner, text, isAlone]) => {
          const key = keys[owner] ?? newLogKey();
          return isAlone ? sealLines(text, key) : streams.seal(text, logKeyToText(key));
        });
        expect(openLines(sealed.join(''), keyOf)).toBe(all.map(([, text]) => text).join(''));
        for (const [index, text] of sealed.entries()) {
          expect(text.split('\n')).toHaveLength(all[index]?.[1].split('\n').length ?? -1);
          expect(keysOf(text)).toEqual([keys[all[index]?.[0] ?? -1]?.id]);
        }
      }),
    );
  });

  it('are gone with their key, and others are not', () => {
    const streams = new SealingStreams();
    const [gone, kept] = keys;
    const sealed = streams.seal('{"a":1}\n', textOf(gone)) + streams.seal('{"b":2}\n', textOf(kept));
    expect(openLines(sealed, (id) => (id === kept?.id ? kept : undefined))).toBe('{"b":2}\n');
  });

  it('never use a part of a stream twice, over streams that are begun anew as well', () => {
    const streams = new SealingStreams();
    const used = new Set<string>();
    for (let turn = 0; turn < 200; turn++) {
      if (turn === 100) streams.clear();
      const text = `{"turn":"${'x'.repeat(turn)}"}\n`;
      const sealed = streams.seal(text, textOf(keys[turn % 2]));
      // What is drawn from, and each block of it.
      const [from, place] = [sealed.slice(0, 29), Number.parseInt(sealed.slice(29, 37), 16)];
      for (let block = 0; block * 16 < text.length; block++) {
        const name = `${from} ${place + block}`;
        expect(used).not.toContain(name);
        used.add(name);
      }
    }
    expect(new Set([...used].map((name) => name.slice(0, 29))).size).toBe(4);
  });

  it('are not the same for the same text', () => {
    const streams = new SealingStreams();
    const key = textOf(keys[0]);
    expect(new Set(Array.from({ length: 50 }, () => streams.seal('{"a":1}\n', key))).size).toBe(50);
  });

  it('keep their key as text', () => {
    const key = newLogKey();
    expect(readLogKey(logKeyToText(key))).toEqual(key);
  });
});
