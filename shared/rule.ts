import { z } from 'zod';
import { Conditions } from './conditions.ts';
import { Cron } from './cron.ts';
import { namedSo } from './custom-event.ts';
import { didYouMean } from './did-you-mean.ts';
import { Duration, durationMs } from './duration.ts';
import type { Fault } from './errors.ts';
import { Experiment, mergePatch } from './experiment.ts';
import { RuleId, SegmentId } from './ids.ts';
import { Steps, wayFaults } from './journey.ts';
import { Amount } from './money.ts';
import { NudgeContent } from './nudge-content.ts';
import { Offer } from './offer.ts';
import { EVENT_TRIGGERS, isWaiting, TRIGGERS, WAITING_TRIGGERS } from './trigger.ts';

export const Window = Duration.refine((text) => !(durationMs(text) < 1_000), 'At least 1s.');

/** At most so many times in any window of that length (rolling, not per calendar day). */
export const Limit = z.strictObject({ times: z.number().int().min(1).max(100), per: Window });
export type Limit = z.infer<typeof Limit>;

const Repeat = z.strictObject({
  of: z.enum(['item', 'category']).default('item'),
  times: z.number().int().min(2).max(60),
  within: Window,
});

const Threshold = z.strictObject({ value: Amount.positive(), within: Amount.positive() });

/** ISO 8601 with its offset, such as `2026-11-27T08:00:00+01:00`. */
const Moment = z.iso.datetime({
  offset: true,
  error: 'Write a time with its offset, like "2026-11-27T08:00:00Z".',
});

/** Names that are not the hub's are those of the site's own events. */
const AnyTrigger = z.union([z.enum(TRIGGERS), namedSo(unknownTrigger)]);

/** What a journey may wait for as its end, beside the site's own events. */
export const JOURNEY_ENDS = [...EVENT_TRIGGERS, 'return_visit', 'cart_recovered'] as const;

/** When (trigger and conditions) -> nudge, with its limits. The conditions' fields are checked by the core. */
export const Rule = z
  .strictObject({
    id: RuleId,
    status: z.enum(['draft', 'published', 'paused', 'archived']).default('draft'),
    on: AnyTrigger,
    /** For `cart_idle`, `checkout_stalled` and `cart_dwell`: how long it must have lasted. */
    after: Duration.optional(),
    /** For `repeat_view`: at which view of the same item, or of its category, within so long. */
    repeat: Repeat.optional(),
    /** For `cart_threshold`: fires as the cart comes within so much of the value. */
    threshold: Threshold.optional(),
    /** For `segment_entered` and `segment_left`: which. */
    segment: SegmentId.optional(),
    /** For `schedule`: when, as cron has it, by the shopper's clock. */
    schedule: Cron.optional(),
    when: Conditions.default({}),
    nudge: NudgeContent,
    offer: Offer.optional(),
    /** What follows the nudge: a journey. */
    steps: Steps.optional(),
    /** What ends the journey, wherever it stands. A journey about a cart ends with the purchase in any case. */
    until: z
      .array(z.union([z.enum(JOURNEY_ENDS), namedSo(unknownTrigger)]))
      .min(1)
      .max(10)
      .optional(),
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
    /** Of a hundred shoppers so many are not shown this rule's nudge, beside those whom the site holds out. */
    holdoutPercent: z.number().min(0).max(50).default(0),
    experiment: Experiment.optional(),
  })
  .superRefine((rule, context) => {
    for (const { path, message } of [
      ...triggerFaults(rule),
      ...contentFaults(rule),
      ...journeyFaults(rule),
      ...armFaults(rule),
    ])
      context.addIssue({ code: 'custom', path: path.split('.'), message });
  });
export type Rule = z.infer<typeof Rule>;

/** One arm's version of a rule, or what is wrong with it: paths are those of the rule. */
export function ruleOfArm(rule: Rule, arm: Experiment['arms'][number]) {
  const { experiment: _, ...common } = rule;
  return Rule.safeParse(mergePatch(common, arm.change));
}

/** The parts that belong to one trigger each, and what is missing without them. */
const PARTS = [
  ['repeat', ['repeat_view'], 'Say at which view it fires, and within how long.'],
  ['threshold', ['cart_threshold'], 'Say which value, and how near the cart must be to it.'],
  ['segment', ['segment_entered', 'segment_left'], 'Say which segment.'],
  ['schedule', ['schedule'], 'Say when, such as "0 10 * * mon-fri".'],
] as const;

function triggerFaults(rule: Rule): Fault[] {
  const faults = PARTS.flatMap(([part, triggers, missing]): Fault[] => {
    const isFor = triggers.some((trigger) => trigger === rule.on);
    if (isFor && rule[part] === undefined) return [{ path: part, message: missing }];
    const have = triggers.length === 1 ? 'has' : 'have';
    return isFor || rule[part] === undefined
      ? []
      : [{ path: part, message: `Only ${triggers.join(' and ')} ${have} this.` }];
  });
  if (isWaiting(rule.on)) {
    if (rule.after === undefined)
      faults.push({ path: 'after', message: 'Say how long it must have lasted.' });
    else if (durationMs(rule.after) < 1_000) faults.push({ path: 'after', message: 'At least 1s.' });
  } else if (rule.after !== undefined) {
    faults.push({ path: 'after', message: `Only ${WAITING_TRIGGERS.join(', ')} wait.` });
  }
  if (rule.threshold && rule.threshold.within > rule.threshold.value)
    faults.push({ path: 'threshold.within', message: 'Not more than the value itself.' });
  return faults;
}

function contentFaults(rule: Rule): Fault[] {
  const faults: Fault[] = [];
  if (rule.class === 'transactional' && rule.offer)
    faults.push({ path: 'class', message: 'An offer is promotional.' });
  if (rule.class === 'transactional' && shows(rule.nudge, 'recommended'))
    faults.push({ path: 'class', message: 'A recommendation is promotional.' });
  if (rule.class === 'transactional' && rule.steps)
    faults.push({ path: 'class', message: 'A journey is promotional.' });
  return [...faults, ...nudgeFaults(rule.nudge, rule.offer, '')];
}

function nudgeFaults(nudge: NudgeContent, offer: Offer | undefined, at: string): Fault[] {
  const faults = partFaults(nudge, at);
  if (nudge.kind === 'countdown' && !offer)
    faults.push({ path: `${at}offer`, message: 'A countdown counts down to an offer.' });
  if (nudge.kind !== 'countdown' && offer)
    faults.push({ path: `${at}offer`, message: 'Only a countdown carries an offer.' });
  if (nudge.kind === 'recommendation' && nudge.items === 'cart')
    faults.push({ path: `${at}nudge.items`, message: 'A recommendation shows what is recommended.' });
  return faults;
}

/** The parts that belong to one kind of nudge each, and what is missing without them. */
const NUDGE_PARTS = [
  ['goal', 'progress', 'Say which value of the cart it leads to.'],
  ['slot', 'inline', 'Say which marked place of the page it fills.'],
  ['look', 'inline', null],
] as const;

function partFaults(nudge: NudgeContent, at: string): Fault[] {
  return NUDGE_PARTS.flatMap(([part, kind, missing]): Fault[] => {
    const path = `${at}nudge.${part}`;
    if (nudge.kind === kind) return missing && nudge[part] === undefined ? [{ path, message: missing }] : [];
    return nudge[part] === undefined ? [] : [{ path, message: `Only ${kind} has this.` }];
  });
}

function journeyFaults({ steps, until }: Rule): Fault[] {
  if (!steps) return until ? [{ path: 'until', message: 'Only a rule with steps has an end.' }] : [];
  return [
    ...wayFaults(steps),
    ...steps.flatMap(({ nudge, offer }, place) => nudgeFaults(nudge, offer, `steps.${place}.`)),
  ];
}

function armFaults(rule: Rule): Fault[] {
  return (rule.experiment?.arms ?? []).flatMap((arm, place) =>
    (ruleOfArm(rule, arm).error?.issues ?? []).map(({ path, message }) => ({
      path: ['experiment', 'arms', place, 'change', ...path].map(String).join('.'),
      message,
    })),
  );
}

function shows({ kind, items }: NudgeContent, what: NudgeContent['items']): boolean {
  return items === what || (kind === 'recommendation' && what === 'recommended');
}

function unknownTrigger(input: unknown): string {
  if (typeof input !== 'string') return 'Say which trigger the rule is on, such as "cart_idle".';
  return `Unknown trigger "${input.slice(0, 60)}".${didYouMean(input, TRIGGERS)}`;
}

export const MAX_RULES = 500;
