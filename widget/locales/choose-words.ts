import type { PanelWords } from './panel-words.ts';
import type { Words } from './words.ts';

/** A shopper loads one language. `locale`: BCP 47; what is not Korean is English. */
export async function loadWords(locale: string): Promise<Words> {
  return isKorean(locale) ? (await import('./ko.ts')).ko : (await import('./en.ts')).en;
}

export async function loadPanelWords(locale: string): Promise<PanelWords> {
  return isKorean(locale) ? (await import('./panel-ko.ts')).ko : (await import('./panel-en.ts')).en;
}

function isKorean(locale: string): boolean {
  return /^ko\b/.test(locale);
}
