import { judge, type Judged, propertyOf, ratioInWords } from './pairs.ts';
import { hex } from './ratio.ts';
import { coloursOf, type Scheme } from './theme-colours.ts';

/**
 * For developers of a shop, and loaded by nobody else: `import('https://hub.example/check-theme.js')` in the console says
 * which colours of the page's theme are too close to each other to be read, and what would do.
 */
export function checkTheme(): void {
  const host = document.querySelector<HTMLElement>('cart-bell');
  const faults = host ? (['light', 'dark'] as const).flatMap((scheme) => faultsIn(host, scheme)) : [];
  // A theme that is told to be light or dark is the same in both.
  for (const fault of new Set(faults)) console.warn(`Cartbell: ${fault}`);
  if (!host) console.warn('Cartbell: this page has no cart-bell whose theme could be looked at.');
  else if (faults.length === 0) console.info('Cartbell: the theme can be read, in light and in dark.');
}

function faultsIn(host: HTMLElement, scheme: Scheme): string[] {
  const colours = coloursOf(host, scheme);
  const isFixed = /\b(light|dark)\b/.exec(host.getAttribute('theme') ?? '')?.[1];
  return judge(colours)
    .filter(({ isEnough }) => !isEnough)
    .map(({ pair, ratio, better }: Judged) => {
      const [of, on] = [pair.of, pair.on].map((colour) => `${propertyOf(colour)} (${hex(colours[colour])})`);
      const advice = better ? `, which ${hex(better)} has` : '';
      const what = pair.needed === 3 ? 'the ring around what has the focus' : 'words';
      return `in ${isFixed ?? scheme}, ${of} on ${on} is ${ratioInWords(ratio)} to 1; ${what} need ${pair.needed}${advice}.`;
    });
}

checkTheme();
