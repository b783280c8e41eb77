import { z } from 'zod';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of day like "21:30".');

/** By the clock where the shopper is; from `21:00` to `08:00` goes over midnight. */
export const QuietHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from !== to, {
    error: 'Quiet hours end at another time than they begin.',
    path: ['to'],
  });
export type QuietHours = z.infer<typeof QuietHours>;
