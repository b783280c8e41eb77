type Push = (...entries: unknown[]) => unknown;
type Report = (name: string, params: unknown) => void;

const LOOK_AGAIN_MS = 3_000;

/**
 * Listens to GA4's data layer: what was pushed before, and what is pushed from now on. The shop's own call comes
 * first, with its arguments untouched and its result returned. Tag managers and shops replace `push`, or the whole
 * array; so it is looked at again when the page has loaded, and a little later.
 */
export function listenToDataLayer(report: Report): () => void {
  const page = window as Window & { dataLayer?: unknown[] };
  let heard: unknown[] | null = null;
  /** How many of its entries were told. */
  let told = 0;
  let ours: Push | null = null;
  let depth = 0;
  let stopped = false;

  const tell = (entry: unknown) => {
    try {
      const event = readEntry(entry);
      if (event && !stopped) report(event.name, event.params);
    } catch (error) {
      console.debug('Cartbell could not read a data layer entry.', error);
    }
  };
  const wrap = (layer: unknown[]): Push => {
    const push: Push = layer.push;
    return (...entries) => {
      // When others have wrapped our wrapper and we theirs, only the outermost tells.
      depth++;
      try {
        return push.apply(layer, entries);
      } finally {
        depth--;
        if (depth === 0) {
          for (const entry of entries) tell(entry);
          told = layer.length;
        }
      }
    };
  };
  const listen = () => {
    const layer = (page.dataLayer ??= []);
    if (layer !== heard) told = 0;
    heard = layer;
    for (const entry of layer.slice(Math.min(told, layer.length))) tell(entry);
    told = layer.length;
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
