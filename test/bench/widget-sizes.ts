import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export interface WidgetSize {
  readonly what: string;
  /** Each file compressed by itself, as it travels. */
  readonly gzipBytes: number;
}

const dir = fileURLToPath(new URL('../../dist/widget', import.meta.url));

/** The largest kind is the countdown. */
const ofFewNudges = /\b(recommendation-strip|progress-meter|edge-bar|filled-slots)-/;
const ofNudges =
  /\b(painter|theme|offer-countdown|recommendation-strip|progress-meter|edge-bar|filled-slots)-/;
/** Loaded where the shop runs on that platform, has such marks or such a screen. */
const ofSomePages = /\b(followed-cart|shopify|woocommerce|medusa|product-markup|marked-item|touch-exit)-/;

/** What a shop's pages download, as `gzip -9` makes it. */
export function widgetSizes(): Record<'tag' | 'firstLoad' | 'firstNudge' | 'everything', WidgetSize> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const size = (what: string, isMeant: (name: string) => boolean): WidgetSize => ({
    what,
    gzipBytes: files
      .filter(isMeant)
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(dir, name)), { level: 9 }).length, 0),
  });
  return {
    tag: size('cartbell.js', (name) => name === 'cartbell.js'),
    firstLoad: size('without a nudge', (name) => !ofNudges.test(name) && !ofSomePages.test(name)),
    firstNudge: size('with the first nudge', (name) => !ofFewNudges.test(name) && !ofSomePages.test(name)),
    everything: size('everything', () => true),
  };
}
