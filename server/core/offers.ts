import type { ShownOffer } from '../../shared/nudge.ts';
import type { Offer } from '../../shared/offer.ts';
import type { Rule } from '../../shared/rule.ts';
import type { Cart } from './cart.ts';
import type { Reason } from './reasons.ts';
import type { Coupon, Shopper } from './shopper.ts';
import type { LiveSite, Site } from './site.ts';

/** To take from a budget, in the commit that hands the code out; none of it happens when that is more than is left. */
export interface BudgetTake {
  /** The rule's id for the count of codes; with ` amount` for what they cost. */
  readonly name: string;
  readonly take: number;
  readonly most: number;
}

/** Budgets are whole numbers; money is counted in thousandths of the currency's unit. */
const THOUSANDTHS = 1_000;

/** What keeps a rule's offer from being made to this shopper now. */
export function offerLimit(
  { id, offer }: Rule,
  shopper: Shopper,
  live: LiveSite,
  now: number,
): Reason | null {
  if (!offer) return null;
  const held = { rule: id, result: 'held' } as const;
  if (liveCoupons(shopper, now).length > 0) return { ...held, by: 'offer_live' };
  const farmed = farmingLimit(id, shopper, live, now);
  if (farmed) return farmed;
  if (live.spentBudgets.has(id) || live.spentBudgets.has(amountName(id)))
    return { ...held, by: 'budget_spent' };
  if (offer.gift !== undefined && !isAvailable(offer.gift, live.site))
    return { ...held, by: 'gift_unavailable' };
  if (offer.marginFloor === undefined) return null;
  const margin = marginAfter(offer, shopper.cart, live.site);
  if (margin !== null && margin >= offer.marginFloor) return null;
  return {
    ...held,
    by: 'margin_floor',
    wanted: offer.marginFloor,
    ...(margin === null ? {} : { actual: margin }),
  };
}

/** What the site says for all its offers, so that nobody makes a living of them. */
function farmingLimit(
  rule: string,
  shopper: Shopper,
  { site, isAddressServed }: LiveSite,
  now: number,
): Reason | null {
  const held = { rule, result: 'held' } as const;
  const { offersPerShopper: limit, minimumCartAgeMs } = site;
  const given = limit ? shopper.coupons.filter(({ at = 0 }) => at > now - limit.perMs).length : 0;
  if (limit && given >= limit.times)
    return { ...held, by: 'offer_limit', times: limit.times, per: limit.per };
  const goodAt = (shopper.cart.startedAt ?? now) + minimumCartAgeMs;
  if (minimumCartAgeMs > 0 && goodAt > now) return { ...held, by: 'young_cart', until: goodAt };
  return isAddressServed === true ? { ...held, by: 'address_limit' } : null;
}

export function liveCoupons({ coupons }: Shopper, now: number): readonly Coupon[] {
  return coupons.filter(({ order, expiresAt }) => order === null && expiresAt > now);
}

/** What a code is worth, as pages are told. */
export function benefitOf(
  { percentOff, amountOff, freeShipping, gift, points, minimum }: Offer,
  currency: string,
): Omit<ShownOffer, 'code' | 'expiresAt'> {
  return {
    ...(percentOff === undefined ? {} : { percentOff }),
    ...(amountOff === undefined ? {} : { amountOff }),
    ...(freeShipping === undefined ? {} : { freeShipping }),
    ...(gift === undefined ? {} : { gift }),
    ...(points === undefined ? {} : { points }),
    ...(minimum === undefined ? {} : { minimum }),
    currency,
  };
}

export function budgetTakes({ id, offer }: Rule, cart: Cart, site: Site): BudgetTake[] {
  const { count, amount } = offer?.budget ?? {};
  const takes: BudgetTake[] = [];
  if (count !== undefined) takes.push({ name: id, take: 1, most: count });
  if (offer && amount !== undefined) {
    const take = Math.ceil(costOf(offer, cart, site) * THOUSANDTHS);
    takes.push({ name: amountName(id), take, most: Math.floor(amount * THOUSANDTHS) });
  }
  return takes;
}

/** One code less is too much for nobody else: a budget of codes that is spent is spent for all. */
export function isCountBudget(name: string): boolean {
  return !name.endsWith(amountName(''));
}

function amountName(rule: string): string {
  return `${rule} amount`;
}

/** What an offer costs the shop if it is used for the cart of now. */
function costOf(offer: Offer, { value }: Cart, { products }: Site): number {
  if (offer.percentOff !== undefined) return (Math.max(value, offer.minimum ?? 0) * offer.percentOff) / 100;
  if (offer.amountOff !== undefined) return offer.amountOff;
  const gift = offer.gift === undefined ? undefined : products.get(offer.gift);
  if (gift) return gift.cost ?? gift.price;
  return offer.cost ?? 0;
}

/** What is left of the cart's price after the offer and what its items cost, in percent; null where that is not known. */
function marginAfter(offer: Offer, cart: Cart, site: Site): number | null {
  let cost = 0;
  for (const { item_id, quantity } of cart.lines) {
    const own = site.products.get(item_id)?.cost;
    if (own === undefined) return null;
    cost += own * quantity;
  }
  const isPriceCut = offer.percentOff !== undefined || offer.amountOff !== undefined;
  const given = costOf(offer, cart, site);
  const revenue = isPriceCut ? cart.value - given : cart.value;
  const costs = isPriceCut ? cost : cost + given;
  return revenue <= 0 ? null : (100 * (revenue - costs)) / revenue;
}

function isAvailable(item: string, { products }: Site): boolean {
  const product = products.get(item);
  return product !== undefined && product.stock !== 0;
}
