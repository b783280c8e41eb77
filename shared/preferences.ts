import { z } from 'zod';
import { Duration } from './duration.ts';
import { NUDGE_KINDS } from './nudge-kinds.ts';
import { QuietHours } from './quiet-hours.ts';

/** Rules that a shopper may have had enough of. */
export const MOST_LESS_OF = 50;

/** A rule's id, or that of a nudge's step, as `rule/step`. */
const RuleOfNudge = z.string().max(200);

/** How a shopper wants to be treated; only what is given changes, and null takes a wish back. */
export const PreferencesParams = z.object({
  doNotDisturb: z.boolean().optional(),
  /** No nudges that sell for so long from now. */
  snooze: Duration.nullable().optional(),
  quietHours: QuietHours.nullable().optional(),
  /** One nudge a day at most. */
  fewer: z.boolean().optional(),
  /** Kinds that are not wanted: the whole list. */
  without: z.array(z.enum(NUDGE_KINDS)).max(NUDGE_KINDS.length).optional(),
  /** No more of this rule; null: of every rule again. */
  lessOf: RuleOfNudge.nullable().optional(),
});

/** As the hub has them, told to each page that it welcomes. */
export const Preferences = z.object({
  doNotDisturb: z.boolean(),
  /** Milliseconds since 1970 by the hub's clock. */
  snoozedUntil: z.number().nullable(),
  quietHours: QuietHours.nullable(),
  fewer: z.literal(true).optional(),
  without: z.array(z.enum(NUDGE_KINDS)).readonly().optional(),
  lessOf: z.array(RuleOfNudge).max(MOST_LESS_OF).readonly().optional(),
});
export type Preferences = Readonly<z.infer<typeof Preferences>>;
export type PreferencesParams = z.infer<typeof PreferencesParams>;
