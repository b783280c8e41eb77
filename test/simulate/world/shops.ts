import type { z } from 'zod';
import type { Rule } from '../../../shared/rule.ts';
import type { SiteFile } from '../../../shared/site.ts';

export const ORIGIN = 'https://shop.example';
export const ITEMS = ['mug', 'pot', 'tray'] as const;

type GivenSite = z.input<typeof SiteFile>;
export type GivenRule = z.input<typeof Rule>;
export type Shop = Pick<GivenSite, 'settings'> & { readonly rules: GivenRule[] };

const toast = (validFor: string): GivenRule['nudge'] => ({ kind: 'toast', title: 'Hello', validFor });
const countdown: GivenRule['nudge'] = { kind: 'countdown', title: '{{offer.percentOff}} % off' };

function rule(id: string, on: GivenRule['on'], given: Partial<GivenRule>): GivenRule {
  return { id, status: 'published', on, nudge: toast('2m'), ...given };
}

/** Many rules, moderate limits: the life of an ordinary shop. */
const ordinary: Shop = {
  rules: [
    rule('idle-soon', 'cart_idle', { after: '10s', limit: { times: 2, per: '30m' } }),
    rule('idle-offer', 'cart_idle', {
      after: '1m',
      nudge: countdown,
      offer: { percentOff: 10, validFor: '15m', budget: { count: 4 } },
      limit: { times: 2, per: '1h' },
      priority: 80,
    }),
    rule('added', 'add_to_cart', { limit: { times: 2, per: '10m' }, priority: 20 }),
    rule('stalled', 'checkout_stalled', { after: '30s', limit: { times: 1, per: '10m' } }),
    rule('abandoned', 'cart_abandoned', { nudge: toast('1h') }),
    rule('journey', 'begin_checkout', {
      limit: { times: 1, per: '30m' },
      steps: [
        {
          id: 'soon',
          after: '3m',
          when: { 'cart.value': { $gte: 30 } },
          otherwise: 'last',
          nudge: toast('5m'),
        },
        { id: 'offer', after: '20m', nudge: countdown, offer: { percentOff: 5, validFor: '10m' } },
        { id: 'last', after: '1h', nudge: toast('30m') },
      ],
      until: ['purchase', 'exit_intent'],
    }),
    rule('thanks', 'purchase', { class: 'transactional', nudge: toast('5m') }),
  ],
  settings: {
    holdoutPercent: 0,
    abandonAfter: '20m',
    limit: { times: 5, per: '1h' },
    cooldown: '10s',
    restAfterDismissal: '5m',
  },
};

/** Something wants to fire at every step, and little stops it. */
const eager: Shop = {
  rules: [
    rule('idle', 'cart_idle', { after: '5s', nudge: toast('1m') }),
    rule('added', 'add_to_cart', { nudge: toast('30s') }),
    rule('viewed', 'view_item', { nudge: toast('30s'), priority: 30 }),
    rule('leaving', 'exit_intent', {
      nudge: countdown,
      offer: { percentOff: 20, validFor: '10s' },
      priority: 90,
    }),
    rule('cart-offer', 'view_cart', {
      nudge: countdown,
      offer: { percentOff: 5, validFor: '3m' },
      priority: 70,
    }),
    rule('dwelling', 'cart_dwell', { after: '8s', nudge: toast('1m'), priority: 60 }),
    rule('near', 'cart_threshold', { threshold: { value: 60, within: 25 }, nudge: toast('1m') }),
    rule('abandoned', 'cart_abandoned', { nudge: toast('10m') }),
    rule('recovered', 'cart_recovered', { nudge: toast('2m') }),
  ],
  settings: { holdoutPercent: 0, abandonAfter: '2m', restAfterDismissal: '20s' },
};

/** Hardly anything is allowed. */
const strict: Shop = {
  rules: [
    rule('idle', 'cart_idle', { after: '10s', limit: { times: 1, per: '10m' }, nudge: toast('30s') }),
    rule('added', 'add_to_cart', { limit: { times: 1, per: '2m' }, nudge: toast('20s') }),
    rule('viewed', 'view_item', { nudge: toast('20s'), limit: { times: 3, per: '1h' }, priority: 10 }),
    rule('offer', 'begin_checkout', {
      nudge: countdown,
      offer: { percentOff: 15, validFor: '1m', budget: { count: 6 } },
      priority: 90,
    }),
    rule('abandoned', 'cart_abandoned', { nudge: toast('5m'), limit: { times: 1, per: '1d' } }),
    rule('failed', 'payment_failed', { class: 'transactional', nudge: toast('1m') }),
  ],
  settings: {
    holdoutPercent: 0,
    abandonAfter: '5m',
    limit: { times: 2, per: '15m' },
    cooldown: '45s',
    restAfterDismissal: '10m',
    restAfterPurchase: '3m',
    consent: 'required',
  },
};

/** So much is up at once that the oldest has to make room. */
const crowded: Shop = {
  rules: [
    ...(['add_to_cart', 'view_item', 'view_cart', 'begin_checkout', 'exit_intent'] as const).flatMap((on) =>
      [1, 2, 3, 4].map((place) =>
        rule(`${on.replaceAll('_', '-')}-${place}`, on, { nudge: toast('30m'), priority: place }),
      ),
    ),
    rule('idle', 'cart_idle', { after: '20s', nudge: toast('10m'), priority: 90 }),
  ],
  settings: { holdoutPercent: 0, abandonAfter: '1h', restAfterDismissal: '1m' },
};

/** Everything in it reminds of a cart, soon after it was left alone. */
export const RACE: Shop = {
  rules: [
    rule('idle', 'cart_idle', { after: '10s' }),
    rule('idle-offer', 'cart_idle', {
      after: '12s',
      nudge: countdown,
      offer: { percentOff: 10, validFor: '15m' },
      priority: 80,
    }),
    rule('stalled', 'checkout_stalled', { after: '10s', priority: 90 }),
    rule('abandoned', 'cart_abandoned', {}),
    rule('added', 'add_to_cart', {
      nudge: toast('5s'),
      steps: [
        { id: 'soon', after: '10s', nudge: toast('2m') },
        { id: 'later', after: '3s', nudge: toast('2m') },
      ],
      priority: 95,
    }),
  ],
  settings: { holdoutPercent: 0, abandonAfter: '15s' },
};

/** For whoever is away when a rule has its turn: what it shows is good for some time, longer or shorter. */
export const LASTING: readonly Shop[] = ['2m', '2h', '8d'].map((validFor) => ({
  rules: [
    rule('idle', 'cart_idle', { after: '10s', nudge: toast(validFor), limit: { times: 1, per: '30d' } }),
  ],
  settings: { holdoutPercent: 0, abandonAfter: '30d' },
}));

export const SHOPS = { ordinary, eager, strict, crowded };

export function siteFileOf(shop: Shop): GivenSite {
  return {
    id: 'simulated',
    publishableKey: 'pk_simulated',
    secretKey: 'sk_simulated_secret',
    origins: [ORIGIN],
    currency: 'EUR',
    products: ITEMS.map((item_id) => ({
      item_id,
      item_name: item_id,
      price: 20,
      url: `/products/${item_id}`,
    })),
    rules: shop.rules,
    settings: shop.settings,
  };
}
