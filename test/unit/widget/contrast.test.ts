import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Colours, judge, propertyOf, ratioInWords } from '../../../widget/components/contrast/pairs.ts';
import { contrast, hex, nearestReadable, type Rgb } from '../../../widget/components/contrast/ratio.ts';

const rgb = (hexed: string): Rgb => {
  const channel = (at: number) => Number.parseInt(hexed.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
};
const channel = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(channel, channel, channel);

describe('the contrast of two colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    // The greys on either side of what words need on white, and of what else has to be seen needs.
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#949494', '#ffffff', 3.03],
    ['#ff0000', '#ffffff', 4],
    ['#008000', '#ffffff', 5.14],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffff00', '#ffffff', 1.07],
    ['#ffff00', '#000000', 19.56],
  ])('of %s on %s is %d to 1, whichever is on the other', (one, other, ratio) => {
    expect(contrast(rgb(one), rgb(other))).toBeCloseTo(ratio, 2);
    expect(contrast(rgb(other), rgb(one))).toBe(contrast(rgb(one), rgb(other)));
  });
});

describe('the nearest colour that can be read', () => {
  it.each([
    ['#999999', '#ffffff', 4.5, '#767676'],
    ['#767676', '#ffffff', 4.5, '#767676'],
    ['#555555', '#000000', 4.5, '#757575'],
  ])('to %s on %s for %d to 1 is %s', (given, on, needed, found) => {
    const near = nearestReadable(rgb(given), rgb(on), needed);
    const distance = near && Math.abs(near[0] - rgb(found)[0]);
    expect(distance).toBeLessThanOrEqual(1);
  });

  it('is readable on any colour, and there is one for words on all of them', () => {
    fc.assert(
      fc.property(colour, colour, (given, on) => {
        const near = nearestReadable(given, on, 4.5);
        expect(near).not.toBeNull();
        expect(contrast(near ?? on, on)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 200 },
    );
  });

  it('is none where nothing would do', () => {
    expect(nearestReadable(rgb('#808080'), rgb('#777777'), 7)).toBeNull();
  });
});

const good: Record<keyof Colours, string> = {
  surface: '#ffffff',
  text: '#16181d',
  muted: '#595f69',
  accent: '#1f4d3f',
  'on-accent': '#ffffff',
  tint: '#eef3ee',
  link: '#1f4d3f',
};
const faults = (change: Partial<typeof good>) =>
  judge(
    Object.fromEntries(
      Object.entries({ ...good, ...change }).map(([name, value]) => [name, rgb(value)]),
    ) as unknown as Colours,
  )
    .filter(({ isEnough }) => !isEnough)
    .map(({ pair, better }) => [pair.of, pair.on, pair.needed, better !== null]);

describe('a theme', () => {
  it.each([
    ['that can be read', {}, []],
    [
      'with faint words',
      { muted: '#aaaaaa' },
      [
        ['muted', 'surface', 4.5, true],
        ['muted', 'tint', 4.5, true],
      ],
    ],
    ['with white on yellow', { accent: '#ffd500' }, [['on-accent', 'accent', 4.5, true]]],
    [
      'whose links are yellow',
      { link: '#ffd500' },
      [
        ['link', 'surface', 4.5, true],
        ['link', 'tint', 4.5, true],
        ['link', 'surface', 3, true],
      ],
    ],
    [
      'whose links are seen and not read',
      { link: '#8a8a8a', tint: '#ffffff' },
      [
        ['link', 'surface', 4.5, true],
        ['link', 'tint', 4.5, true],
      ],
    ],
  ])('%s is judged pair by pair', (_, change, expected) => {
    expect(faults(change)).toEqual(expected);
  });

  it('is spoken of by the properties that set it', () => {
    expect([propertyOf('on-accent'), propertyOf('link')]).toEqual([
      '--cartbell-on-accent',
      '--cartbell-accent',
    ]);
    expect(hex([0, 128, 255])).toBe('#0080ff');
    // What falls short of 4.5 by a little is not said to be 4.50.
    expect(ratioInWords(4.4999)).toBe('4.49');
  });
});
