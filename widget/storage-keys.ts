/** Where the widget keeps things on the device: a handful of keys, one site's apart from another's. */
export function keysOf(site: string): {
  token: string;
  tab: string;
  rev: string;
  queues: string;
  cart: string;
} {
  const prefix = `cartbell:${site}:`;
  return {
    token: `${prefix}token`,
    tab: `${prefix}tab`,
    rev: `${prefix}rev`,
    queues: `${prefix}queue:`,
    cart: `${prefix}cart`,
  };
}
