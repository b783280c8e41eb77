type Push = (...entries: unknown[]) => unknown;
type Report = (name: string, params: unknown) => void;

const LOOK_AGAIN_MS = 3_000;

interface LayerPage {
  dataLayer?: unknown[];
}

/** What was pushed so far. */
export function dataLayer(): readonly unknown[] {
  const { dataLayer: layer } = window as LayerPage;
  return Array.isArray(layer) ? layer : [];
}

/**
 * Listens to GA4's data layer: what was pushed before, and what is pushed from now on. The shop's own call comes
 * first, with its arguments untouched and its result returned. Tag managers and shops replace `push`, or the whole
 * array; so it is looked at again when the page has loaded, and a little later.
 */
export function listenToDataLayer(
  report: Report,
  hear: (entry: object) => void = () => undefined,
): () => void {
  const page = window as LayerPage;
  /** Entries that were told, for when they are found again in the array or in a copy of it. */
  const told = new WeakSet<object>();
  let ours: Push | null = null;
  /** Pushes under way. */
  const passing: unknown[][] = [];
  let stopped = false;

  const tell = (entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return;
    told.add(entry);
    try {
      hear(entry);
      const event = readEntry(entry);
      if (event && !stopped) report(event.name, event.params);
    } catch (error) {
      console.debug('Cartbell:', error);
    }
  };
  const isTold = (entry: unknown) => typeof entry === 'object' && entry !== null && told.has(entry);
  const wrap = (layer: unknown[]): Push => {
    const push: Push = layer.push;
    return (...entries) => {
      // When others have wrapped our wrapper and we theirs, one push passes here more than once: the outermost tells.
      const isInner = passing.some((outer) => outer.length === entries.length && outer[0] === entries[0]);
      passing.push(entries);
      try {
        return push.apply(layer, entries);
      } finally {
        passing.pop();
        if (!isInner) for (const entry of entries) tell(entry);
      }
    };
  };
  const listen = () => {
    const layer = (page.dataLayer ??= []);
    if (!Array.isArray(layer)) return;
    for (const entry of layer) if (!isTold(entry)) tell(entry);
    if (layer.push === ours) return;
    ours = wrap(layer);
    layer.push = ours as typeof layer.push;
  };

  listen();
  const again = setTimeout(listen, LOOK_AGAIN_MS);
  window.addEventListener('load', listen, { once: true });
  return () => {
    stopped = true;
    clearTimeout(again);
    window.removeEventListener('load', listen);
  };
}

/** GTM's `{event, ecommerce}` or gtag's `arguments` of `('event', name, params)`. */
function readEntry(entry: unknown): { name: string; params: unknown } | null {
  if (typeof entry !== 'object' || entry === null) return null;
  if ('event' in entry && typeof entry.event === 'string') {
    const params = 'ecommerce' in entry && entry.ecommerce ? entry.ecommerce : entry;
    return { name: entry.event, params };
  }
  const [command, name, params] = Array.from(entry as ArrayLike<unknown>);
  return command === 'event' && typeof name === 'string' ? { name, params } : null;
}
