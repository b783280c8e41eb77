import type { Colour } from '../../../widget/components/contrast/pairs.ts';
import type { Lang } from './samples.ts';

interface OwnThemeWords {
  readonly title: string;
  readonly hint: string;
  readonly colour: Readonly<Record<Colour, string>>;
  readonly ring: string;
  readonly radius: string;
  readonly reset: (what: string) => string;
  readonly copy: string;
  readonly copied: string;
  readonly table: string;
  readonly pair: (of: string, on: string) => string;
  readonly pairs: string;
  readonly scheme: Readonly<Record<'light' | 'dark', string>>;
  readonly enough: string;
  readonly short: (needed: number, better: string | null) => string;
}

export const ownThemeWords: Readonly<Record<Lang, OwnThemeWords>> = {
  en: {
    title: 'Your own theme',
    hint: 'All nudges below follow. Give the accent alone, and what stands on it is chosen to be readable.',
    colour: {
      surface: 'Surface',
      text: 'Text',
      muted: 'Muted text',
      accent: 'Accent',
      'on-accent': 'Text on accent',
      tint: 'Tint',
      link: 'Links',
    },
    ring: 'Ring of the focus',
    radius: 'Roundness',
    reset: (what) => `${what}: as the theme has it`,
    copy: 'Copy CSS',
    copied: 'Copied.',
    table: 'Contrast, by WCAG 2.2 AA',
    pair: (of, on) => `${of} on ${on.toLowerCase()}`,
    pairs: 'Colours',
    scheme: { light: 'Light', dark: 'Dark' },
    enough: 'passes',
    short: (needed, better) => `fails: needs ${needed}${better ? `, ${better} has it` : ''}`,
  },
  ko: {
    title: '나만의 테마',
    hint: '아래 알림에 바로 적용돼요. 강조색만 정하면 그 위의 글자색은 읽기 쉽게 골라 드려요.',
    colour: {
      surface: '바탕',
      text: '글자',
      muted: '흐린 글자',
      accent: '강조색',
      'on-accent': '강조색 위 글자',
      tint: '옅은 바탕',
      link: '링크',
    },
    ring: '초점 테두리',
    radius: '모서리',
    reset: (what) => `${what}: 테마 값으로`,
    copy: 'CSS 복사',
    copied: '복사했어요.',
    table: '명암비 (WCAG 2.2 AA)',
    pair: (of, on) => `${of} / ${on}`,
    pairs: '색',
    scheme: { light: '밝게', dark: '어둡게' },
    enough: '통과',
    short: (needed, better) => `미달: ${needed} 이상${better ? `, ${better} 권장` : ''}`,
  },
};
