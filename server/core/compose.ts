import { textIn } from '../../shared/localized-text.ts';
import type { Nudge } from '../../shared/nudge.ts';
import type { Product } from '../../shared/product.ts';
import { couponCode, randomId } from './random.ts';
import { recommend } from './recommend.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { fillTemplate, type TemplateValues } from './templates.ts';
import type { Turn } from './turn.ts';

const STRIP_SIZE = 4;

/** A rule's nudge in the shopper's words; null when it would recommend and there is nothing to recommend. */
export function composeNudge(turn: Turn, compiled: CompiledRule): Nudge | null {
  const { rule } = compiled;
  const { site } = turn.live;
  const items = rule.nudge.kind === 'recommendation' ? itemsFor(turn) : null;
  if (items?.length === 0) return null;
  const locale = turn.shopper.locale ?? site.locale;
  const expiresAt = turn.now + compiled.validForMs;
  const offer = rule.offer
    ? { code: couponCode(turn.random), percentOff: rule.offer.percentOff, expiresAt }
    : null;
  const values = () => valuesFor(turn, offer, locale);
  const word = (text: Parameters<typeof textIn>[0]) =>
    fillTemplate(textIn(text, locale, site.locale), values);
  const { title, body, cta, kind } = rule.nudge;
  return {
    id: `n_${randomId(turn.random)}`,
    seq: turn.shopper.seq + 1,
    kind,
    rule: rule.id,
    priority: rule.priority,
    title: word(title),
    ...(body === undefined ? {} : { body: word(body) }),
    ...(cta ? { cta: { label: word(cta.label), href: fillTemplate(cta.href, values) } } : {}),
    ...(offer ? { offer } : {}),
    ...(items ? { items: items.map((product) => shown(product, site.currency, locale, site.locale)) } : {}),
    expiresAt,
  };
}

function itemsFor(turn: Turn): Product[] {
  const cart = turn.shopper.cart.lines.map((line) => line.item_id);
  return recommend(
    turn.live.learned,
    turn.live.site.products,
    { cart, viewed: turn.shopper.viewed },
    STRIP_SIZE,
  );
}

function shown(product: Product, currency: string, locale: string, fallback: string) {
  const { item_id, price, url, image } = product;
  const item_name = textIn(product.item_name, locale, fallback);
  return { item_id, item_name, price, currency, url, ...(image ? { image } : {}) };
}

function valuesFor(turn: Turn, offer: Nudge['offer'] | null, locale: string): Partial<TemplateValues> {
  const { cart } = turn.shopper;
  return {
    'cart.value': moneyIn(locale, turn.live.site.currency).format(cart.value),
    'cart.quantity': String(cart.quantity),
    ...(offer ? { 'offer.percentOff': String(offer.percentOff), 'offer.code': offer.code } : {}),
  };
}

const MAX_FORMATS = 100;
const formats = new Map<string, Intl.NumberFormat>();

/** Making a number format costs a hundred times what using it does; the few in use are kept. */
function moneyIn(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  if (formats.size >= MAX_FORMATS) formats.clear();
  const format = formatFor(locale, currency);
  formats.set(key, format);
  return format;
}

/** A tag may look right and yet be none, such as "en-12". */
function formatFor(locale: string, currency: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return new Intl.NumberFormat('en', { style: 'currency', currency });
  }
}
