import { whenLeft } from './when-left.ts';

/** Of every so many interactions the slowest is taken for an outlier, as web.dev has it. */
const OUTLIER_OF = 50;
/** Browsers tell of no interaction that is quicker; web.dev asks for the same. */
const LEAST_MS = 40;

interface Vitals {
  readonly lcp: number | undefined;
  readonly inp: number | undefined;
}

type Interaction = PerformanceEntry & { readonly interactionId?: number };

/**
 * How the page felt: its largest contentful paint and its interaction to next paint, once, when the shopper leaves it.
 * What happened before this was loaded is told by the browser in hindsight.
 */
export function senseWebVitals(tell: (vitals: Vitals) => void): () => void {
  const ending = new AbortController();
  const slow = new Map<number, number>();
  let lcp: number | undefined;
  // A page that was loaded out of sight is painted when somebody looks, however fast it is.
  const isInSight = document.visibilityState === 'visible';
  const observers = [
    observe({ type: 'largest-contentful-paint' }, ({ startTime }) => {
      if (isInSight) lcp = Math.round(startTime);
    }),
    observe({ type: 'event', durationThreshold: LEAST_MS }, ({ interactionId, duration }) => {
      // Each press and click of one interaction has an entry, and the longest counts.
      if (interactionId)
        slow.set(interactionId, Math.max(slow.get(interactionId) ?? 0, Math.round(duration)));
    }),
  ];
  const stop = () => {
    ending.abort();
    for (const observer of observers) observer?.disconnect();
  };
  whenLeft(ending.signal, () => {
    stop();
    const inp = [...slow.values()].toSorted((a, b) => b - a)[Math.floor(slow.size / OUTLIER_OF)];
    // What is undefined does not travel.
    if (lcp ?? inp) tell({ lcp, inp });
  });
  return stop;
}

function observe(what: { type: string; durationThreshold?: number }, note: (entry: Interaction) => void) {
  // A browser that does not know it would say so in the shop's console.
  if (!PerformanceObserver.supportedEntryTypes.includes(what.type)) return null;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer.observe({ ...what, buffered: true });
  return observer;
}
