import { z } from 'zod';

const LOCALE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** As RFC 5646 has it (4.4.1), no tag that is in use is longer. */
const LONGEST_LOCALE = 35;

/** A BCP 47 language tag, such as `en`, `ko` or `de-AT`. */
export const Locale = z
  .string()
  .regex(LOCALE, 'Use a language tag such as "en" or "ko".')
  .refine((tag) => tag.length <= LONGEST_LOCALE, `A language tag has at most ${LONGEST_LOCALE} characters.`);

const MOST_LANGUAGES = 100;

/** Words for shoppers: one text for all, or one per language. */
export const LocalizedText = z.union([
  z.string().min(1).max(500),
  z
    .record(Locale, z.string().min(1).max(500))
    .refine((texts) => Object.keys(texts).length > 0, 'Give at least one language.')
    .refine((texts) => Object.keys(texts).length <= MOST_LANGUAGES, `At most ${MOST_LANGUAGES} languages.`),
]);
export type LocalizedText = z.infer<typeof LocalizedText>;

/** Every text in it, with the path that leads there (empty for a plain string). */
export function textsOf(text: LocalizedText): [path: string, text: string][] {
  return typeof text === 'string' ? [['', text]] : Object.entries(text);
}

/** The text for `locale`: exact tag, then its language, then `fallback`, then the first one there is. */
export function textIn(text: LocalizedText, locale: string, fallback: string): string {
  if (typeof text === 'string') return text;
  const language = locale.split('-')[0] ?? locale;
  return text[locale] ?? text[language] ?? text[fallback] ?? Object.values(text)[0] ?? '';
}
