import type { Start } from './start.ts';

/**
 * What the shop's tag loads. Small and quick: it keeps calls that come early, and fetches the rest when the page is
 * idle. It runs as a classic script and as a module alike, so it has no static import and leaks no name but `cartbell`.
 */
(() => {
  /** The build puts the file that does the work here, and what it calls `start`. */
  const START_FILE = '__CARTBELL_START_FILE__';
  const START = '__CARTBELL_START__';

  const MOST_EARLY_CALLS = 200;

  type Call = (...call: unknown[]) => void;
  const page = window as Window & { cartbell?: Call & { q?: ArrayLike<unknown>[] } };
  const script =
    document.currentScript ?? document.querySelector<HTMLScriptElement>('script[src*="/cartbell.js"]');
  const src = script instanceof HTMLScriptElement ? script.src : '';
  const { site: siteOfTag, consent } = script instanceof HTMLElement ? script.dataset : {};

  if (!page.cartbell) {
    const calls: ArrayLike<unknown>[] = [];
    const keep = (...call: unknown[]) => void (calls.length < MOST_EARLY_CALLS && calls.push(call));
    page.cartbell = Object.assign(keep, { q: calls });
  }

  const load = async () => {
    try {
      const host = document.querySelector<HTMLElement>('cart-bell') ?? document.createElement('cart-bell');
      const site = host.getAttribute('site') ?? siteOfTag;
      if (!site) return awaitElement();
      // In a body that spreads its parts one more would move the others.
      host.style.setProperty('position', 'fixed', 'important');
      if (!host.isConnected) document.body.append(host);
      const base = new URL(src || (host.getAttribute('hub') ?? ''), location.href);
      // Absolute, since in a classic script of another origin a relative import has nothing to be relative to.
      const part = (await import(/* @vite-ignore */ new URL(START_FILE, base).href)) as Record<string, Start>;
      const hub = new URL(host.getAttribute('hub') ?? src, location.href).origin;
      part[START]?.({
        host,
        site,
        hub,
        needsConsent: (host.getAttribute('consent') ?? consent) === 'required',
      });
    } catch (error) {
      console.debug('Cartbell:', error);
    }
  };
  /** Where a framework draws the page, the element may come long after the tag. */
  const awaitElement = () => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('cart-bell[site]')) return;
      observer.disconnect();
      void load();
    });
    observer.observe(document, { childList: true, subtree: true });
  };
  const whenIdle = () => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => void load(), { timeout: 2_000 });
    else setTimeout(() => void load(), 200);
  };
  const whenParsed = () => {
    if (document.body && document.readyState !== 'loading') whenIdle();
    else document.addEventListener('DOMContentLoaded', whenIdle, { once: true });
  };
  // A shopper whose browser sends Global Privacy Control is left alone: nothing is stored, nothing is sent.
  if ((navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl) return;
  // A prerendered page may never be seen.
  if ((document as Document & { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', whenParsed, { once: true });
  } else {
    whenParsed();
  }
})();
