import { z } from 'zod';
import { Conditions } from './conditions.ts';
import { didYouMean } from './did-you-mean.ts';
import { Duration, durationMs } from './duration.ts';
import type { Fault } from './errors.ts';
import { NudgeContent } from './nudge-content.ts';
import { Offer } from './offer.ts';

export const CHANNELS = ['in_page', 'push', 'email', 'sms', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

const StepId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use 1 to 40 of a-z, 0-9 and "-".');

/** Where a journey goes on: a step's id, or nowhere. */
const END = 'end';

/** What follows a rule's nudge. Checked anew when it is due. */
export const Step = z.strictObject({
  id: StepId.refine((id) => id !== END, '"end" is what ends a journey.'),
  /** After the step before, or after the rule's own nudge. */
  after: Duration.refine((text) => durationMs(text) >= 1_000, 'At least 1s.'),
  channel: z.enum(CHANNELS).default('in_page'),
  when: Conditions.default({}),
  nudge: NudgeContent,
  offer: Offer.optional(),
  /** Which step follows: the one below, unless told. */
  next: StepId.optional(),
  /** Which step follows when `when` does not hold: as `next`, unless told. */
  otherwise: StepId.optional(),
});
export type Step = z.infer<typeof Step>;

export const MAX_STEPS = 10;
const LONGEST_JOURNEY_MS = durationMs('180d');

export const Steps = z.array(Step).min(1).max(MAX_STEPS, `At most ${MAX_STEPS} steps.`);

/** The ids of the steps that may follow the one at `place`. */
export function followersOf(steps: readonly Step[], place: number): { next: string; otherwise: string } {
  const below = steps[place + 1]?.id ?? END;
  const next = steps[place]?.next ?? below;
  return { next, otherwise: steps[place]?.otherwise ?? next };
}

/** What is wrong with the way through the steps: unknown or repeated ids, circles, steps that nothing leads to. */
export function wayFaults(steps: readonly Step[]): Fault[] {
  const ids = steps.map(({ id }) => id);
  const faults = steps.flatMap((step, place) => [
    ...(ids.indexOf(step.id) < place ? [{ path: `steps.${place}.id`, message: 'Used twice.' }] : []),
    ...unknownTarget(step.next, ids, `steps.${place}.next`),
    ...unknownTarget(step.otherwise, ids, `steps.${place}.otherwise`),
  ]);
  if (faults.length > 0) return faults;
  const reached = new Set<number>();
  const circle = findCircle(steps, ids, 0, [], reached);
  if (circle !== null) return [circle];
  const unreached = ids.findIndex((_, place) => !reached.has(place));
  if (unreached >= 0) return [{ path: `steps.${unreached}`, message: 'No step leads here.' }];
  const lasts = steps.reduce((sum, { after }) => sum + durationMs(after), 0);
  return lasts > LONGEST_JOURNEY_MS ? [{ path: 'steps', message: 'A journey lasts 180 days at most.' }] : [];
}

function unknownTarget(target: string | undefined, ids: readonly string[], path: string): Fault[] {
  if (target === undefined || target === END || ids.includes(target)) return [];
  return [{ path, message: `There is no step "${target}".${didYouMean(target, [...ids, END])}` }];
}

function findCircle(
  steps: readonly Step[],
  ids: readonly string[],
  place: number,
  behind: readonly number[],
  reached: Set<number>,
): Fault | null {
  reached.add(place);
  const { next, otherwise } = followersOf(steps, place);
  for (const [way, target] of [['next', next] as const, ['otherwise', otherwise] as const]) {
    const follower = ids.indexOf(target);
    if (follower < 0) continue;
    if (follower === place || behind.includes(follower))
      return {
        path: `steps.${place}.${way}`,
        message: `This leads back to "${target}": the journey would never end.`,
      };
    const circle = findCircle(steps, ids, follower, [...behind, place], reached);
    if (circle) return circle;
  }
  return null;
}
