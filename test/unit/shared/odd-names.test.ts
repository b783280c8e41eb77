import { parse as parseQuery } from 'node:querystring';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { ordinaryTrack } from '../../../shared/ordinary-track.ts';
import { Between, HTTP_BODIES } from '../../../shared/http-bodies.ts';
import { Locale } from '../../../shared/localized-text.ts';
import { Handshake, PAGE_MESSAGES } from '../../../shared/page-messages.ts';
import { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { mergePatch } from '../../../shared/experiment.ts';
import { fuzzedSite } from '../../fuzz/fuzzed-site.ts';
import { bodiesFor } from '../../fuzz/http-bodies.ts';
import { HANDSHAKES, PAGE_BODIES } from '../../fuzz/page-bodies.ts';

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'then'];

/** A value of JSON in which objects have such names, at any depth; as text, since no literal can say `__proto__`. */
const { odd } = fc.letrec<{ odd: string; object: string }>((tie) => ({
  odd: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('1', 'true', '"polluted"', 'null', '{"polluted":"yes"}'),
    tie('object'),
    fc.array(tie('odd'), { maxLength: 2 }).map((parts) => `[${parts.join()}]`),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...NAMES, 'polluted'), tie('odd')), { minLength: 1, maxLength: 3 })
    .map((parts) => `{${parts.map(([name, value]) => `"${name}":${value}`).join()}}`),
}));

interface Edge {
  readonly name: string;
  /** Something that gets in. */
  readonly body: string;
  read(given: unknown): unknown;
}

const edge = (name: string, schema: z.ZodType, body: string): Edge => ({
  name,
  body,
  read: (given) => schema.safeParse(given).data,
});
const http = (name: keyof typeof HTTP_BODIES, path: string) =>
  bodiesFor(path).map(({ text }) => edge(name, HTTP_BODIES[name], text));

const EDGES: readonly Edge[] = [
  ...HANDSHAKES.map(({ text }) => edge('handshake', Handshake, text)),
  ...PAGE_BODIES.flatMap(([name, { text }]) =>
    name === 'track' || name === 'claim' || name === 'open' ? [edge(name, PAGE_MESSAGES[name], text)] : [],
  ),
  { name: 'ordinary track', body: PAGE_BODIES[0][1].text, read: ordinaryTrack },
  ...http('Beacon', '/v1/track'),
  ...http('ServerEvents', '/v1/events'),
  ...http('ProductsBody', '/v1/products'),
  ...http('SegmentsBody', '/v1/segments'),
  ...http('CallBody', '/v1/nudges'),
  ...http('BacktestBody', '/v1/rules/:id/backtest'),
  ...http('Rollback', '/v1/rules/:id/rollback'),
  ...http('Redeem', '/v1/coupons/:code/redeem'),
  edge('rule', Rule, bodiesFor('/v1/rules/:id')[0].text),
  edge('site file', SiteFile, JSON.stringify(fuzzedSite)),
  {
    name: 'merge patch',
    body: '{"nudge":{"title":"Hi"}}',
    read: (given) => mergePatch({ nudge: {} }, given),
  },
];

const OWN = Object.getOwnPropertyNames(Object.prototype).sort().join();

/** Nothing that was read inherits from what somebody sent, and no object of anybody's has a property more. */
function expectPlain(read: unknown): void {
  expect('polluted' in {}).toBe(false);
  expect(Object.getOwnPropertyNames(Object.prototype).sort().join()).toBe(OWN);
  const left: unknown[] = [read];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const isPlain = [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
    if (!isPlain) throw new Error(`An object inherits from ${JSON.stringify(Object.getPrototypeOf(value))}.`);
    left.push(...Reflect.ownKeys(value).map((key) => Object.getOwnPropertyDescriptor(value, key)?.value));
  }
}

/** Text of the body with a member put into one of its objects, or a value in the place of one of its members'. */
function withOdd(body: string, place: number, name: string, value: string): string {
  const opens = [...body.matchAll(/\{(?!\{)(?=")/g)].map(({ index }) => index + 1);
  const at = opens[place % opens.length] ?? 1;
  return `${body.slice(0, at)}"${name}":${value},${body.slice(at)}`;
}

it.each(EDGES)('$name: names that every object has do no harm, wherever they stand', ({ body, read }) => {
  expectPlain(read(JSON.parse(body)));
  fc.assert(
    fc.property(fc.nat(200), fc.constantFrom(...NAMES), odd, (place, name, value) => {
      expectPlain(read(JSON.parse(withOdd(body, place, name, value))));
      expectPlain(read(JSON.parse(value)));
    }),
    { numRuns: 60 },
  );
});

it('a query with such names is read as any other', () => {
  const part = fc.tuple(
    fc.constantFrom(
      ...NAMES,
      'from',
      'to',
      'locale',
      'constructor[prototype][polluted]',
      '__proto__[polluted]',
    ),
    fc.constantFrom('1', 'yes', '__proto__', ''),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const query = parseQuery(parts.map(([name, value]) => `${name}=${value}`).join('&'));
      expectPlain(Between.safeParse(query).data);
      expectPlain(Locale.default('en').safeParse(query['locale']).data);
    }),
  );
});
