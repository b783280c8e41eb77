import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ORIGIN = 'http://shop.bench';
export const PUBLISHABLE_KEY = 'pk_bench';
export const SECRET_KEY = 'sk_bench_of_the_bench';
export const ITEMS = 200;
export const ITEM_NAME = 'Stoneware mug, hand thrown';
export const PRICE = 18.5;

/** What the bare server sends too, so that both push as many bytes. */
export const NUDGE = {
  kind: 'toast',
  rule: 'thanks-for-adding',
  priority: 50,
  title: 'Good choice',
  body: 'It is in your cart, and the cart is kept for you as long as you like.',
  cta: { label: 'Go to my cart', href: '/cart' },
} as const;

/** One published rule without a limit: each addition gives a toast, unless the one before is still up. */
export function writeSiteFile(dir: string): string {
  return writeThanks(dir, {});
}

/** The same for a shopper who closes one and is given the next. */
export function writeTirelessSiteFile(dir: string): string {
  return writeThanks(dir, { restAfterDismissal: '0s' });
}

function writeThanks(dir: string, settings: object): string {
  const { kind, title, body, cta } = NUDGE;
  return write(
    dir,
    [
      {
        id: NUDGE.rule,
        status: 'published',
        on: 'add_to_cart',
        when: { 'cart.value': { $gte: 1 } },
        nudge: { kind, title, body, cta, validFor: '10m' },
        priority: NUDGE.priority,
      },
    ],
    settings,
  );
}

/** Whoever puts something into the cart gets a code. */
export function writeOfferSiteFile(dir: string): string {
  const offer = {
    id: 'a-code-for-you',
    status: 'published',
    on: 'add_to_cart',
    nudge: { kind: 'countdown', title: NUDGE.title },
    offer: { percentOff: 10, validFor: '1h' },
  };
  return write(dir, [offer]);
}

/** How many rules a shop of some size has on each trigger: 20 in all. */
const QUIET_RULES = {
  view_item: 4,
  add_to_cart: 4,
  cart_idle: 4,
  first_visit: 2,
  exit_intent: 2,
  begin_checkout: 2,
  purchase: 2,
} as const;

/** Twenty published rules of three conditions; whoever only looks and fills a cart is held back by the last of them. */
export function writeQuietSiteFile(dir: string): string {
  const rules = Object.entries(QUIET_RULES).flatMap(([on, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${on.replaceAll('_', '-')}-${index}`,
      status: 'published',
      on,
      ...(on === 'cart_idle' ? { after: `${20 + index}m` } : {}),
      when: {
        'cart.value': { $gte: 0, $lt: 1_000_000 },
        'shopper.orders': 0,
        'session.utm.campaign': `campaign-${index}`,
      },
      nudge: { kind: 'toast', title: NUDGE.title, body: NUDGE.body },
    })),
  );
  return write(dir, rules);
}

function write(dir: string, rules: readonly object[], settings: object = {}): string {
  const site = {
    id: 'bench',
    publishableKey: PUBLISHABLE_KEY,
    secretKey: SECRET_KEY,
    origins: [ORIGIN],
    currency: 'EUR',
    settings: { holdoutPercent: 0, ...settings },
    products: Array.from({ length: ITEMS }, (_, index) => ({
      item_id: `item-${index}`,
      item_name: ITEM_NAME,
      price: PRICE,
      url: `/products/item-${index}`,
    })),
    rules,
  };
  const path = join(dir, 'site.json');
  writeFileSync(path, JSON.stringify(site));
  return path;
}
