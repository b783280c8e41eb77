import type { z } from 'zod';
import type { Learned } from '../../../server/core/recommend.ts';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { segmentFaults } from '../../../server/core/segments.ts';
import { compileSite, type LiveSite } from '../../../server/core/site.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { PairModel } from '../../../server/learning/pair-model.ts';
import type { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { deepFreeze } from './deep-freeze.ts';

type GivenSite = z.input<typeof SiteFile>;
export type GivenRule = z.input<typeof Rule>;

const PRODUCTS: GivenSite['products'] = [
  { item_id: 'mug', item_name: { en: 'Mug', ko: '머그' }, price: 18.5, stock: 12, url: '/products/mug' },
  { item_id: 'pot', item_name: 'Pot', price: 40, url: '/products/pot', image: '/img/pot.svg' },
  { item_id: 'tray', item_name: 'Tray', price: 25, stock: 3, url: '/products/tray' },
  { item_id: 'lamp', item_name: 'Lamp', price: 99, stock: 0, url: '/products/lamp' },
];

export function siteFile(given: Partial<GivenSite> = {}): GivenSite {
  return {
    id: 'demo',
    publishableKey: 'pk_demo',
    secretKey: 'sk_demo_change_me',
    origins: ['https://shop.example'],
    currency: 'EUR',
    products: PRODUCTS,
    ...given,
  };
}

/** A published rule that shows a toast, except where `given` says otherwise. */
export function ruleOn(on: GivenRule['on'], given: Partial<GivenRule> = {}): GivenRule {
  return {
    id: `on-${on.replaceAll('_', '-')}`,
    status: 'published',
    on,
    nudge: { kind: 'toast', title: 'Hello' },
    ...(on === 'cart_idle' ? { after: '10s' } : {}),
    ...given,
  };
}

/** A published rule that shows a countdown to 10 % off. */
export function countdownOn(on: GivenRule['on'], given: Partial<GivenRule> = {}): GivenRule {
  return ruleOn(on, {
    nudge: { kind: 'countdown', title: '{{offer.percentOff}} % off with {{offer.code}}' },
    offer: { percentOff: 10, validFor: '15m' },
    ...given,
  });
}

/** A site as decisions read it. */
export function liveSite(
  rules: readonly GivenRule[],
  more: {
    settings?: GivenSite['settings'];
    events?: GivenSite['events'];
    traits?: GivenSite['traits'];
    segments?: GivenSite['segments'];
    locale?: string;
    learned?: Learned;
    spentBudgets?: ReadonlySet<string>;
  } = {},
): LiveSite {
  const { settings, events, traits, segments, locale = 'en' } = more;
  const own = { events, traits, segments, locale };
  const file = SiteFile.parse(
    siteFile({ rules: [...rules], ...own, settings: { holdoutPercent: 0, ...settings } }),
  );
  const vocabulary = vocabularyOf(file);
  const [fault] = [
    ...file.segments.flatMap((segment) => segmentFaults(segment, vocabulary)),
    ...file.rules.flatMap((rule) => ruleFaults(rule, vocabulary)),
  ];
  if (fault) throw new Error(`The sample has a fault: ${fault.path} ${fault.message}`);
  const products = new Map(file.products.map((product) => [product.item_id, product]));
  return {
    site: deepFreeze(compileSite(file, 1, products)),
    learned: more.learned ?? new PairModel().learned(file.id),
    spentBudgets: more.spentBudgets ?? new Set(),
  };
}
