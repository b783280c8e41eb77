import { afterEach, describe, expect, it, vi } from 'vitest';
import { pageFacts } from '../../../widget/page-facts.ts';

afterEach(() => void vi.unstubAllGlobals());

function factsOf(navigator: { userAgent: string; webdriver?: boolean }) {
  vi.stubGlobal('navigator', { language: 'en', ...navigator });
  vi.stubGlobal('location', { search: '', pathname: '/', host: 'shop.example' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' }, referrer: '' });
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  return pageFacts();
}

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

describe('a program is told from a person', () => {
  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (Linux; Android 6.0.1) Chrome/140.0 Mobile Safari/537.36 (compatible; AdsBot-Google-Mobile)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)',
    'Mozilla/5.0 (compatible; Baiduspider/2.0)',
    'facebookexternalhit/1.1',
    CHROME.replace('Chrome', 'HeadlessChrome'),
  ])('by its name: %s', (userAgent) => expect(factsOf({ userAgent })).toMatchObject({ bot: true }));

  it('by its browser, which says that it is driven', () => {
    expect(factsOf({ userAgent: CHROME, webdriver: true })).toMatchObject({ bot: true });
  });

  it.each([
    CHROME,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1',
    'Mozilla/5.0 (Linux; Android 9; CUBOT X19 Build/PPR1) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:140.0) Gecko/20100101 Firefox/140.0',
  ])('and a person is none: %s', (userAgent) =>
    expect(factsOf({ userAgent, webdriver: false })).not.toHaveProperty('bot'),
  );
});
