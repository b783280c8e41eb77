import { z } from 'zod';

/**
 * What a shopper is asked for. `analytics`: to keep what their pages tell of them. `marketing`: to sell to them by nudges.
 * `push`, `email`, `sms`: to write to them there.
 */
export const PURPOSES = ['analytics', 'marketing', 'push', 'email', 'sms'] as const;
export type Purpose = (typeof PURPOSES)[number];

const Word = z.enum(['granted', 'denied']);
export type Word = z.infer<typeof Word>;

const Proof = z.string().min(1).max(100);

/** As `gtag('consent', 'update', …)` has it: a word on one purpose or more, each taken back by itself. */
export const ConsentParams = z
  .object({
    analytics: Word.optional(),
    marketing: Word.optional(),
    push: Word.optional(),
    email: Word.optional(),
    sms: Word.optional(),
    /** Which text they were shown, as its shop numbers them. */
    text: Proof.optional(),
    /** By what they said it: a banner, the checkout, the telephone. */
    how: Proof.optional(),
  })
  .refine((said) => PURPOSES.some((purpose) => said[purpose] !== undefined), {
    error: `Say "granted" or "denied" of ${PURPOSES.join(', ')}.`,
  });
export type ConsentParams = z.infer<typeof ConsentParams>;
