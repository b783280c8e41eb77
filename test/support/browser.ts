import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { onTestFinished } from 'vitest';
import { chrome } from './chrome.ts';

let browser: Promise<Browser> | null = null;

/** A fresh profile in the system's Chromium, gone with the test. */
export async function openProfile(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  browser ??= chromium.launch(chrome);
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  return context;
}

/** Ends the browser that the tests of a file share. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** What a page complained about: its own errors and warnings, and policy violations. The network's are apart. */
export function complaintsOf(page: Page): { own: string[]; network: string[] } {
  const complaints = { own: [] as string[], network: [] as string[] };
  page.on('pageerror', (error) => complaints.own.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const isNetwork = /net::ERR|Failed to load resource|WebSocket connection to/.test(message.text());
    complaints[isNetwork ? 'network' : 'own'].push(message.text());
  });
  return complaints;
}

/** As a user has it who looks at one tab of many; automated browsers show all of theirs. */
export const lookAt = (page: Page, isVisible: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isVisible ? 'visible' : 'hidden',
  );
