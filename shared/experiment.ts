import { z } from 'zod';
import { RuleId } from './ids.ts';

/** Parts of a rule that are the same for all arms: what the rule is, and when it has its say. */
const FIXED = [
  'id',
  'status',
  'on',
  'threshold',
  'repeat',
  'segment',
  'schedule',
  'class',
  'priority',
  'experiment',
  'holdoutPercent',
  'steps',
  'until',
];

/** One version of the rule. */
const Arm = z.strictObject({
  id: RuleId,
  /** Its share of the shoppers: its weight over the sum of all. */
  weight: z.number().int().min(1).max(1_000).default(1),
  /** What is different, as a JSON merge patch (RFC 7396) on the rule. An empty one is the rule as it is. */
  change: z
    .record(z.string(), z.unknown())
    .default({})
    .superRefine((change, context) => {
      for (const part of Object.keys(change))
        if (FIXED.includes(part))
          context.addIssue({ code: 'custom', path: [part], message: 'This is the same for all arms.' });
    }),
});

/** Shoppers are parted by a stable hash of the experiment's and their own id: whoever comes back finds their arm again. */
export const Experiment = z.strictObject({
  id: RuleId,
  arms: z
    .array(Arm)
    .min(2)
    .max(10)
    .refine((arms) => new Set(arms.map(({ id }) => id)).size === arms.length, 'An id is used twice.'),
});
export type Experiment = z.infer<typeof Experiment>;

/** RFC 7396: objects are merged, null takes away, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), change));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
