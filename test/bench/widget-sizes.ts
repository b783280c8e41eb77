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

/** A shopper loads one language; Korean is the larger. */
const ofEnglish = /\b(panel-)?en-/;
/** What comes with few nudges, or when a shopper asks for it. The largest kind is the countdown. */
const late = /\b(kinds|panel|panel-ko|tabs|consent|identity|recovered-cart|polling)-/;
const ofNudges = /\b(nudge|offer-countdown|ko)-/;
/** Loaded where the shop runs on that platform, */
const ofPlatforms = /\b(follow-platform|shopify|woocommerce|medusa)-/;
/** or has such marks or such a screen. */
const ofSomePages = /\bmarks-/;

/** What a shop's pages download, as `gzip -9` makes it. */
export function widgetSizes(): Record<'tag' | 'firstLoad' | 'firstNudge' | 'everything', WidgetSize> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && name !== 'check-theme.js',
  );
  const size = (what: string, isMeant: (name: string) => boolean): WidgetSize => ({
    what,
    gzipBytes: files
      .filter(isMeant)
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(dir, name)), { level: 9 }).length, 0),
  });
  const isEvery = (name: string) =>
    ![ofEnglish, ofPlatforms, ofSomePages, late].some((one) => one.test(name));
  return {
    tag: size('cartbell.js', (name) => name === 'cartbell.js'),
    firstLoad: size('without a nudge', (name) => isEvery(name) && !ofNudges.test(name)),
    firstNudge: size('with the first nudge', isEvery),
    everything: size(
      'everything but a platform’s cart, in one language',
      (name) => !ofEnglish.test(name) && !ofPlatforms.test(name),
    ),
  };
}
