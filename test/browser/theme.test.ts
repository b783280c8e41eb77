import { afterEach, describe, expect, it, vi } from 'vitest';
import { judge } from '../../widget/components/contrast/pairs.ts';
import { hex } from '../../widget/components/contrast/ratio.ts';
import { coloursOf } from '../../widget/components/contrast/theme-colours.ts';

const ACCENTS = [
  '#ffd500',
  '#ff6a00',
  '#e11d48',
  '#2563eb',
  '#00b37e',
  '#7c7c7c',
  '#111111',
  '#fafafa',
  '#a3e635',
  '#757500',
  'oklch(70% 0.2 310)',
  'rgb(0 120 212)',
];
const SCHEMES = ['light', 'dark'] as const;
const LOOKS = ['', 'plain', 'soft'];

function bell(properties: Readonly<Record<string, string>> = {}, look = ''): HTMLElement {
  const host = document.createElement('cart-bell');
  host.setAttribute('theme', look);
  for (const [name, value] of Object.entries(properties)) host.style.setProperty(`--cartbell-${name}`, value);
  document.body.append(host);
  return host;
}

const faultsOf = (host: HTMLElement) =>
  SCHEMES.flatMap((scheme) =>
    judge(coloursOf(host, scheme))
      .filter(({ isEnough }) => !isEnough)
      .map(({ pair, ratio }) => `${scheme}: ${pair.of} on ${pair.on} ${ratio.toFixed(2)}`),
  );

afterEach(() => document.body.replaceChildren());

describe('an accent that the shop gives alone', () => {
  it.each(ACCENTS)('can be read as %s, in each look, light and dark', (accent) => {
    for (const look of LOOKS) expect(faultsOf(bell({ accent }, look))).toEqual([]);
  });

  it('can be read on a dark surface of the shop’s own, too', () => {
    const dark = { surface: '#101418', text: '#f2f5f7', muted: '#aab4bd' };
    for (const accent of ACCENTS) expect(faultsOf(bell({ ...dark, accent }))).toEqual([]);
  });
});

describe('whoever gives the accent and what stands on it', () => {
  it('is taken at their word', () => {
    const {
      accent,
      link,
      'on-accent': onAccent,
    } = coloursOf(bell({ accent: '#2563eb', 'on-accent': '#fffbea' }), 'light');
    expect([accent, link, onAccent].map(hex)).toEqual(['#2563eb', '#2563eb', '#fffbea']);
  });
});

describe('the looks to begin with', () => {
  it.each([
    ['', ['#1f4d3f', '#ffffff', '#8fd0b4', '#10241d']],
    ['plain', ['#16181d', '#ffffff', '#f3f4f6', '#1b1d21']],
    ['soft', ['#a52a5d', '#ffffff', '#f5a3c4', '#3a1224']],
  ])('stay as they are: "%s"', (look, expected) => {
    const host = bell({}, look);
    const seen = SCHEMES.flatMap((scheme) => {
      const { accent, link, 'on-accent': onAccent } = coloursOf(host, scheme);
      expect(link).toEqual(accent);
      return [hex(accent), hex(onAccent)];
    });
    expect(seen).toEqual(expected);
    expect(faultsOf(host)).toEqual([]);
  });
});

describe('a developer who asks', () => {
  const said = async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const { checkTheme } = await import('../../widget/components/contrast/check-theme.ts');
    warn.mockClear();
    info.mockClear();
    checkTheme();
    const all = [...warn.mock.calls, ...info.mock.calls].map(([line]) => String(line));
    vi.restoreAllMocks();
    return all;
  };

  it('is told which colours are too close, how close, and what would do', async () => {
    bell({ muted: '#999999', surface: '#ffffff', tint: '#ffffff', text: '#111111' }, 'light');
    expect(await said()).toEqual([
      'Cartbell: in light, --cartbell-muted (#999999) on --cartbell-surface (#ffffff) is 2.84 to 1; words need 4.5, which #767676 has.',
      'Cartbell: in light, --cartbell-muted (#999999) on --cartbell-tint (#ffffff) is 2.84 to 1; words need 4.5, which #767676 has.',
    ]);
  });

  it('is told that all is well where it is, and leaves nothing in the page', async () => {
    const host = bell();
    expect(await said()).toEqual(['Cartbell: the theme can be read, in light and in dark.']);
    expect(host.childNodes).toHaveLength(0);
  });
});
