import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { Duration, durationMs } from './duration.ts';
import { RuleId } from './ids.ts';
import { LocalizedText } from './localized-text.ts';
import { Amount } from './money.ts';
import { SafeUrl } from './product.ts';
import { isWaiting, TRIGGERS, WAITING_TRIGGERS } from './trigger.ts';

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

const Repeat = z.strictObject({
  of: z.enum(['item', 'category']).default('item'),
  times: z.number().int().min(2).max(60),
  within: Window,
});

const Threshold = z.strictObject({ value: Amount.positive(), within: Amount.positive() });

/** When (trigger and conditions) -> nudge, with its limits. The conditions' fields are checked by the core. */
export const Rule = z
  .strictObject({
    id: RuleId,
    status: z.enum(['draft', 'published', 'paused']).default('draft'),
    on: z.enum(TRIGGERS, { error: ({ input }) => unknownTrigger(input) }),
    /** For `cart_idle`, `checkout_stalled` and `cart_dwell`: how long it must have lasted. */
    after: Duration.optional(),
    /** For `repeat_view`: at which view of the same item, or of its category, within so long. */
    repeat: Repeat.optional(),
    /** For `cart_threshold`: fires as the cart comes within so much of the value. */
    threshold: Threshold.optional(),
    when: Conditions.default({}),
    nudge: NudgeContent,
    offer: Offer.optional(),
    limit: Limit.optional(),
    /** `transactional`: the shopper waits for it. It passes the site's caps, quiet hours and holdout, and sells nothing. */
    class: z.enum(['promotional', 'transactional']).default('promotional'),
    /** The highest wins when several rules could fire; equal ones by id. */
    priority: z.number().int().min(0).max(100).default(50),
  })
  .superRefine((rule, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    const onlyFor = (on: typeof rule.on, part: 'repeat' | 'threshold', missing: string) => {
      if (rule.on === on && rule[part] === undefined) fault(part, missing);
      if (rule.on !== on && rule[part] !== undefined) fault(part, `Only ${on} has this.`);
    };
    if (isWaiting(rule.on)) {
      if (rule.after === undefined) fault('after', 'Say how long it must have lasted.');
      else if (durationMs(rule.after) < 1_000) fault('after', 'At least 1s.');
    } else if (rule.after !== undefined) {
      fault('after', `Only ${WAITING_TRIGGERS.join(', ')} wait.`);
    }
    onlyFor('repeat_view', 'repeat', 'Say at which view it fires, and within how long.');
    onlyFor('cart_threshold', 'threshold', 'Say which value, and how near the cart must be to it.');
    if (rule.threshold && rule.threshold.within > rule.threshold.value)
      fault('threshold.within', 'Not more than the value itself.');
    if (rule.class === 'transactional' && rule.offer) fault('class', 'An offer is promotional.');
    if (rule.class === 'transactional' && rule.nudge.kind === 'recommendation')
      fault('class', 'A recommendation is promotional.');
    if (rule.nudge.kind === 'countdown' && !rule.offer)
      fault('offer', 'A countdown counts down to an offer.');
    if (rule.nudge.kind !== 'countdown' && rule.offer) fault('offer', 'Only a countdown carries an offer.');
  });
export type Rule = z.infer<typeof Rule>;

function unknownTrigger(input: unknown): string {
  if (typeof input !== 'string') return 'Say which trigger the rule is on, such as "cart_idle".';
  return `Unknown trigger "${input.slice(0, 60)}".${didYouMean(input, TRIGGERS)}`;
}

export const MAX_RULES = 500;
