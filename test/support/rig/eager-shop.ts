import type { check } from './checker.ts';

type Shop = Parameters<typeof check>[2];

/** Something fires again and again, under limits, and a countdown with a code for whoever is idle. */
export const shop: Shop = {
  rules: [
    ...[1, 2, 3].map((index) => ({
      id: `hello-${index}`,
      status: 'published' as const,
      on: 'add_to_cart' as const,
      nudge: { kind: 'toast' as const, title: 'Hello', validFor: '1m' },
      limit: { times: 2, per: '1h' },
    })),
    {
      id: 'idle',
      status: 'published',
      on: 'cart_idle',
      after: '1s',
      nudge: { kind: 'countdown', title: '{{offer.percentOff}} %' },
      offer: { percentOff: 10, validFor: '15m' },
    },
  ],
  // All who come are of one address here.
  settings: { holdoutPercent: 0, limit: { times: 5, per: '1h' }, offers: { perAddress: 1_000_000 } },
};
