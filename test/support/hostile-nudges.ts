import { ruleFaults } from '../../server/core/rule-faults.ts';
import { compileSite } from '../../server/core/site.ts';
import { vocabularyOf } from '../../server/core/vocabulary.ts';
import { Scalar } from '../../shared/custom-event.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { Rule } from '../../shared/rule.ts';
import { isSafeUrl } from '../../shared/safe-url.ts';
import { SiteFile } from '../../shared/site.ts';
import { pushedBy, Story } from '../unit/support/story.ts';
import { rule, site } from './sample-site.ts';

/** Where nudges are shown on a page, by their kinds and, in marked places, their looks. */
export const CARDS = ['toast', 'countdown', 'recommendation', 'progress'] as const;
export const SLOTTED = ['note', 'badges', 'text'] as const;
const SURFACES = [...CARDS, 'bar', ...SLOTTED] as const;
export type Surface = (typeof SURFACES)[number];

/** The shop's page, from which an address that is relative leads on. */
const SHOP = 'https://shop.example';
const ITEMS = ['mug', 'pot'];
const NO_COUNTS = { count: () => 0, with: () => [] };
const LEARNED = { viewed: NO_COUNTS, carted: NO_COUNTS, bought: NO_COUNTS, popular: ITEMS };
/** Twice as a value of a link, and there is still a link. */
const LINK_MOST = 950;

const own = {
  traits: { note: 'string' } as const,
  events: SURFACES.map((id) => ({ name: `say_${id}`, params: { word: 'string' } as const })),
};
const vocabulary = vocabularyOf({
  ...SiteFile.pick({ events: true, traits: true }).parse(own),
  segments: [],
});

/** Whether an owner may write it as a text and has it shown just so. */
export function isOwnersText(text: string): boolean {
  const { data } = Rule.safeParse(rule('a', { on: 'add_to_cart', nudge: { kind: 'toast', title: text } }));
  return data !== undefined && ruleFaults(data, vocabulary).length === 0 && !/\{\{[^{}]*\}\}/.test(text);
}

/** Whether a page, or the shop's server, may say it of a shopper. */
export function isShoppersText(text: string): boolean {
  return Scalar.safeParse(text).success;
}

/** Whether an address is taken and leads to the shop itself. */
export function isOwnAddress(url: string): boolean {
  return isSafeUrl(url) && new URL(url, SHOP).origin === SHOP;
}

/**
 * What the hub makes of a site that says this in each of its texts and addresses, and of a shopper of whom just this is
 * said: each nudge as it goes to the page, with the text in all of its fields. The toast has it from the shopper, the
 * others from the owner where one may write it.
 */
export function nudgesOf(text: string): Readonly<Record<Surface, Nudge>> {
  const isOwners = isOwnersText(text);
  const isShoppers = isShoppersText(text);
  const written = isOwners ? text : '{{shopper.traits.note; else: -}}';
  const file = SiteFile.parse(
    site({
      ...own,
      products: ITEMS.map((id) => productOf(id, text)),
      rules: rulesOf(text, written, isShoppers),
    }),
  );
  const products = new Map(file.products.map((product) => [product.item_id, product]));
  const story = new Story({
    site: compileSite(file, 1, products),
    learned: LEARNED,
    spentBudgets: new Set(),
  });
  if (isShoppers) story.input({ kind: 'traits', traits: { note: text } });
  const item_name = isShoppers ? text : 'x';
  story.page('add_to_cart', { items: [{ item_id: 'unknown', item_name, price: 10, quantity: 1 }] });
  const params = isShoppers ? { word: text } : {};
  const said = SURFACES.map((id) => [id, pushedBy(story.page(`say_${id}`, params))]);
  return Object.fromEntries(said) as Record<Surface, Nudge>;
}

function productOf(item_id: string, text: string): object {
  const image = isOwnAddress(text) ? text : '/img/x.svg';
  return { item_id, item_name: { en: text, ko: text }, price: 40, url: image, image };
}

function rulesOf(text: string, written: string, isShoppers: boolean): object[] {
  const both = { en: written, ko: written };
  const href = isSafeUrl(text) && !text.includes('{{') ? text : '/cart';
  const words = { title: both, body: both, cta: { label: both, href } };
  const fits = encodeURIComponent(text.replace(/\p{Cs}/gu, '')).length < LINK_MOST;
  const find = '/find?q={{shopper.traits.note;else:x}}&w={{event.params.word;else:x}}';
  const shoppers = {
    title: '{{cart.item; else: -}}',
    body: '{{shopper.traits.note; else: -}}',
    cta: { label: '{{event.params.word; else: -}}', href: fits ? find : '/cart' },
  };
  const on = (id: Surface, nudge: object, more: object = {}) =>
    rule(id, { on: `say_${id}`, nudge: { kind: id, ...words, ...nudge }, ...more });
  return [
    on('toast', isShoppers ? shoppers : {}),
    on('countdown', {}, { offer: { percentOff: 10, validFor: '6h' } }),
    on('recommendation', {}),
    on('progress', { goal: { value: 1, reached: both } }),
    on('bar', {}),
    ...SLOTTED.map((look) => on(look, { kind: 'inline', slot: look, look })),
  ];
}
