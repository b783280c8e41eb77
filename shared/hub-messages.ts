import { z } from 'zod';
import { ErrorBody } from './errors.ts';
import { NudgeId, TabId } from './ids.ts';
import { Nudge, WITHDRAW_REASONS } from './nudge.ts';
import { Preferences } from './preferences.ts';

const Refusal = z.object({
  ok: z.literal(false),
  error: ErrorBody,
  /** Milliseconds after which the same message may be sent again; absent where it never succeeds. */
  retryAfter: z.number().optional(),
});
export type Refusal = z.infer<typeof Refusal>;

const TrackAck = z.union([
  z.object({ ok: z.literal(true), accepted: z.number().int(), duplicates: z.number().int() }),
  Refusal,
]);
export type TrackAck = z.infer<typeof TrackAck>;

/** `gone`: no longer live. `taken`: another tab has it. */
const ClaimAck = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), reason: z.enum(['gone', 'taken']) }),
  Refusal,
]);
export type ClaimAck = z.infer<typeof ClaimAck>;

const Welcome = z.object({
  shopper: z.string(),
  token: z.string(),
  /** The hub's clock, milliseconds since 1970. */
  now: z.number(),
  /** Changes when the hub's memory does; a page then forgets what it last saw. */
  epoch: z.string(),
  seq: z.number().int(),
  /** Highest `rev` the hub has of this shopper: the page counts on from there. */
  rev: z.number().int(),
  /** All that is live for this shopper; what a page paints and is not here, leaves. */
  nudges: z.array(Nudge),
  preferences: Preferences,
  /** When the shopper last ordered; null: never. */
  orderedAt: z.number().nullable(),
  settings: z.object({ inspect: z.boolean() }),
});
export type Welcome = z.infer<typeof Welcome>;

const OpenAck = z.union([z.object({ ok: z.literal(true), welcome: Welcome }), Refusal]);
export type OpenAck = z.infer<typeof OpenAck>;

const Withdraw = z.object({
  id: NudgeId,
  reason: z.enum(WITHDRAW_REASONS),
  seq: z.number().int(),
  /** The tab that keeps it, where the reason is `moved`. */
  keeper: TabId.optional(),
  /** The tab that said that it is over, where several share the socket: it knows. */
  reporter: TabId.optional(),
});
export type Withdraw = z.infer<typeof Withdraw>;

/** The hub drains: connect again after so many milliseconds, elsewhere if there is an elsewhere. */
const Moving = z.object({ after: z.number() });
export type Moving = z.infer<typeof Moving>;

/** For the inspector: one input, and for each rule it could have fired what became of it. */
const Decision = z.object({
  input: z.string(),
  at: z.number(),
  reasons: z.array(z.record(z.string(), z.unknown())),
});
export type Decision = z.infer<typeof Decision>;

/** Everything the hub may say, by message name. */
export const HUB_MESSAGES = {
  welcome: Welcome,
  nudge: Nudge,
  withdraw: Withdraw,
  moving: Moving,
  decision: Decision,
} as const;

/** What the hub answers to a page's message, by message name. */
export const ACKS = { open: OpenAck, track: TrackAck, claim: ClaimAck } as const;
