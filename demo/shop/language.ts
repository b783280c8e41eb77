import type { LocalText } from './catalogue.ts';
import { recall, remember } from './storage.ts';

export type Language = 'en' | 'ko';

const STORAGE_KEY = 'shop_lang';

function isLanguage(value: string | null): value is Language {
  return value === 'en' || value === 'ko';
}

function chooseLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) {
    remember('local', STORAGE_KEY, asked);
    return asked;
  }
  const kept = recall('local', STORAGE_KEY);
  if (isLanguage(kept)) return kept;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export const language: Language = chooseLanguage();

document.documentElement.lang = language;

export function inLanguage(text: LocalText): string {
  return text[language];
}

export function urlInLanguage(other: Language): string {
  const url = new URL(location.href);
  url.searchParams.set('lang', other);
  return url.pathname + url.search;
}
