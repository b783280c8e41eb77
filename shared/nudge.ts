import { z } from 'zod';
import { NudgeId } from './ids.ts';
import { Amount, Currency } from './money.ts';
import { LOOKS } from './nudge-content.ts';
import { NUDGE_KINDS } from './nudge-kinds.ts';

/** A product as a page may show it: name in the shopper's language, price in the site's currency. */
const ShownItem = z.object({
  item_id: z.string(),
  item_name: z.string(),
  price: Amount,
  currency: Currency,
  /** The lowest price of the 30 days before it was reduced; only where it is known and higher. */
  was: Amount.optional(),
  /** Pieces, for an item in the cart. */
  quantity: z.number().int().optional(),
  url: z.string(),
  image: z.string().optional(),
});

/** A promise that the hub keeps until its deadline. Exactly one of the benefits is there. */
const ShownOffer = z.object({
  code: z.string(),
  expiresAt: z.number(),
  percentOff: z.number().optional(),
  amountOff: Amount.optional(),
  freeShipping: z.literal(true).optional(),
  gift: z.string().optional(),
  points: z.number().optional(),
  /** From which value of the order on it is good. */
  minimum: Amount.optional(),
  /** Currency of the amounts. */
  currency: Currency,
  /** An algorithm chose this shopper for it by what is known of them. */
  personalised: z.literal(true).optional(),
});
export type ShownOffer = z.infer<typeof ShownOffer>;

/** One message to one shopper, ready to paint: words already in the shopper's language. */
export const Nudge = z.object({
  id: NudgeId,
  /** Counts up over all that the hub tells this shopper's pages. */
  seq: z.number().int(),
  kind: z.enum(NUDGE_KINDS),
  /** Its rule's id; a step of a journey goes by `rule/step`. */
  rule: z.string(),
  priority: z.number().int(),
  title: z.string(),
  body: z.string().optional(),
  cta: z.object({ label: z.string(), href: z.string() }).optional(),
  offer: ShownOffer.optional(),
  items: z.array(ShownItem).optional(),
  /** How far the cart is on its way, told anew whenever that changes. */
  progress: z
    .object({ value: Amount, goal: Amount, currency: Currency, reached: z.string().optional() })
    .optional(),
  /** A purchase ends it, and all that is kept of it on the shopper's device. */
  about: z.literal('cart').optional(),
  slot: z.string().optional(),
  look: z.enum(LOOKS).optional(),
  /** Why the shopper sees this, in their words. */
  why: z.string().optional(),
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
  'paused',
  'declined',
  'moved',
] as const;
export type WithdrawReason = (typeof WITHDRAW_REASONS)[number];
