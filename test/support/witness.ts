import type { BrowserContext, Frame } from 'playwright';

/** What a page saw of the widget that nobody should have to see, and what it was told. */
interface Seen {
  readonly violations: string[];
  readonly shifts: string[];
  /** Kinds of nudges, each when it was displayed. */
  readonly displayed: string[];
}

interface Shift {
  readonly what: string;
  readonly at: number;
}

/** Times by the page's clock. */
interface Witness extends Omit<Seen, 'shifts'> {
  readonly shifts: Shift[];
  readonly resizedAt: number[];
  paintedAt: number;
}

type Watched = Window & { witness: Witness };
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Watches each page of this profile from its first moment. */
export async function watchPages(profile: BrowserContext): Promise<void> {
  await profile.addInitScript(() => {
    const { POSITIVE_INFINITY: paintedAt } = Number;
    const seen: Witness = { violations: [], shifts: [], displayed: [], resizedAt: [], paintedAt };
    Object.assign(window, { witness: seen });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      seen.violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`),
    );
    addEventListener('cartbell:displayed', (event) =>
      seen.displayed.push((event as CustomEvent<{ kind: string }>).detail.kind),
    );
    new MutationObserver((_, watch) => {
      if (!document.querySelector('cart-bell')) return;
      seen.paintedAt = performance.now();
      watch.disconnect();
    }).observe(document, { childList: true, subtree: true });
    addEventListener('resize', () => seen.resizedAt.push(performance.now()));
    new PerformanceObserver((list) => {
      for (const { value, sources, startTime: at } of list.getEntries() as LayoutShift[]) {
        const nodes = sources.map(({ node }) => node?.nodeName).join(' ');
        seen.shifts.push({ what: `${value.toFixed(4)} by ${nodes}`, at });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** What a new size of the window moves is no shift; it may be told before the page hears of the size. */
const NEAR_RESIZE_MS = 500;

export async function seenBy(frame: Frame): Promise<Seen> {
  const seen = await frame.evaluate(() => (window as unknown as Watched).witness);
  const { violations, displayed, shifts, resizedAt, paintedAt } = seen;
  // Before anything of the widget's is on the page, what moves there is the shop's own. After a shopper's own presses, which the
  // browser leaves out, nothing must shift either.
  const isOurs = ({ at }: Shift) =>
    at >= paintedAt && resizedAt.every((resized) => Math.abs(at - resized) > NEAR_RESIZE_MS);
  return { violations, displayed, shifts: shifts.filter(isOurs).map(({ what }) => what) };
}
