import { z } from 'zod';
import { CustomEventDefinition, Declared, MAX_CUSTOM_EVENTS } from './custom-event.ts';
import { didYouMean } from './did-you-mean.ts';
import { Duration } from './duration.ts';
import { SiteId } from './ids.ts';
import { Locale } from './localized-text.ts';
import { Currency } from './money.ts';
import { Products } from './product.ts';
import { QuietHours } from './quiet-hours.ts';
import { Limit, MAX_RULES, Rule, Window } from './rule.ts';
import { READY_MADE_JOURNEYS } from './ready-made-journeys.ts';
import { Segments } from './segment.ts';
import { TimeZone } from './time-zone.ts';

const Origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'An origin is like "https://shop.example", without a path.');

/**
 * How many nudges a shopper bears: `times` per `per` to begin with, one more for each nudge of the last 30 days that
 * helped (clicked), one less for each that was dismissed, within `least` and `most`.
 */
const Fatigue = z
  .strictObject({
    times: z.number().int().min(1).max(100),
    per: Window,
    least: z.number().int().min(0).max(100).default(1),
    most: z.number().int().min(1).max(100).default(10),
  })
  .refine(({ times, least, most }) => least <= times && times <= most, {
    error: '"times" lies between "least" and "most".',
    path: ['times'],
  });

/** What keeps discounts from being farmed, over all rules together. */
const Offers = z.strictObject({
  /** Codes that one shopper is given. */
  perShopper: Limit.optional(),
  /** Codes that go to one address, an IPv4 one or a network of IPv6, in any day. Behind one there may be a household, or a town. */
  perAddress: z.number().int().min(1).max(1_000_000).default(100),
  /** A cart has to be there for so long. */
  minimumCartAge: Duration.optional(),
});

const Settings = z.strictObject({
  /** A cart left alone for so long counts as abandoned. */
  abandonAfter: Duration.default('1h'),
  /** Over all rules together. */
  limit: Limit.optional(),
  /** The least time between two nudges. */
  cooldown: Duration.optional(),
  /** The switch for everything: nothing is shown, and what is shown goes. */
  paused: z.boolean().default(false),
  /** An item of which the shop has so many or fewer left is low in stock. */
  lowStock: z.number().int().min(1).max(1_000).default(5),
  /** After a shopper dismisses a rule's nudge, that rule rests for so long. */
  restAfterDismissal: Duration.default('7d'),
  /** In these nothing promotional is shown. */
  quietHours: QuietHours.optional(),
  /** What a shopper dismisses makes nudges rarer, what helps them makes room for more. */
  fatigue: Fatigue.optional(),
  /** An event that took longer than this to reach the hub, from a page that was offline, brings no nudge about. */
  staleAfter: Duration.default('5m'),
  /** `required`: nothing promotional before the shopper has granted it. Denied consent is always kept to. */
  consent: z.enum(['assumed', 'required']).default('assumed'),
  /** `required`: what pages tell of a shopper is not kept before they have granted it. Denied, it never is. */
  analytics: z.enum(['assumed', 'required']).default('assumed'),
  /** Shoppers who did nothing for so long are erased. Where it is not said, the store keeps them for 400 days. */
  keepShoppers: Duration.optional(),
  /** Where the shop shows the cart, for links back to it. */
  cartPage: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])[^\s\\]*$/, 'A path, such as "/cart".')
    .default('/cart'),
  /** After an order nothing promotional is shown for so long. */
  restAfterPurchase: Duration.optional(),
  /** To so many of a hundred shoppers nothing promotional is shown, so that its effect can be told. */
  holdoutPercent: z.number().min(0).max(50).default(5),
  offers: Offers.prefault({}),
  /**
   * Whose word on orders counts. `server`: what pages tell of one ends reminders, and no more; it is counted, and rules on
   * `purchase` speak, when the shop's server has told it. `page`: for shops whose server tells nothing.
   */
  orders: z.enum(['server', 'page']).default('page'),
  /** Lets any page of the site watch decisions and their reasons. For a shop under development. */
  inspect: z.boolean().default(false),
});

/** Where a site's pages are. */
export const Origins = z.array(Origin).min(1).max(50);

/** What a site may use of each hub that serves other sites, too. */
export const Quota = z.strictObject({
  eventsPerSecond: z.number().int().min(1).max(1_000_000).default(1_000),
  sockets: z.number().int().min(1).max(1_000_000).default(20_000),
});

/** The name of a ready-made journey stands for it. */
const RuleOrJourney = z.preprocess((given, context) => {
  if (typeof given !== 'string') return given;
  const journey = READY_MADE_JOURNEYS.find(({ id }) => id === given);
  if (journey) return journey;
  const ids = READY_MADE_JOURNEYS.map(({ id }) => id);
  const message = `There is no ready-made journey "${given.slice(0, 40)}".${didYouMean(given, ids)}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}, Rule);

/** What an owner may change while the hub runs: everything but the keys and origins. */
export const SiteRules = z
  .array(RuleOrJourney)
  .max(MAX_RULES, `At most ${MAX_RULES} rules.`)
  .superRefine((rules, context) => {
    const seen = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      if (seen.has(rule.id))
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'Used twice.' });
      seen.add(rule.id);
    }
  });

/** One storefront, as its owner writes it down. */
export const SiteFile = z.strictObject({
  id: SiteId,
  publishableKey: z.string().regex(/^pk_[\w-]{2,80}$/, 'A publishable key starts with "pk_".'),
  secretKey: z
    .string()
    .regex(/^sk_[\w-]{8,120}$/, 'A secret key starts with "sk_" and has 8 characters or more.'),
  /** Signs who a shopper is; for shops that have the hub make it, it is not here. */
  identityKey: z
    .string()
    .regex(/^ik_[\w-]{32,120}$/, 'An identity key starts with "ik_" and has 32 characters or more.')
    .optional(),
  origins: Origins,
  currency: Currency,
  timeZone: TimeZone.default('UTC'),
  locale: Locale.default('en'),
  settings: Settings.prefault({}),
  quota: Quota.prefault({}),
  /** Events of the shop's own, beside GA4's. */
  events: z
    .array(CustomEventDefinition)
    .max(MAX_CUSTOM_EVENTS)
    .refine(
      (events) => new Set(events.map(({ name }) => name)).size === events.length,
      'A name is used twice.',
    )
    .default([]),
  /** What the shop's server may say about shoppers. */
  traits: Declared.default({}),
  segments: Segments.default([]),
  products: Products.default([]),
  rules: SiteRules.default([]),
});
export type SiteFile = z.infer<typeof SiteFile>;

/** The same where the hub makes the keys. */
export const SiteWithoutKeys = SiteFile.omit({ publishableKey: true, secretKey: true, identityKey: true });
export type SiteWithoutKeys = z.infer<typeof SiteWithoutKeys>;
