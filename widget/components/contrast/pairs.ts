import { contrast, nearestReadable, type Rgb } from './ratio.ts';

/** What a theme is made of; `link` is the accent where it is the colour of words or of the ring around what has the focus. */
export type Colour = 'surface' | 'text' | 'muted' | 'accent' | 'on-accent' | 'tint' | 'link';
export type Colours = Readonly<Record<Colour, Rgb>>;

export interface Pair {
  readonly of: Colour;
  readonly on: Colour;
  /** WCAG 2.2 AA: 4.5 for words (1.4.3), 3 for what else has to be seen (1.4.11). */
  readonly needed: 4.5 | 3;
}

/**
 * Each two colours that meet in some nudge, in the panel or in the bell. Lines only part what space parts already, and how
 * far a cart has come stands beside its bar in words: neither needs a contrast.
 */
export const PAIRS: readonly Pair[] = [
  { of: 'text', on: 'surface', needed: 4.5 },
  { of: 'text', on: 'tint', needed: 4.5 },
  { of: 'muted', on: 'surface', needed: 4.5 },
  { of: 'muted', on: 'tint', needed: 4.5 },
  { of: 'on-accent', on: 'accent', needed: 4.5 },
  { of: 'link', on: 'surface', needed: 4.5 },
  { of: 'link', on: 'tint', needed: 4.5 },
];
/** Of the focus; the same colour as a link, and told apart since less is enough for it. */
export const RING: Pair = { of: 'link', on: 'surface', needed: 3 };

export interface Judged {
  readonly pair: Pair;
  readonly ratio: number;
  readonly isEnough: boolean;
  /** In place of the first of the two; null where that is enough, or no lightness would do. */
  readonly better: Rgb | null;
}

export function judge(colours: Colours): readonly Judged[] {
  return [...PAIRS, RING].map((pair) => {
    const [one, other] = [colours[pair.of], colours[pair.on]];
    const ratio = contrast(one, other);
    const isEnough = ratio >= pair.needed;
    return { pair, ratio, isEnough, better: isEnough ? null : nearestReadable(one, other, pair.needed) };
  });
}

/** The custom property that an owner sets it by. */
export function propertyOf(colour: Colour): string {
  return `--cartbell-${colour === 'link' ? 'accent' : colour}`;
}

/** Cut, not rounded: 4.49 is not enough. */
export function ratioInWords(ratio: number): string {
  return (Math.floor(ratio * 100) / 100).toFixed(2);
}
