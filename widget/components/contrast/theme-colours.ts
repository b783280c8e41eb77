import { theme } from '../theme.ts';
import type { Colour, Colours } from './pairs.ts';
import type { Rgb } from './ratio.ts';

export type Scheme = 'light' | 'dark';

const COLOURS: readonly Colour[] = ['surface', 'text', 'muted', 'accent', 'on-accent', 'tint', 'link'];

/** The colours that a nudge in this element has, as the browser works them out, whether one is up or not. */
export function coloursOf(host: HTMLElement, scheme: Scheme): Colours {
  const probe = document.createElement('div');
  const tree = probe.attachShadow({ mode: 'open' });
  if (theme.styleSheet) tree.adoptedStyleSheets = [theme.styleSheet];
  probe.setAttribute('theme', host.getAttribute('theme') ?? '');
  probe.style.setProperty('color-scheme', scheme);
  const ink = tree.appendChild(document.createElement('span'));
  (host.shadowRoot ?? host).append(probe);
  try {
    const shown = (colour: Colour) => {
      ink.style.color = `var(--bell-${colour})`;
      return getComputedStyle(ink).color;
    };
    const paper = shown('surface');
    return Object.fromEntries(COLOURS.map((colour) => [colour, painted(shown(colour), paper)])) as Record<
      Colour,
      Rgb
    >;
  } finally {
    probe.remove();
  }
}

/** A browser paints every notation that it knows; what is sheer lets the surface through. */
function painted(colour: string, paper: string): Rgb {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  for (const layer of ['#fff', paper, colour]) {
    context.fillStyle = layer;
    context.fillRect(0, 0, 1, 1);
  }
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
