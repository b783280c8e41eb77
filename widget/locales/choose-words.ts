import { en } from './en.ts';
import { ko } from './ko.ts';
import type { Words } from './words.ts';

export function wordsFor(locale: string): Words {
  return locale.startsWith('ko') ? ko : en;
}
