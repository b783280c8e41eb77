import { z } from 'zod';
import { Duration } from './duration.ts';
import { LocalizedText } from './localized-text.ts';
import { SafeUrl } from './product.ts';

export const NUDGE_KINDS = ['toast', 'countdown', 'recommendation'] as const;
export type NudgeKind = (typeof NUDGE_KINDS)[number];

/** What a nudge says, as its owner writes it. */
export const NudgeContent = z.strictObject({
  kind: z.enum(NUDGE_KINDS),
  title: LocalizedText,
  body: LocalizedText.optional(),
  cta: z.strictObject({ label: LocalizedText, href: SafeUrl }).optional(),
  /** Products shown with it. A recommendation shows recommended ones anyway. */
  items: z.enum(['cart', 'recommended']).optional(),
  /** How long it stays worth showing; an offer's own `validFor` goes before it. */
  validFor: Duration.optional(),
});
export type NudgeContent = z.infer<typeof NudgeContent>;
