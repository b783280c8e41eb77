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
  /** After an order nothing promotional is shown for so long. */
  restAfterPurchase: Duration.optional(),
  /** To so many of a hundred shoppers nothing promotional is shown, so that its effect can be told. */
  holdoutPercent: z.number().min(0).max(50).default(5),
  /** Lets any page of the site watch decisions and their reasons. For a shop under development. */
  inspect: z.boolean().default(false),
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
  origins: z.array(Origin).min(1).max(50),
  currency: Currency,
  timeZone: TimeZone.default('UTC'),
  locale: Locale.default('en'),
  settings: Settings.prefault({}),
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
