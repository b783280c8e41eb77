import type { BrowserContext } from 'playwright';

/** What payloads have done. */
export interface Harm {
  readonly calls: number;
  readonly dialogs: string[];
  /** To other hosts than those of the page. */
  readonly requests: string[];
  /** Of the page's policy, which only reports, so that what it would stop does happen. */
  readonly violations: string[];
  /** Other pages that were opened, or led to. */
  readonly pages: string[];
}

export const NO_HARM: Harm = { calls: 0, dialogs: [], requests: [], violations: [], pages: [] };

/** Nothing inline, nothing from elsewhere, and no text that a script makes markup of; but reported alone. */
export const REPORTED_POLICY = {
  'Content-Security-Policy-Report-Only': [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self' ws:",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types cartbell#lit',
  ].join('; '),
};

/** Watches all pages of a profile from their first moment, and all that they ask for. */
export async function watchForHarm(context: BrowserContext, origin: string): Promise<Harm> {
  const harm = { calls: 0, dialogs: [], requests: [], violations: [], pages: [] } as Harm & { calls: number };
  await context.exposeFunction('__harm', (violation: string | null) => {
    if (violation === null) harm.calls++;
    else harm.violations.push(violation);
  });
  await context.addInitScript(() => {
    const { __harm } = window as unknown as { __harm: (violation: string | null) => void };
    Object.defineProperty(window, '__pwned', { value: () => __harm(null) });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      __harm(`${violatedDirective} ${blockedURI} ${sample}`),
    );
  });
  context.on('dialog', (dialog) => {
    harm.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === origin || url.protocol === 'data:' || url.protocol === 'about:';
    if (!isOwn) harm.requests.push(request.url());
  });
  context.on('page', (page) => {
    page.on('framenavigated', (frame) => {
      const isOwn =
        frame.parentFrame() !== null || frame.url().startsWith(origin) || frame.url() === 'about:blank';
      if (!isOwn) harm.pages.push(frame.url());
    });
  });
  return harm;
}
