import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyStreams } from '../../../server/store/key-streams.ts';
import { type LogKey, logKeyToText, newLogKey } from '../../../server/store/log-key.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { blockOf, linesOf } from '../../../server/store/record-lines.ts';
import { GroupSealer, markOf, openGroup } from '../../../server/store/sealed-group.ts';

const keys = [newLogKey(), newLogKey(), newLogKey()] as const;
const keyOf = (id: string) => keys.find((key) => key.id === id);

/** Only that it is JSON matters here. */
const recordOf = (title: string) => ({ seed: [1, 2, 3, 4], input: { title } }) as unknown as LogRecord;
const titles = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 4 });
const said = fc.record({ owner: fc.nat(2), records: titles.map((all) => all.map(recordOf)) });
const groups = fc.array(fc.array(said, { maxLength: 6 }), { maxLength: 8 });

const blockBy = (key: LogKey, ...records: LogRecord[]) => blockOf(records, logKeyToText(key));

describe('a sealed group', () => {
  it('is what it was when it is opened, one group after the other', () => {
    fc.assert(
      fc.property(groups, (all) => {
        const sealer = new GroupSealer();
        for (const group of all) {
          const blocks = group.map(({ owner, records }) => blockBy(keys[owner] ?? keys[0], ...records));
          const sealed = Buffer.from(sealer.seal(blocks.join('')));
          expect(openGroup(sealed, keyOf)).toBe(group.map(({ records }) => linesOf(records)).join(''));
        }
      }),
    );
  });

  it('has room for more than any group before it', () => {
    const sealer = new GroupSealer();
    for (const length of [10, 200_000, 3, 1_000_000]) {
      const records = [recordOf('가'.repeat(length)), recordOf('more')];
      const sealed = sealer.seal(blockBy(keys[0], ...records) + blockBy(keys[1], ...records));
      expect(openGroup(sealed, keyOf)).toBe(linesOf([...records, ...records]));
    }
  });

  it('loses what a key has sealed with the key, and nothing else', () => {
    const [gone, kept] = keys;
    const sealer = new GroupSealer();
    const sealed = sealer.seal(blockBy(gone, recordOf('a')) + blockBy(kept, recordOf('b')));
    expect(openGroup(sealed, (id) => (id === kept.id ? kept : undefined))).toBe(linesOf([recordOf('b')]));
  });

  it('shows whose blocks it has, and nothing of what they say', () => {
    const [own, other] = keys;
    const sealed = new GroupSealer().seal(blockBy(own, recordOf('a secret of some length')));
    expect(sealed.includes(markOf(own))).toBe(true);
    expect(sealed.includes(markOf(other))).toBe(false);
    expect(sealed.includes('secret')).toBe(false);
  });

  it('is not the same for the same records', () => {
    const sealer = new GroupSealer();
    const blocks = blockBy(keys[0], recordOf('a'));
    const sealed = Array.from({ length: 200 }, () => sealer.seal(blocks).toString('base64'));
    expect(new Set(sealed).size).toBe(200);
  });
});

describe('the streams of keys', () => {
  it('give no part of themselves twice, also when they are begun anew', () => {
    const streams = new KeyStreams();
    const given = new Set<string>();
    const heads = new Set<string>();
    let names = 0;
    for (let turn = 0; turn < 400; turn++) {
      if (turn === 200) streams.clear();
      const bytes = (turn * 37) % 5_000;
      const { head, part, words, word } = streams.draw(logKeyToText(keys[turn % 2] ?? keys[0]), bytes);
      const nonce = head.toString('hex');
      heads.add(nonce);
      for (let block = 0; block * 16 < bytes; block++) {
        const bits = words.slice(word + block * 4, word + block * 4 + 4).join(' ');
        for (const name of [`${nonce} ${part + block}`, bits]) {
          names++;
          given.add(name);
        }
      }
    }
    expect(given.size).toBe(names);
    expect(heads.size).toBe(4);
  });

  it('are begun anew, each with a nonce of its own, where there are too many of them', () => {
    const streams = new KeyStreams();
    const key = logKeyToText(keys[0]);
    const first = streams.draw(key, 1).head.toString('hex');
    expect(streams.draw(key, 1).head.toString('hex')).toBe(first);
    for (let count = 0; count < 8_192; count++) streams.draw(logKeyToText(newLogKey()), 1);
    const again = streams.draw(key, 1);
    expect(again.head.toString('hex')).not.toBe(first);
    expect(again.part).toBe(0);
  });
});
