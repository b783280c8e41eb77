import { z } from 'zod';
import { Duration, durationMs } from './duration.ts';
import { ItemId } from './item.ts';
import { Amount } from './money.ts';

/** What a code is worth: exactly one of these. */
export const BENEFITS = ['percentOff', 'amountOff', 'freeShipping', 'gift', 'points'] as const;

const Budget = z
  .strictObject({
    /** How many codes the whole site may hand out for this rule. */
    count: z.number().int().min(1).max(10_000_000).optional(),
    /** What all of them together may cost, in the site's currency. */
    amount: Amount.positive().optional(),
  })
  .refine(
    ({ count, amount }) => count !== undefined || amount !== undefined,
    'Give a count, an amount or both.',
  );

export const Offer = z
  .strictObject({
    percentOff: z.number().int().min(1).max(100).optional(),
    amountOff: Amount.positive().optional(),
    freeShipping: z.literal(true).optional(),
    /** The item_id of what is given. */
    gift: ItemId.optional(),
    points: z.number().int().min(1).max(1_000_000).optional(),
    /** From which value of the order on the code is good. */
    minimum: Amount.positive().optional(),
    validFor: Duration.refine((text) => durationMs(text) >= 10_000, 'An offer is valid for at least 10s.'),
    budget: Budget.optional(),
    /** What one code costs the shop, where that does not follow from the cart: free shipping, points. */
    cost: Amount.optional(),
    /** Made only while the cart keeps at least so much of its price, in percent, after the offer and what its items cost. */
    marginFloor: z.number().min(0).max(100).optional(),
  })
  .superRefine((offer, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const given = BENEFITS.filter((benefit) => offer[benefit] !== undefined);
    if (given.length !== 1)
      fault([given[1] ?? ''].filter(Boolean), `An offer has one of ${BENEFITS.join(', ')}.`);
    const isCostKnown =
      offer.percentOff !== undefined || offer.amountOff !== undefined || offer.gift !== undefined;
    const needsCost = offer.budget?.amount !== undefined || offer.marginFloor !== undefined;
    if (needsCost && !isCostKnown && offer.cost === undefined)
      fault(['cost'], 'Say what one costs the shop: a budget of money or a margin can’t be kept otherwise.');
    if (isCostKnown && offer.cost !== undefined) fault(['cost'], 'What this costs follows from the cart.');
  });
export type Offer = z.infer<typeof Offer>;
