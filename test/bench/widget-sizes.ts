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
const late =
  /\b(recommendation-strip|progress-meter|edge-bar|filled-slots|more-menu|message-panel|bell-button|panel-ko)-/;
const ofNudges = /\b(painter|theme|choose-words|offer-countdown|message-centre|ko)-/;

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
    firstLoad: size(
      'without a nudge',
      (name) => !ofEnglish.test(name) && !late.test(name) && !ofNudges.test(name),
    ),
    firstNudge: size('with the first nudge', (name) => !ofEnglish.test(name) && !late.test(name)),
    everything: size('everything, in one language', (name) => !ofEnglish.test(name)),
  };
}
