import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeDigest, sha256 } from '../../../server/core/code-digest.ts';

it('is SHA-256, whatever the length of the text', () => {
  const ascii = fc.string({ maxLength: 300, unit: 'binary-ascii' });
  fc.assert(
    fc.property(ascii, (text) => sha256(text) === createHash('sha256').update(text, 'latin1').digest('hex')),
    { numRuns: 500 },
  );
});

it('is the same for a code however it is typed, and of 128 bits', () => {
  expect(codeDigest('abcd-efgh-jkmn-0123')).toBe(codeDigest('ABCDEFGHJKMNo i23'.replace(' ', '')));
  expect(codeDigest('ABCD-EFGH-JKMN-0123')).toMatch(/^[0-9a-f]{32}$/);
});
