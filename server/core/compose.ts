import { textIn } from '../../shared/localized-text.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { roundAmount } from '../../shared/money.ts';
import { isSafeUrl } from '../../shared/safe-url.ts';
import type { CartLine } from './cart-ledger.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Facts } from './conditions/facts.ts';
import { benefitOf } from './offers.ts';
import type { CatalogueProduct } from './price-history.ts';
import { couponCode, randomId } from './random.ts';
import { recommend } from './recommend.ts';
import type { Site } from './site.ts';
import { fillLink, fillTemplate } from './templates.ts';
import type { Turn } from './turn.ts';
import { whyInWords } from './why-words.ts';

const STRIP_SIZE = 4;

/** What rules on these say is not about the cart that a purchase ends. */
const AFTER_THE_CART: readonly string[] = ['purchase', 'refund', 'cart_recovered'];

function isAboutCart(on: string): boolean {
  return !AFTER_THE_CART.includes(on);
}

/**
 * A rule's nudge in the shopper's words, or why there is none: it would show products and there are none to show, or what
 * its link becomes with this shopper's values is none that a page may show.
 */
export function composeNudge(
  turn: Turn,
  compiled: CompiledRule,
  facts: Facts,
): Nudge | 'nothing_to_show' | 'unsafe_link' {
  const { rule, variables } = compiled;
  const { site } = turn.live;
  const locale = turn.shopper.locale ?? site.locale;
  const items = itemsFor(turn, compiled, locale);
  if (items?.length === 0) return 'nothing_to_show';
  const expiresAt = turn.now + compiled.validForMs;
  const offer = offerOf(turn, compiled, expiresAt);
  const source: Source = { turn, rule, offer, facts, locale };
  const value = (name: string) => valueOf(source, name);
  const wording = { locale, currency: site.currency, variables };
  const word = (text: Parameters<typeof textIn>[0]) =>
    fillTemplate(textIn(text, locale, site.locale), value, wording);
  const { title, body, cta, kind, goal, slot, look } = rule.nudge;
  const href = cta ? fillLink(cta.href, value, wording) : '';
  if (cta && !isSafeUrl(href)) return 'unsafe_link';
  return {
    id: `n_${randomId(turn.random)}`,
    seq: turn.shopper.seq + 1,
    kind,
    rule: rule.id,
    priority: rule.priority,
    title: word(title),
    ...(body === undefined ? {} : { body: word(body) }),
    ...(cta ? { cta: { label: word(cta.label), href } } : {}),
    ...(offer ? { offer } : {}),
    ...(items ? { items } : {}),
    ...(goal ? { progress: progressOf(turn, goal, word) } : {}),
    ...(slot ? { slot, look: look ?? 'note' } : {}),
    why: whyInWords(rule.on, locale),
    ...(isAboutCart(rule.on) ? { about: 'cart' as const } : {}),
    expiresAt,
  };
}

function progressOf(
  { shopper, live }: Turn,
  { value: goal, reached }: NonNullable<CompiledRule['rule']['nudge']['goal']>,
  word: (text: Parameters<typeof textIn>[0]) => string,
): NonNullable<Nudge['progress']> {
  const { currency } = live.site;
  return { value: shopper.cart.value, goal, currency, ...(reached ? { reached: word(reached) } : {}) };
}

function offerOf(turn: Turn, { rule, isPersonalised }: CompiledRule, expiresAt: number): Nudge['offer'] {
  if (!rule.offer) return undefined;
  const benefit = benefitOf(rule.offer, turn.live.site.currency);
  const code = couponCode(turn.random);
  return isPersonalised
    ? { code, ...benefit, expiresAt, personalised: true }
    : { code, ...benefit, expiresAt };
}

function itemsFor(turn: Turn, { rule }: CompiledRule, locale: string): Nudge['items'] {
  const { site, learned } = turn.live;
  const { cart, viewed } = turn.shopper;
  const { kind, items } = rule.nudge;
  if (items === 'cart')
    return cart.lines.slice(0, STRIP_SIZE).flatMap((line) => shownLine(line, site, locale));
  if (kind !== 'recommendation' && items !== 'recommended') return undefined;
  const inCart = cart.lines.map((line) => line.item_id);
  return recommend(learned, site.products, { cart: inCart, viewed }, STRIP_SIZE).map((product) =>
    shown(product, site, locale),
  );
}

/** A line of an item that the catalogue does not know has no page to lead to, and is left out. */
function shownLine({ item_id, price, quantity }: CartLine, site: Site, locale: string) {
  const product = site.products.get(item_id);
  return product ? [{ ...shown(product, site, locale), price: price || product.price, quantity }] : [];
}

function shown(product: CatalogueProduct, site: Site, locale: string) {
  const { item_id, price, was, url, image } = product;
  return {
    item_id,
    item_name: textIn(product.item_name, locale, site.locale),
    price,
    currency: site.currency,
    ...(was === undefined ? {} : { was }),
    url,
    ...(image ? { image } : {}),
  };
}

/** What a text may be filled from. */
interface Source {
  readonly turn: Turn;
  readonly rule: CompiledRule['rule'];
  readonly offer: Nudge['offer'];
  readonly facts: Facts;
  readonly locale: string;
}

type Value = string | number | undefined;

/** How each variable is read; only those that a text names are. */
const VALUES: Readonly<Record<string, (source: Source) => Value>> = {
  'cart.value': ({ turn }) => turn.shopper.cart.value,
  'cart.quantity': ({ turn }) => turn.shopper.cart.quantity,
  'cart.item': (source) => dearestOf(source),
  'offer.code': ({ offer }) => offer?.code,
  'offer.percentOff': ({ offer }) => offer?.percentOff,
  'offer.amountOff': ({ offer }) => offer?.amountOff,
  'offer.minimum': ({ offer }) => offer?.minimum,
  'offer.points': ({ offer }) => offer?.points,
  'offer.gift': (source) => nameOf(source, source.offer?.gift),
  'change.item': (source) => nameOf(source, source.facts.change?.product.item_id),
  'change.price': ({ facts }) => facts.change?.product.price,
  'change.previousPrice': ({ facts }) => facts.change?.previousPrice,
  'change.stock': ({ facts }) => facts.change?.product.stock,
  'threshold.value': ({ rule }) => rule.threshold?.value,
  'threshold.missing': ({ rule, turn }) =>
    rule.threshold && roundAmount(Math.max(0, rule.threshold.value - turn.shopper.cart.value)),
};

const TRAIT = 'shopper.traits.';
const PARAM = 'event.params.';

function valueOf(source: Source, name: string): Value {
  const read = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (read) return read(source);
  const { event } = source.facts;
  if (name.startsWith(TRAIT)) return asValue(source.turn.shopper.traits, name.slice(TRAIT.length));
  if (name.startsWith(PARAM) && event?.name === 'custom_event')
    return asValue(event.params, name.slice(PARAM.length));
  return undefined;
}

function asValue(values: Readonly<Record<string, unknown>>, name: string): Value {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}

function nameOf({ turn, locale }: Source, item: string | undefined): string | undefined {
  const { site } = turn.live;
  const product = item === undefined ? undefined : site.products.get(item);
  return product && textIn(product.item_name, locale, site.locale);
}

/** The name of the line that costs most. */
function dearestOf(source: Source): string | undefined {
  const [first, ...others] = source.turn.shopper.cart.lines;
  if (!first) return undefined;
  const dearest = others.reduce((most, line) => (line.price > most.price ? line : most), first);
  return nameOf(source, dearest.item_id) ?? dearest.item_name;
}
