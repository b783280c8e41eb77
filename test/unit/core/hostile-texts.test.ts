import { describe, expect, it } from 'vitest';
import { asDeclared, traitFaults } from '../../../server/core/declared.ts';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { faultsOf } from '../../../server/engine/parse.ts';
import { CustomEventDefinition, Declared } from '../../../shared/custom-event.ts';
import type { Fault } from '../../../shared/errors.ts';
import { ShopperEvent } from '../../../shared/event.ts';
import { ServerEvents } from '../../../shared/http-bodies.ts';
import { Product } from '../../../shared/product.ts';
import { Rule } from '../../../shared/rule.ts';
import { Segments } from '../../../shared/segment.ts';
import { isOwnersText, isShoppersText, nudgesOf } from '../../support/hostile-nudges.ts';
import { KINDS, PAYLOADS } from '../../support/payloads/payloads.ts';

const PAGE = 'https://shop.example/cart';
const SLOT = /\{\{[^{}]*\}\}/;
const own = vocabularyOf({
  events: [{ name: 'said', params: { word: 'string' } }] as never,
  traits: { note: 'string' },
  segments: [],
});
const toast = { kind: 'toast', title: 'x' };
const base = { id: 'a', status: 'published', on: 'view_cart', nudge: toast };
const progress = { ...toast, kind: 'progress' };

/** What is wrong with it, if something is: first by its shape, then by what it speaks of. */
function inRule(more: object): Fault[] {
  const { data, error } = Rule.safeParse({ ...base, ...more });
  return error ? faultsOf(error) : ruleFaults(data, own);
}

const inNudge = (more: object) => inRule({ nudge: { ...toast, ...more } });
const inProduct = (more: object) =>
  faultsIn(Product, { item_id: 'mug', item_name: 'Mug', price: 5, url: '/mug', ...more });

function faultsIn(
  schema: { safeParse(given: unknown): { error?: Parameters<typeof faultsOf>[0] } },
  given: unknown,
) {
  const { error } = schema.safeParse(given);
  return error ? faultsOf(error) : [];
}

/** How many are taken and how many refused; a refusal that does not name the field is none. */
function sorted(field: (text: string) => Fault[], path: string): { taken: string[]; refused: string[] } {
  const taken: string[] = [];
  const refused: string[] = [];
  for (const text of PAYLOADS) {
    const faults = field(text);
    for (const fault of faults) expect(fault.path, JSON.stringify(text)).toContain(path);
    (faults.length === 0 ? taken : refused).push(text);
  }
  expect(taken.length + refused.length).toBe(PAYLOADS.length);
  return { taken, refused };
}

it('there are more than 500 payloads, all different, and most of them tell when they run', () => {
  expect(PAYLOADS.length).toBeGreaterThan(500);
  expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
  expect(PAYLOADS.filter((text) => /pwned|alert|beacon\.invalid/.test(text)).length).toBeGreaterThan(350);
});

describe('a text of an owner’s is taken as it is, or refused with its place', () => {
  it.each<[path: string, field: (text: string) => Fault[]]>([
    ['nudge.title', (text) => inNudge({ title: text })],
    ['nudge.title.en', (text) => inNudge({ title: { en: text, ko: 'x' } })],
    ['nudge.title.ko', (text) => inNudge({ title: { en: 'x', ko: text } })],
    ['nudge.body', (text) => inNudge({ body: text })],
    ['nudge.body.ko', (text) => inNudge({ body: { ko: text } })],
    ['nudge.cta.label', (text) => inNudge({ cta: { label: text, href: '/' } })],
    ['nudge.cta.label.ko', (text) => inNudge({ cta: { label: { en: 'x', ko: text }, href: '/' } })],
    ['nudge.goal.reached', (text) => inRule({ nudge: { ...progress, goal: { value: 1, reached: text } } })],
    [
      'nudge.goal.reached.ko',
      (text) => inRule({ nudge: { ...progress, goal: { value: 1, reached: { ko: text } } } }),
    ],
    [
      'steps.0.nudge.title',
      (text) => inRule({ steps: [{ id: 'b', after: '1d', nudge: { ...toast, title: text } }] }),
    ],
    [
      'experiment.arms.1.change.nudge.title',
      (text) =>
        inRule({
          experiment: { id: 'e', arms: [{ id: 'x' }, { id: 'y', change: { nudge: { title: text } } }] },
        }),
    ],
  ])('%s', (path, field) => {
    const { taken, refused } = sorted(field, path);
    // What is no template and not too long is words, whatever it looks like.
    expect(refused.filter((text) => !SLOT.test(text) && text.length <= 500)).toEqual([]);
    expect(taken.filter((text) => SLOT.test(text))).toEqual([
      '{{cart.value}}',
      '{{cart.quantity; one: #; other: ##}}',
      '{{{{cart.value}}}}',
      '{{cart.item; else: <img src=x onerror=__pwned()>}}',
    ]);
    expect(refused.length).toBe(PAYLOADS.filter((text) => SLOT.test(text) || text.length > 500).length - 4);
  });

  it.each(['en', 'ko'])('a product’s name in %s, in which braces are braces', (locale) => {
    const { refused } = sorted((text) => inProduct({ item_name: { [locale]: text } }), `item_name.${locale}`);
    expect(refused).toEqual(KINDS.TOO_LONG);
  });
});

describe('an address is taken only where it leads to the shop itself or to https, and says no name on the way', () => {
  it.each<[path: string, field: (text: string) => Fault[]]>([
    ['nudge.cta.href', (text) => inNudge({ cta: { label: 'x', href: text } })],
    ['url', (text) => inProduct({ url: text })],
    ['image', (text) => inProduct({ image: text })],
  ])('%s', (path, field) => {
    const { taken, refused } = sorted(field, path);
    for (const text of taken) {
      const { protocol, origin, username, password } = new URL(text, PAGE);
      expect([username, password], text).toEqual(['', '']);
      expect(
        origin === 'https://shop.example' || (text.startsWith('https://') && protocol === 'https:'),
        text,
      ).toBe(true);
    }
    expect(taken.length).toBeGreaterThan(8);
    expect(refused.length).toBeGreaterThan(530);
  });
});

describe('a name is a plain word, or refused with its place', () => {
  it.each<[path: string, field: (text: string) => Fault[]]>([
    ['nudge.slot', (text) => inNudge({ kind: 'inline', slot: text })],
    ['nudge.look', (text) => inNudge({ kind: 'inline', slot: 'a', look: text })],
    ['nudge.kind', (text) => inNudge({ kind: text })],
    ['id', (text) => inRule({ id: text })],
    ['on', (text) => inRule({ on: text })],
    ['steps.0.id', (text) => inRule({ steps: [{ id: text, after: '1d', nudge: toast }] })],
    ['until.0', (text) => inRule({ steps: [{ id: 'b', after: '1d', nudge: toast }], until: [text] })],
    ['experiment.id', (text) => inRule({ experiment: { id: text, arms: [{ id: 'x' }, { id: 'y' }] } })],
    ['nudge.title', (text) => inNudge({ title: Object.fromEntries([[text, 'x']]) })],
    ['0.id', (text) => faultsIn(Segments, [{ id: text, when: {} }])],
    ['name', (text) => faultsIn(CustomEventDefinition, { name: text })],
    ['', (text) => faultsIn(Declared, JSON.parse(`{${JSON.stringify(text)}:"string"}`))],
  ])('%s', (path, field) => {
    const { taken, refused } = sorted(field, path);
    expect(taken.filter((text) => !/^[\w-]+$/.test(text))).toEqual([]);
    expect(refused.length).toBeGreaterThan(530);
  });
});

describe('what is said of a shopper is kept as it is, or refused with its place', () => {
  const shopper = 'A'.repeat(22);
  const event = (more: object) => ({ id: 'event-000001', at: 0, ...more });

  it.each<[path: string, field: (text: string) => Fault[]]>([
    [
      'traits.note',
      (text) => [
        ...faultsIn(ServerEvents, { shopper, traits: { note: text } }),
        ...traitFaults({ note: text }, own.traits, 'traits'),
      ],
    ],
    [
      'params.items.0.item_name',
      (text) =>
        faultsIn(
          ShopperEvent,
          event({ name: 'add_to_cart', params: { items: [{ item_id: 'a', item_name: text }] } }),
        ),
    ],
    [
      'params.items.0.item_variant',
      (text) =>
        faultsIn(
          ShopperEvent,
          event({ name: 'view_item', params: { items: [{ item_id: 'a', item_variant: text }] } }),
        ),
    ],
    [
      'cart.items.0.item_category',
      (text) =>
        faultsIn(
          ShopperEvent,
          event({ name: 'page_view', cart: { items: [{ item_id: 'a', item_category: text }] } }),
        ),
    ],
    [
      'params.search_term',
      (text) => faultsIn(ShopperEvent, event({ name: 'search', params: { search_term: text } })),
    ],
    [
      'params.page_title',
      (text) => faultsIn(ShopperEvent, event({ name: 'page_view', params: { page_title: text } })),
    ],
    [
      'events.0.params.word',
      (text) => {
        const read = asDeclared(
          ShopperEvent.parse(event({ name: 'said', params: { word: text } })),
          own,
          'events.0',
        );
        return 'faults' in read ? read.faults : [];
      },
    ],
  ])('%s', (path, field) => {
    const { refused } = sorted(field, path);
    expect(refused).toEqual(PAYLOADS.filter((text) => text.length > 200));
  });
});

it('and what is taken is in each field of each nudge just as it was said, and in its link one part of it', () => {
  const shown = PAYLOADS.filter((text) => isOwnersText(text) || isShoppersText(text));
  expect(shown).toEqual(PAYLOADS.filter((text) => !KINDS.TOO_LONG.includes(text)));
  let fields = 0;
  let links = 0;
  for (const text of shown)
    for (const { title, body, cta, items = [], progress: bar } of Object.values(nudgesOf(text))) {
      const texts = [title, body, cta?.label, ...items.map(({ item_name }) => item_name)];
      if (bar) texts.push(bar.reached);
      expect(texts.filter((one) => one !== text)).toEqual([]);
      fields += texts.length;
      const link = new URL(cta?.href ?? '', PAGE);
      if (link.pathname !== '/find') continue;
      expect(link.origin).toBe('https://shop.example');
      expect([...link.searchParams]).toEqual([
        ['q', text],
        ['w', text],
      ]);
      links++;
    }
  // Eight nudges of three texts; one shows two products, one says that its goal is reached.
  expect(fields).toBe(shown.length * (8 * 3 + 2 + 1));
  expect(links).toBeGreaterThan(530);
}, 60_000);
