import { z } from 'zod';
import { NudgeId, RuleId } from './ids.ts';
import { Amount, Currency } from './money.ts';
import { NUDGE_KINDS } from './rule.ts';

/** A product as a page may show it: name in the shopper's language, price in the site's currency. */
const ShownItem = z.object({
  item_id: z.string(),
  item_name: z.string(),
  price: Amount,
  currency: Currency,
  url: z.string(),
  image: z.string().optional(),
});

/** One message to one shopper, ready to paint: words already in the shopper's language. */
export const Nudge = z.object({
  id: NudgeId,
  /** Counts up over all that the hub tells this shopper's pages. */
  seq: z.number().int(),
  kind: z.enum(NUDGE_KINDS),
  rule: RuleId,
  priority: z.number().int(),
  title: z.string(),
  body: z.string().optional(),
  cta: z.object({ label: z.string(), href: z.string() }).optional(),
  offer: z.object({ code: z.string(), percentOff: z.number(), expiresAt: z.number() }).optional(),
  items: z.array(ShownItem).optional(),
  /** Milliseconds since 1970 by the hub's clock; past it nobody paints this. */
  expiresAt: z.number(),
});
export type Nudge = z.infer<typeof Nudge>;

/** Why a nudge leaves the screen. `moved`: another tab of the shopper paints it now. */
export const WITHDRAW_REASONS = [
  'purchased',
  'dismissed',
  'clicked',
  'expired',
  'spent',
  'replaced',
  'moved',
] as const;
export type WithdrawReason = (typeof WITHDRAW_REASONS)[number];
