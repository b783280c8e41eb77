import type { Chance } from './chance.ts';

type Pair = readonly [open: string, close: string];

/** Values that nobody expects, as JSON: a parser takes most of them, and what comes after it has to bear them. */
const VALUES: readonly [string, ...string[]] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '0.1',
  '1e308',
  '1e999',
  '-1e999',
  '5e-324',
  '9007199254740993',
  '8.64e15',
  '8640000000000001',
  '2147483648',
  '""',
  '" "',
  '"0"',
  '"NaN"',
  '"Infinity"',
  '"null"',
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"hasOwnProperty"',
  '"then"',
  '"<script>alert(1)</script>"',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800"`,
  String.raw`"\u202e\u2066"`,
  String.raw`"\ufeff"`,
  '"\u{1f469}\u200d\u{1f469}\u200d\u{1f467}"',
  '"\u0130\u0131\u017f\u212a"',
  String.raw`"e\u0301\u0301\u0301\u0301\u0301"`,
  String.raw`"\r\nX-Injected: 1"`,
  '"../../../../etc/passwd"',
  '"javascript:alert(1)"',
  '"{{cart.value; else: {{cart.value}}}}"',
  '"2026-13-45T99:99:99Z"',
  '"99999999d"',
  '"0 0 31 2 *"',
  '"xx-yy-zz-00000000"',
  '"Europe/Nowhere"',
  '[]',
  '[null]',
  '[[]]',
  '[{}]',
  '{}',
  '{"length":1e9}',
  '{"toJSON":1,"toString":null,"valueOf":null}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__":null}',
  '{"then":"yes"}',
  '{"_placeholder":true,"num":0}',
  '{"_placeholder":true,"num":"splice"}',
  '{"$gt":1}',
  '{"$where":"1"}',
  '{"$not":{"$not":{"$not":{"$not":{"$not":{"$not":{"$not":{"$not":{"$not":{"$not":1}}}}}}}}}}',
];

const KEYS: readonly [string, ...string[]] = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"hasOwnProperty"',
  '"length"',
  '"then"',
  '""',
  '"$gte"',
  '"$where"',
  '"0"',
  '"id"',
  '"name"',
  '"params"',
  '"events"',
  '"a.b.c"',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  '"\u043d\u0430"',
];

const NESTS: readonly [Pair, ...Pair[]] = [
  ['[', ']'],
  ['{"a":', '}'],
  ['{"__proto__":', '}'],
  ['{"$not":', '}'],
  ['{"$and":[', ']}'],
];

/** Large ones are rare: they cost the sender as much as the receiver. */
const LARGE_ONCE_IN = 400;

export function oddKey(chance: Chance): string {
  return chance.one(KEYS);
}

export function oddValue(chance: Chance, mostBytes = 60_000): string {
  if (chance.once(LARGE_ONCE_IN)) return large(chance, mostBytes);
  if (chance.once(12)) return nested(chance, chance.one([2, 9, 17, 65]));
  if (chance.once(12)) return `"${'x'.repeat(chance.one([41, 65, 101, 201, 2_001]))}"`;
  if (chance.once(30)) return `[${'{},'.repeat(chance.one([20, 50, 200]))}{}]`;
  return chance.one(VALUES);
}

function large(chance: Chance, most: number): string {
  switch (chance.below(5)) {
    case 0:
      return nested(chance, Math.floor(most / 8));
    case 1:
      return `"${chance.one(['x', '\u00e9', String.raw`\u0000`, '{{', '{{a;'] as const).repeat(Math.floor(most / 8))}"`;
    case 2:
      return `[${'0,'.repeat(Math.floor(most / 3))}0]`;
    case 3:
      return `{${Array.from({ length: Math.floor(most / 12) }, (_, place) => `"k${place}":0`).join()}}`;
    default:
      return `[${'{"__proto__":{"polluted":1}},'.repeat(Math.floor(most / 32))}0]`;
  }
}

function nested(chance: Chance, depth: number): string {
  const [open, close] = chance.one(NESTS);
  return `${open.repeat(depth)}0${close.repeat(depth)}`;
}
