import { z } from 'zod';
import { Duration, durationMs } from './duration.ts';
import { RuleId } from './ids.ts';
import { LocalizedText } from './localized-text.ts';
import { SafeUrl } from './product.ts';

export const TRIGGERS = [
  'add_to_cart',
  'view_cart',
  'begin_checkout',
  'cart_idle',
  'exit_intent',
  'purchase',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const NUDGE_KINDS = ['toast', 'countdown', 'recommendation'] as const;
export type NudgeKind = (typeof NUDGE_KINDS)[number];

const Window = Duration.refine((text) => !(durationMs(text) < 1_000), 'At least 1s.');

/** A plain object with all its keys: a zod record would drop `__proto__` unseen. */
const Conditions = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Conditions are an object.',
);

/** At most so many times in any window of that length (rolling, not per calendar day). */
export const Limit = z.strictObject({ times: z.number().int().min(1).max(100), per: Window });
export type Limit = z.infer<typeof Limit>;

const NudgeContent = z.strictObject({
  kind: z.enum(NUDGE_KINDS),
  title: LocalizedText,
  body: LocalizedText.optional(),
  cta: z.strictObject({ label: LocalizedText, href: SafeUrl }).optional(),
  /** How long it stays worth showing; an offer's own `validFor` goes before it. */
  validFor: Duration.optional(),
});

const Offer = z.strictObject({
  percentOff: z.number().int().min(1).max(100),
  validFor: Duration.refine((text) => durationMs(text) >= 10_000, 'An offer is valid for at least 10s.'),
  /** How many codes the whole site may hand out for this rule. */
  budget: z.strictObject({ count: z.number().int().min(1).max(10_000_000) }).optional(),
});
export type Offer = z.infer<typeof Offer>;

/** When (trigger and conditions) -> nudge, with its limits. The conditions' fields are checked by the core. */
export const Rule = z
  .strictObject({
    id: RuleId,
    status: z.enum(['draft', 'published', 'paused']).default('draft'),
    on: z.enum(TRIGGERS),
    /** For `cart_idle`: how long the cart has been left alone. */
    after: Duration.optional(),
    when: Conditions.default({}),
    nudge: NudgeContent,
    offer: Offer.optional(),
    limit: Limit.optional(),
    /** The highest wins when several rules could fire; equal ones by id. */
    priority: z.number().int().min(0).max(100).default(50),
  })
  .superRefine((rule, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    if (rule.on === 'cart_idle' && rule.after === undefined)
      fault('after', 'Say how long the cart must be idle.');
    if (rule.on === 'cart_idle' && durationMs(rule.after ?? '1s') < 1_000) fault('after', 'At least 1s.');
    if (rule.on !== 'cart_idle' && rule.after !== undefined) fault('after', 'Only cart_idle waits.');
    if (rule.nudge.kind === 'countdown' && !rule.offer)
      fault('offer', 'A countdown counts down to an offer.');
    if (rule.nudge.kind !== 'countdown' && rule.offer) fault('offer', 'Only a countdown carries an offer.');
  });
export type Rule = z.infer<typeof Rule>;

export const MAX_RULES = 500;
