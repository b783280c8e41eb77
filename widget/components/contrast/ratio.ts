/** In sRGB, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** From 1, the same, to 21, black on white (WCAG 2.2, 1.4.3). */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative to white's, which is 1. */
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function hex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** So many steps of lightness are looked at between black and white. */
const STEPS = 400;

/** The colour itself, lighter or darker by as little as makes it `needed` to 1 on the other; null where nothing does. */
export function nearestReadable(colour: Rgb, on: Rgb, needed: number): Rgb | null {
  const [lightness, a, b] = toOklab(colour);
  let nearest: { distance: number; found: Rgb } | null = null;
  for (let step = 0; step <= STEPS; step++) {
    const distance = Math.abs(step / STEPS - lightness);
    if (nearest && nearest.distance <= distance) continue;
    const found = fitting(step / STEPS, a, b);
    if (contrast(found, on) >= needed) nearest = { distance, found };
  }
  return nearest?.found ?? null;
}

/** As colourful as a screen can show it in that lightness. */
function fitting(lightness: number, a: number, b: number): Rgb {
  for (let share = 1; share > 0; share -= 0.05) {
    const channels = fromOklab(lightness, a * share, b * share);
    if (channels.every((channel) => channel > -0.001 && channel < 1.001)) return rounded(channels);
  }
  return rounded(fromOklab(lightness, 0, 0));
}

function rounded([red, green, blue]: Triple): Rgb {
  return [byteOf(red), byteOf(green), byteOf(blue)];
}

type Triple = readonly [number, number, number];

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function byteOf(light: number): number {
  const clipped = Math.min(1, Math.max(0, light));
  return Math.round(255 * (clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

// Björn Ottosson's OKLab, in which the same step of lightness looks the same in every hue.

function toOklab(colour: Rgb): Triple {
  const [red, green, blue] = [linear(colour[0]), linear(colour[1]), linear(colour[2])];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab(lightness: number, a: number, b: number): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
