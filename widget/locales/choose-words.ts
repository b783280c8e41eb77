import type { Words } from './words.ts';

/** A shopper loads one language. `locale`: BCP 47; what is not Korean is English. */
export async function loadWords(locale: string): Promise<Words> {
  return isKorean(locale) ? (await import('./ko.ts')).ko : (await import('./en.ts')).en;
}

export function isKorean(locale: string): boolean {
  return /^ko\b/.test(locale);
}
