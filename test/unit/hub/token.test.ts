import { describe, expect, it } from 'vitest';
import { Tokens } from '../../../server/hub/token.ts';
import { ShopperId, SiteId } from '../../../shared/ids.ts';

const [shop, other] = [SiteId.parse('shop'), SiteId.parse('other')];
const tokens = new Tokens(new Uint8Array(32).fill(7));
const shopper = ShopperId.parse('s'.repeat(22));
const stranger = ShopperId.parse('t'.repeat(22));
const binding = 'browser-00000001';

describe.each([
  ['anonymous', null, tokens.sign(shop, shopper)],
  ['known by name', binding, tokens.sign(shop, shopper, binding)],
] as const)('a token of a shopper who is %s', (_, bound, token) => {
  it('names them, on the site that it is for', () => {
    expect(tokens.verify(shop, token)).toEqual({ shopper, binding: bound });
    expect(tokens.verify(other, token)).toBeNull();
  });

  it.each([
    ['of another shopper', token.replace(shopper, stranger)],
    [
      'of another browser',
      token.replace(binding, 'browser-00000002').replace(shopper, bound ? shopper : stranger),
    ],
    ['of another installation', new Tokens(new Uint8Array(32).fill(8)).sign(shop, shopper, bound)],
    ['with another end', `${token.slice(0, -2)}AA`],
    ['with no end', token.slice(0, token.lastIndexOf('.') + 1)],
    ['that is longer', `${token}A`],
    [
      'of the other kind',
      token.startsWith('cb1') ? token.replace('cb1', 'cb2') : token.replace('cb2', 'cb1'),
    ],
    ['of no kind', token.replace(/^cb./, 'cb9')],
    ['that is nothing', ''],
  ])('is none when it is changed into one %s', (__, changed) =>
    expect(tokens.verify(shop, changed)).toBeNull(),
  );
});

it('whom a shop calls so has one id, which no other name, site, life or installation has', () => {
  const ids = [
    tokens.idOf(shop, 'jo', 0),
    tokens.idOf(shop, 'jo', 1),
    tokens.idOf(shop, 'eve', 0),
    tokens.idOf(other, 'jo', 0),
    tokens.idOf(shop, '1\njo', 0),
    new Tokens(new Uint8Array(32).fill(8)).idOf(shop, 'jo', 0),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(tokens.idOf(shop, 'jo', 0)).toBe(ids[0]);
});
