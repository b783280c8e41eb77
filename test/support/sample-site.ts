import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ORIGIN = 'http://shop.test';
export const PUBLISHABLE_KEY = 'pk_test';
export const SECRET_KEY = 'sk_test_secret';

type Fields = Readonly<Record<string, unknown>>;

/** A published rule; what a test is about goes into `more`. */
export function rule(id: string, more: Fields): Fields {
  return {
    id,
    status: 'published',
    nudge: { kind: 'toast', title: { en: 'Hello', ko: '안녕하세요' } },
    ...more,
  };
}

export const idleCountdown = rule('idle-cart', {
  on: 'cart_idle',
  after: '1s',
  nudge: { kind: 'countdown', title: 'Still thinking it over?', body: '{{offer.percentOff}} % off' },
  offer: { percentOff: 10, validFor: '15m' },
});

export function site(more: Fields = {}): Fields {
  return {
    id: 'test',
    publishableKey: PUBLISHABLE_KEY,
    secretKey: SECRET_KEY,
    origins: [ORIGIN],
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    settings: { holdoutPercent: 0 },
    ...more,
  };
}

/** Writes the site where a hub can import it. */
export async function siteFile(dir: string, more: Fields = {}): Promise<string> {
  const path = join(dir, 'site.json');
  await writeFile(path, JSON.stringify(site(more)));
  return path;
}
