import { z } from 'zod';
import { Duration } from './duration.ts';
import { SiteId } from './ids.ts';
import { Locale } from './localized-text.ts';
import { Currency } from './money.ts';
import { Products } from './product.ts';
import { Limit, MAX_RULES, Rule } from './rule.ts';

const Origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'An origin is like "https://shop.example", without a path.');

const TimeZone = z.string().refine(isTimeZone, 'Use an IANA time zone such as "Europe/Berlin".');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of day like "21:30".');

/** By the clock where the shopper is; from `21:00` to `08:00` goes over midnight. */
const QuietHours = z.strictObject({ from: TimeOfDay, to: TimeOfDay }).refine(({ from, to }) => from !== to, {
  error: 'Quiet hours end at another time than they begin.',
  path: ['to'],
});

const Settings = z.strictObject({
  /** A cart left alone for so long counts as abandoned. */
  abandonAfter: Duration.default('1h'),
  /** Over all rules together. */
  limit: Limit.optional(),
  /** The least time between two nudges. */
  cooldown: Duration.optional(),
  /** After a shopper dismisses a rule's nudge, that rule rests for so long. */
  restAfterDismissal: Duration.default('7d'),
  /** In these nothing promotional is shown. */
  quietHours: QuietHours.optional(),
  /** After an order nothing promotional is shown for so long. */
  restAfterPurchase: Duration.optional(),
  /** To so many of a hundred shoppers nothing promotional is shown, so that its effect can be told. */
  holdoutPercent: z.number().min(0).max(50).default(5),
  /** Lets any page of the site watch decisions and their reasons. For a shop under development. */
  inspect: z.boolean().default(false),
});

/** What an owner may change while the hub runs: everything but the keys and origins. */
export const SiteRules = z
  .array(Rule)
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
  products: Products.default([]),
  rules: SiteRules.default([]),
});
export type SiteFile = z.infer<typeof SiteFile>;
