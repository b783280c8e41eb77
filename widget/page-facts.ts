const LONGEST_TEXT = 100;
const LONGEST_PATH = 2_000;
/** Narrower than this a screen that is touched is a phone's. */
const PHONE_PX = 600;
/** How crawlers and their like name themselves. A phone called Cubot is not among them. */
const BOT = /bot[/;-]|crawl|spider|slurp|mediapartners|inspectiontool|externalhit|lighthouse|headless/i;

/** What rules may ask of a page. No address with its query, and nothing that was typed. */
export function pageFacts(): Record<string, unknown> {
  const query = new URLSearchParams(location.search);
  const utm = Object.fromEntries(
    ['source', 'medium', 'campaign'].flatMap((name) => {
      const value = query.get(`utm_${name}`);
      return value ? [[name, value.slice(0, LONGEST_TEXT)]] : [];
    }),
  );
  const referrer = referrerHost();
  return {
    locale: pageLocale(),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    device: device(),
    ...(navigator.webdriver || BOT.test(navigator.userAgent) ? { bot: true } : {}),
    path: location.pathname.slice(0, LONGEST_PATH),
    ...(referrer ? { referrer } : {}),
    ...(Object.keys(utm).length > 0 ? { utm } : {}),
  };
}

export function pageLocale(): string {
  const tag = document.documentElement.lang || navigator.language;
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : 'en';
}

function device(): 'desktop' | 'mobile' | 'tablet' {
  if (!matchMedia('(pointer: coarse)').matches) return 'desktop';
  return Math.min(screen.width, screen.height) < PHONE_PX ? 'mobile' : 'tablet';
}

function referrerHost(): string | undefined {
  const host = /^https?:\/\/([^/]+)/.exec(document.referrer)?.[1];
  return host === location.host ? undefined : host?.slice(0, LONGEST_TEXT);
}
