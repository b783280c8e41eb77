import type { BrowserContext, Frame } from 'playwright';

/** What a page saw of the widget that nobody should have to see, and what it was told. */
interface Seen {
  readonly violations: string[];
  readonly shifts: string[];
  /** Kinds of nudges, each when it was displayed. */
  readonly displayed: string[];
}

type Watched = Window & { witness: Seen };
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Watches each page of this profile from its first moment. */
export async function watchPages(profile: BrowserContext): Promise<void> {
  await profile.addInitScript(() => {
    const seen: Seen = { violations: [], shifts: [], displayed: [] };
    Object.assign(window, { witness: seen });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      seen.violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`),
    );
    addEventListener('cartbell:displayed', (event) =>
      seen.displayed.push((event as CustomEvent<{ kind: string }>).detail.kind),
    );
    // Before anything of the widget's is on the page, what moves there is the shop's: parts of it may come late on a busy machine.
    let paintedAt = Number.POSITIVE_INFINITY;
    new MutationObserver((_, watch) => {
      if (!document.querySelector('cart-bell')) return;
      paintedAt = performance.now();
      watch.disconnect();
    }).observe(document, { childList: true, subtree: true });
    // What a new size of the window moves is no shift. The browser leaves it out for half a second by its own clock, which a
    // busy machine takes to the next frame; and a shopper's own presses, after which nothing here must shift either.
    let resizedAt = Number.NEGATIVE_INFINITY;
    addEventListener('resize', () => (resizedAt = performance.now()));
    new PerformanceObserver((list) => {
      for (const { value, sources, startTime } of list.getEntries() as LayoutShift[])
        if (startTime >= paintedAt && Math.abs(startTime - resizedAt) > 500)
          seen.shifts.push(`${value.toFixed(4)} by ${sources.map(({ node }) => node?.nodeName).join(' ')}`);
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

export function seenBy(frame: Frame): Promise<Seen> {
  return frame.evaluate(() => (window as unknown as Watched).witness);
}
