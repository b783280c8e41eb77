import { isKorean } from './choose-words.ts';
import type { PanelWords } from './panel-words.ts';

/** Apart from the words of nudges, since few shoppers open the panel. */
export async function loadPanelWords(locale: string): Promise<PanelWords> {
  return isKorean(locale) ? (await import('./panel-ko.ts')).ko : (await import('./panel-en.ts')).en;
}
