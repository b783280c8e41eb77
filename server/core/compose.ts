import { textIn } from '../../shared/localized-text.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { roundAmount } from '../../shared/money.ts';
import type { CartLine } from './cart-ledger.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Facts } from './conditions/facts.ts';
import { benefitOf } from './offers.ts';
import type { CatalogueProduct } from './price-history.ts';
import { couponCode, randomId } from './random.ts';
import { recommend } from './recommend.ts';
import type { Site } from './site.ts';
import { fillTemplate, type TemplateValues } from './templates.ts';
import type { Turn } from './turn.ts';
import { whyInWords } from './why-words.ts';

const STRIP_SIZE = 4;

/** A rule's nudge in the shopper's words; null when it would show products and there are none to show. */
export function composeNudge(turn: Turn, compiled: CompiledRule, facts: Facts): Nudge | null {
  const { rule, variables } = compiled;
  const { site } = turn.live;
  const locale = turn.shopper.locale ?? site.locale;
  const items = itemsFor(turn, compiled, locale);
  if (items?.length === 0) return null;
  const expiresAt = turn.now + compiled.validForMs;
  const offer = offerOf(turn, compiled, expiresAt);
  const values = () => valuesFor(turn, compiled, offer, facts, locale);
  const wording = { locale, currency: site.currency, variables };
  const word = (text: Parameters<typeof textIn>[0]) =>
    fillTemplate(textIn(text, locale, site.locale), values, wording);
  const { title, body, cta, kind } = rule.nudge;
  return {
    id: `n_${randomId(turn.random)}`,
    seq: turn.shopper.seq + 1,
    kind,
    rule: rule.id,
    priority: rule.priority,
    title: word(title),
    ...(body === undefined ? {} : { body: word(body) }),
    ...(cta ? { cta: { label: word(cta.label), href: word(cta.href) } } : {}),
    ...(offer ? { offer } : {}),
    ...(items ? { items } : {}),
    why: whyInWords(rule.on, locale),
    expiresAt,
  };
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

function valuesFor(
  { shopper, live }: Turn,
  { rule }: CompiledRule,
  offer: Nudge['offer'],
  { change, event }: Facts,
  locale: string,
): TemplateValues {
  const { cart } = shopper;
  const nameOf = (product: CatalogueProduct | undefined) =>
    product && textIn(product.item_name, locale, live.site.locale);
  return {
    ...under('shopper.traits', shopper.traits),
    ...(event?.name === 'custom_event' ? under('event.params', event.params) : {}),
    'cart.value': cart.value,
    'cart.quantity': cart.quantity,
    'cart.item': dearest(
      cart.lines,
      (line) => nameOf(live.site.products.get(line.item_id)) ?? line.item_name,
    ),
    'offer.code': offer?.code,
    'offer.percentOff': offer?.percentOff,
    'offer.amountOff': offer?.amountOff,
    'offer.minimum': offer?.minimum,
    'offer.points': offer?.points,
    'offer.gift': offer?.gift === undefined ? undefined : nameOf(live.site.products.get(offer.gift)),
    'change.item': nameOf(change?.product),
    'change.price': change?.product.price,
    'change.previousPrice': change?.previousPrice,
    'change.stock': change?.product.stock,
    'threshold.value': rule.threshold?.value,
    'threshold.missing': rule.threshold && roundAmount(Math.max(0, rule.threshold.value - cart.value)),
  };
}

/** The name of the line that costs most. */
function dearest(
  lines: readonly CartLine[],
  nameOf: (line: CartLine) => string | undefined,
): string | undefined {
  const [first, ...others] = lines;
  if (!first) return undefined;
  return nameOf(others.reduce((most, line) => (line.price > most.price ? line : most), first));
}

function under(path: string, values: Readonly<Record<string, unknown>>): TemplateValues {
  const entries = Object.entries(values).map(([name, value]) => [
    `${path}.${name}`,
    typeof value === 'number' ? value : String(value),
  ]);
  return Object.fromEntries(entries) as TemplateValues;
}
