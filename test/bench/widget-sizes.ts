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

/** What a shop's pages download, as `gzip -9` makes it. */
export function widgetSizes(): { tag: WidgetSize; firstLoad: WidgetSize; everything: WidgetSize } {
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
    firstLoad: size('first load without a nudge', (name) =>
      /^(cartbell\.js|cartbell\/(start|socket-transport)-[^/]+)$/.test(name),
    ),
    everything: size('everything', () => true),
  };
}
