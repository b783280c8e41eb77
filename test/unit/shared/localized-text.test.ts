import { describe, expect, it } from 'vitest';
import { Locale, LocalizedText, textIn, textsOf } from '../../../shared/localized-text.ts';

const texts = { fr: 'Salut', en: 'Hello', de: 'Hallo', 'de-AT': 'Servus' };

describe('the text for a shopper', () => {
  it.each<[text: LocalizedText, locale: string, fallback: string, expected: string]>([
    ['Hello', 'ko', 'en', 'Hello'],
    [texts, 'de-AT', 'en', 'Servus'],
    [texts, 'de-CH', 'en', 'Hallo'],
    [texts, 'de', 'en', 'Hallo'],
    [texts, 'ko', 'en', 'Hello'],
    [texts, 'ko-KR', 'en', 'Hello'],
    [texts, 'ko', 'ja', 'Salut'],
    [{ ko: '안녕' }, 'en', 'en', '안녕'],
  ])('%j for %s, else %s', (text, locale, fallback, expected) => {
    expect(textIn(text, locale, fallback)).toBe(expected);
  });
});

it('every text has its path', () => {
  expect(textsOf('Hello')).toEqual([['', 'Hello']]);
  expect(textsOf({ en: 'Hello', ko: '안녕' })).toEqual([
    ['en', 'Hello'],
    ['ko', '안녕'],
  ]);
});

describe('what is refused', () => {
  it.each([
    '',
    {},
    { en: '' },
    { English: 'Hello' },
    { en: 5 },
    [],
    'x'.repeat(501),
    { en: 'x'.repeat(501) },
  ])('%.40j is no text', (text) => expect(LocalizedText.safeParse(text).success).toBe(false));

  it.each(['EN', 'english', 'e', 'en_US', 'en-', '', '__proto__', 'constructor'])(
    '%j is no locale',
    (tag) => {
      expect(Locale.safeParse(tag).success).toBe(false);
    },
  );

  it.each(['en', 'ko', 'de-AT', 'zh-Hant-TW', 'fil', 'es-419'])('%s is a locale', (tag) => {
    expect(Locale.safeParse(tag).success).toBe(true);
  });
});
