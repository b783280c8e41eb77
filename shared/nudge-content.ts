import { z } from 'zod';
import { Duration } from './duration.ts';
import { LocalizedText } from './localized-text.ts';
import { Amount } from './money.ts';
import { NUDGE_KINDS } from './nudge-kinds.ts';
import { SafeUrl } from './safe-url.ts';

/** The name of a place in the shop's pages, as in `<p data-cartbell-slot="delivery-promise">`. */
export const SlotName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'A slot is named in small letters, digits and dashes, such as "delivery-promise".',
  );

/** `note`: a line with an icon's room. `badges`: the items of the text, parted by `|`, beside one another. `text`: in place of the shop's own words, as on a button. */
export const LOOKS = ['note', 'badges', 'text'] as const;

/** What a nudge says, as its owner writes it. */
export const NudgeContent = z.strictObject({
  kind: z.enum(NUDGE_KINDS),
  title: LocalizedText,
  body: LocalizedText.optional(),
  cta: z.strictObject({ label: LocalizedText, href: SafeUrl }).optional(),
  /** For `progress`: the value of the cart that it leads to, in the site's currency, and what it says once that is reached. */
  goal: z.strictObject({ value: Amount.positive(), reached: LocalizedText.optional() }).optional(),
  /** For `inline`: which marked place it fills, and how. */
  slot: SlotName.optional(),
  look: z.enum(LOOKS).optional(),
  /** Products shown with it. A recommendation shows recommended ones anyway. */
  items: z.enum(['cart', 'recommended']).optional(),
  /** How long it stays worth showing; an offer's own `validFor` goes before it. */
  validFor: Duration.optional(),
});
export type NudgeContent = z.infer<typeof NudgeContent>;
