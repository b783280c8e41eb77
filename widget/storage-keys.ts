export interface Keys {
  readonly prefix: string;
  readonly token: string;
  readonly tab: string;
  readonly rev: string;
  readonly queues: string;
  readonly inbox: string;
  readonly wishes: string;
  /** What the hub was told last of whether they may be sold to. */
  readonly consent: string;
  /** A mark of whom the shop said that the shopper is. */
  readonly name: string;
  /** What the platform's cart was when it was last told. */
  readonly cart: string;
}

/** Where the widget keeps things on the device: a handful of keys, one site's apart from another's. */
export function keysOf(site: string): Keys {
  const prefix = `cartbell:${site}:`;
  return {
    prefix,
    token: `${prefix}token`,
    tab: `${prefix}tab`,
    rev: `${prefix}rev`,
    queues: `${prefix}queue:`,
    inbox: `${prefix}inbox`,
    wishes: `${prefix}wishes`,
    consent: `${prefix}consent`,
    name: `${prefix}name`,
    cart: `${prefix}cart`,
  };
}
