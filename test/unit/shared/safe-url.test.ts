import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NudgeContent } from '../../../shared/nudge-content.ts';
import { Product } from '../../../shared/product.ts';
import { isSafeUrl, SafeUrl } from '../../../shared/safe-url.ts';
import { faultyPaths } from '../support/faults.ts';

const PAGE = 'https://shop.example/cart/now?page=1';
const REFUSED = [
  ['a script', 'javascript:alert(1)'],
  ['in capitals', 'JAVASCRIPT:alert(1)'],
  ['after a space', ' javascript:alert(1)'],
  ['with a tab that browsers drop', 'java\tscript:alert(1)'],
  ['after a control character that browsers drop', '\u0001javascript:alert(1)'],
  ['a page in an address', 'data:text/html,x'],
  ['another script', 'vbscript:x'],
  ['a thing in memory', 'blob:https://shop.example/0f3b'],
  ['a file', 'file:///etc/passwd'],
  ['another host by two slashes', '//evil.example'],
  ['by a backslash', '/\\evil.example'],
  ['by two backslashes', '\\\\evil.example'],
  ['by a tab between the slashes', '/\t/evil.example'],
  ['by a line break between them', '/\n/evil.example'],
  ['by a carriage return between them', '/\r/evil.example'],
  ['by slashes after a dot', './/evil.example'],
  ['a name before the host', 'https://shop.example@evil.example/'],
  ['a name and a password', 'https://jo:secret@shop.example/'],
  ['a host by a backslash', 'https://shop.example\\@evil.example/'],
  ['a third slash', 'https:///evil.example'],
  ['no slashes', 'https:evil.example'],
  ['one slash', 'https:/evil.example'],
  ['no host', 'https://'],
  ['a host with a question mark of double width', 'https://evil.example？shop.example'],
  ['a host with a character that is taken for "a/c"', 'https://evil.example℀shop.example'],
  ['a host that a slot would fill', 'https://{{shopper.traits.host}}/'],
  ['a host that a slot would lengthen', 'https://shop.example{{shopper.traits.host}}'],
  ['a port that a slot would fill', 'https://shop.example:{{shopper.traits.port}}/'],
  ['a slot for all of it', '{{shopper.traits.link}}'],
  ['http to anywhere', 'http://shop.example'],
  ['a host that begins like this machine', 'http://localhost.evil.example/'],
  ['by its number', 'http://127.0.0.1.evil.example/'],
  ['with a name before it', 'http://localhost:80@evil.example/'],
  ['the end of an attribute', '/"onclick="x'],
  ['the end of a tag', '/><script>x</script>'],
  ['what turns the direction of writing', '/\u202egpj.exe'],
  ['what nobody sees', '/\u200bcart'],
  ['a NUL', '/cart\0'],
  ['half a character', '/\ud83d'],
  ['no path', 'cart'],
  ['nothing', ''],
] as const;
const TAKEN = [
  '/',
  '/cart',
  './cart',
  '?page=2',
  '#reviews',
  '#/route',
  '/cart?code={{offer.code}}',
  '/상품/찻잔',
  '/search?q=100%25#top',
  'https://shop.example',
  'https://shop.example:8443/x#y',
  'https://찻집.example/',
  'https://my_bucket.example/mug.png',
  'https://[2001:db8::1]/',
  'https://shop.example/@jo',
  'http://localhost:4600/cart',
  'http://127.0.0.1/',
  'http://[::1]:4600/',
];
const product = { item_id: 'mug', item_name: 'Mug', price: 5 };
const nudge = { kind: 'toast', title: 'Hello' };

describe('an address', () => {
  it.each(TAKEN)('%s is taken, wherever one is given', (url) => {
    expect(isSafeUrl(url)).toBe(true);
    expect(faultyPaths(NudgeContent, { ...nudge, cta: { label: 'Go', href: url } })).toEqual([]);
    expect(faultyPaths(Product, { ...product, url, image: url })).toEqual([]);
  });

  it.each(REFUSED)('that is %s is refused with its place: %j', (_, url) => {
    expect(isSafeUrl(url)).toBe(false);
    expect(faultyPaths(NudgeContent, { ...nudge, cta: { label: 'Go', href: url } })).toEqual(['cta.href']);
    expect(faultyPaths(Product, { ...product, url, image: url })).toEqual(['url', 'image']);
  });
});

it('an address has 2,000 characters at most', () => {
  const longest = `/${'x'.repeat(1_999)}`;
  for (const [url, isTaken] of [
    [longest, true],
    [`${longest}x`, false],
  ] as const) {
    expect(isSafeUrl(url)).toBe(isTaken);
    expect(SafeUrl.safeParse(url).success).toBe(isTaken);
  }
});

/** What addresses are made of, and what browsers read differently from people. */
const PIECES = [
  ['/', '\\', ':', '@', '?', '#', '.', '%2f', '%5c', '%09', '&', ';', '[', ']', '"', '<', '{{', '}}'],
  [' ', '\t', '\n', '\r', '\0', '\u0001', '\u00a0', '\u00ad', '\u200b', '\u202e', '\u2028', '\ufeff'],
  ['／', '＼', '：', '＠', '。', '℀', 'ｊ', 'İ', 'ß', '\ud800'],
  ['https:', 'http:', 'HTTPS:', 'javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'https://'],
  ['evil.example', 'shop.example', 'localhost', '127.0.0.1', '[::1]', 'user', '80', 'alert(1)', 'a'],
].flat();

it('whatever is taken leads a browser to https, to this machine or to the page’s own host, and says no name on the way', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }), (pieces) => {
      const given = pieces.join('');
      if (!SafeUrl.safeParse(given).success || !URL.canParse(given, PAGE)) return;
      taken++;
      const { protocol, hostname, username, password, origin } = new URL(given, PAGE);
      expect(username + password).toBe('');
      const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
      expect(protocol === 'https:' || (protocol === 'http:' && isLocal), given).toBe(true);
      if (!/^https?:\/\//.test(given)) expect(origin, given).toBe('https://shop.example');
    }),
    { numRuns: 40_000, seed: 11 },
  );
  expect(taken).toBeGreaterThan(700);
});
