import { z } from 'zod';
import { Conditions } from './conditions.ts';
import { namedSo } from './custom-event.ts';
import { didYouMean } from './did-you-mean.ts';
import { Duration, durationMs } from './duration.ts';
import { RuleId, SegmentId } from './ids.ts';
import { LocalizedText } from './localized-text.ts';
import { Amount } from './money.ts';
import { SafeUrl } from './product.ts';
import { isWaiting, TRIGGERS, WAITING_TRIGGERS } from './trigger.ts';

export const NUDGE_KINDS = ['toast', 'countdown', 'recommendation'] as const;
export type NudgeKind = (typeof NUDGE_KINDS)[number];

export const Window = Duration.refine((text) => !(durationMs(text) < 1_000), 'At least 1s.');

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

/** ISO 8601 with its offset, such as `2026-11-27T08:00:00+01:00`. */
const Moment = z.iso.datetime({
  offset: true,
  error: 'Write a time with its offset, like "2026-11-27T08:00:00Z".',
});

const Threshold = z.strictObject({ value: Amount.positive(), within: Amount.positive() });

/** When (trigger and conditions) -> nudge, with its limits. The conditions' fields are checked by the core. */
export const Rule = z
  .strictObject({
    id: RuleId,
    status: z.enum(['draft', 'published', 'paused', 'archived']).default('draft'),
    /** Names that are not the hub's are those of the site's own events. */
    on: z.union([z.enum(TRIGGERS), namedSo(unknownTrigger)]),
    /** For `cart_idle`, `checkout_stalled` and `cart_dwell`: how long it must have lasted. */
    after: Duration.optional(),
    /** For `repeat_view`: at which view of the same item, or of its category, within so long. */
    repeat: Repeat.optional(),
    /** For `cart_threshold`: fires as the cart comes within so much of the value. */
    threshold: Threshold.optional(),
    /** For `segment_entered` and `segment_left`: which. */
    segment: SegmentId.optional(),
    when: Conditions.default({}),
    nudge: NudgeContent,
    offer: Offer.optional(),
    limit: Limit.optional(),
    /** In place of the site's: an event older than this has lost its say. */
    staleAfter: Window.optional(),
    /** The rule has its say from then on, and until then. */
    from: Moment.optional(),
    to: Moment.optional(),
    /** `transactional`: the shopper waits for it. It passes the site's caps, quiet hours and holdout, and sells nothing. */
    class: z.enum(['promotional', 'transactional']).default('promotional'),
    /** The highest wins when several rules could fire; equal ones by id. */
    priority: z.number().int().min(0).max(100).default(50),
  })
  .superRefine((rule, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    const onlyFor = (
      part: 'repeat' | 'threshold' | 'segment',
      missing: string,
      ...on: (typeof rule.on)[]
    ) => {
      const isFor = on.includes(rule.on);
      if (isFor && rule[part] === undefined) fault(part, missing);
      if (!isFor && rule[part] !== undefined)
        fault(part, `Only ${on.join(' and ')} ${on.length === 1 ? 'has' : 'have'} this.`);
    };
    if (isWaiting(rule.on)) {
      if (rule.after === undefined) fault('after', 'Say how long it must have lasted.');
      else if (durationMs(rule.after) < 1_000) fault('after', 'At least 1s.');
    } else if (rule.after !== undefined) {
      fault('after', `Only ${WAITING_TRIGGERS.join(', ')} wait.`);
    }
    onlyFor('repeat', 'Say at which view it fires, and within how long.', 'repeat_view');
    onlyFor('threshold', 'Say which value, and how near the cart must be to it.', 'cart_threshold');
    onlyFor('segment', 'Say which segment.', 'segment_entered', 'segment_left');
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
